import SpanArchive
import TestSupport
import Testing
import TraceModel

/// Archives that begin with something of no known format.
@Suite struct FormatSearchTests {
  private static let lines = SpanLines(traces: 12, seed: 11).lines()
  private static let rest = Reading(SpanLines.file(Array(lines.dropFirst())))
  private static let requests = ProtobufArchiveTests.requests

  /// Gzip members that end in a block that is none: behind nothing, behind a few bytes, behind very many.
  private static let damagedMembers: [[UInt8]] = [0, 9, 40_000].map { count in
    let length = [UInt8(count & 0xff), UInt8(count >> 8)]
    let stored = length + length.map { ~$0 } + [UInt8](repeating: 0x81, count: count)
    return [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0] + stored + [0xff]
  }

  @Test("a first gzip member that is damaged from its first byte on hides none of the others")
  func damagedMember() {
    let text = Self.lines.dropFirst().flatMap { Gzip.compress($0 + "\n") }
    // The second member begins inside a line, as where a stream is packed again and again.
    let broken = Gzip.compress("lost\":1}\n") + text
    let protobuf = Self.requests.flatMap { Gzip.compress(ProtobufText.lengthPrefixed($0)) }
    for member in Self.damagedMembers {
      for (bytes, good) in [
        (text, Self.rest), (broken, Self.rest), (protobuf, Reading(Self.requests.flatMap(\.self))),
      ] {
        let reading = Reading(member + bytes)
        #expect(reading.summary.error?.hasPrefix("gzip member at byte 0 is damaged") == true)
        #expect(reading.summary.diagnostics[.gzipDamaged].count == 1)
        #expect(reading.summary.format == good.summary.format)
        #expect(reading.lines == good.lines)
      }
    }
  }

  @Test("nor does a first zstd frame")
  func damagedFrame() {
    // A block of 9 bytes as they are, and one of the kind that is reserved (RFC 8878, section 3.1.1.2).
    let frame: [UInt8] =
      [0x28, 0xb5, 0x2f, 0xfd, 0, 0x50, 9 << 3, 0, 0] + [UInt8](repeating: 0x81, count: 9) + [7, 0, 0]
    let text = Reading(frame + Zstd.compress(SpanLines.file(Array(Self.lines.dropFirst()))))
    let protobuf = Reading(frame + Zstd.compress(Self.requests.flatMap(\.self)))
    for (reading, good) in [(text, Self.rest), (protobuf, Reading(Self.requests.flatMap(\.self)))] {
      #expect(reading.summary.error != nil)
      #expect(reading.summary.format == good.summary.format)
      #expect(reading.lines == good.lines)
    }
  }

  @Test("several damaged members, one behind the other, are all told")
  func damagedMembers() {
    let reading = Reading(Self.damagedMembers.flatMap(\.self) + Gzip.compress(SpanLines.file(Self.lines)))
    #expect(reading.summary.diagnostics[.gzipDamaged].count == 3)
    #expect(reading.summary.diagnostics[.unknownFormat].count == 2)
    #expect(reading.lines == Reading(SpanLines.file(Self.lines)).lines)
  }

  @Test(
    "what stands before the first line of a known format is told and passed over",
    arguments: [
      "z\(lines[0].dropFirst())\n", "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n", ")]}',\n",
      "\u{1}\u{2}\u{3}\n{\n}\n{\"a\":1}\n", String(repeating: "no line at all ", count: 100_000) + "\n",
    ])
  func otherLines(_ beginning: String) {
    let text = beginning + Self.lines.dropFirst().joined(separator: "\n")
    for bytes in [Array(text.utf8), Gzip.compress(text)] {
      let reading = Reading(bytes)
      #expect(reading.summary.diagnostics[.unknownFormat].count == 1)
      #expect(
        reading.summary.error?.hasPrefix("no span format recognised (starts with ") == true
          && reading.summary.error?.hasSuffix("bytes skipped") == true)
      #expect(reading.summary.format == "otlp-json")
      #expect(reading.lines == Self.rest.lines)
    }
  }

  @Test("a document behind other lines may be a list, and need not end its line")
  func otherDocuments() {
    let list = "[\n  " + Self.lines.dropFirst().joined(separator: ",") + "]"
    #expect(Reading("HTTP/2 200\n\n" + list).lines == Self.rest.lines)
  }

  @Test("text and bytes in which no known format begins stay unknown")
  func unknown() {
    for text in ["a,b\n1,2\n", "# Notes\n{\"a\":1}\n[1]\n", "\u{1}\n\n{", "x\n"] {
      let summary = Reading(text).summary
      #expect(summary.format == "unknown")
      #expect(summary.diagnostics[.unknownFormat].count == 1)
      #expect(summary.error?.hasSuffix(")") == true, "\(summary.error ?? "")")
    }
  }

  @Test("no more is looked at than a record may have")
  func limit() {
    var limits = ReadingLimits()
    limits.windowBytes = 1 << 12
    limits.streamedBytes = 1 << 14
    limits.recordBytes = 1 << 16
    let line = String(repeating: "x", count: 99) + "\n"
    for (count, isFound) in [(500, true), (1_000, false)] {
      let bytes = Array(String(repeating: line, count: count).utf8) + SpanLines.file(Self.lines)
      #expect((Reading(bytes, limits: limits).summary.spansRead > 0) == isFound)
    }
  }
}
