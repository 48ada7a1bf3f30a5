import SpanArchive
import TestSupport
import Testing
import TraceModel

/// Gzip streams, read through the whole reader.
@Suite struct GzipTests {
  private static let lines = SpanLines(traces: 12, seed: 11)
  private static let plain = SpanLines.file(lines.lines())
  private static let whole = Reading(plain)

  @Test("members may end anywhere, inside a line or a character")
  func members() {
    for count in [1, 2, 3, 17, 200] {
      let reading = Reading(Gzip.compress(Self.plain, members: count))
      #expect(reading.summary.error == nil)
      #expect(reading.summary.compression == "gzip")
      #expect(reading.lines == Self.whole.lines)
    }
  }

  @Test("padding behind the last member is nothing, other bytes are remarked on")
  func trailing() {
    let padded = Reading(Gzip.compress(Self.plain) + [UInt8](repeating: 0, count: 1_000))
    #expect(padded.summary.error == nil && padded.summary.diagnostics.isEmpty)
    #expect(padded.lines == Self.whole.lines)
    let trailed = Reading(Gzip.compress(Self.plain) + Array("signature".utf8))
    #expect(trailed.summary.error == nil)
    #expect(trailed.summary.diagnostics[.gzipTrailingData].count == 1)
    #expect(trailed.lines == Self.whole.lines)
  }

  @Test("an empty member is an empty archive")
  func empty() {
    for bytes in [[], Gzip.compress([]), Gzip.compress([]) + Gzip.compress("\n\n")] {
      let reading = Reading(bytes)
      #expect(reading.summary.error == nil)
      #expect(reading.summary.format == "empty")
    }
  }

  @Test("gzip inside gzip is unwrapped, three times over is refused")
  func nested() {
    let twice = Gzip.compress(Gzip.compress(Self.plain))
    #expect(Reading(twice).lines == Self.whole.lines)
    let thrice = Reading(Gzip.compress(twice))
    #expect(thrice.summary.diagnostics[.unsupportedFormat].count == 1)
  }

  @Test("a wrong checksum is damage, and what was inflated stays")
  func checksum() {
    var bytes = Gzip.compress(Self.plain, members: 3)
    let second = Gzip.compress(Array(Self.plain[..<((Self.plain.count + 2) / 3)])).count
    bytes[second - 8] ^= 0xff
    let reading = Reading(bytes)
    #expect(reading.summary.diagnostics[.gzipDamaged].count == 1)
    #expect(reading.summary.error != nil)
    #expect(reading.lines == Self.whole.lines)
  }

  @Test("behind a damaged member the next one is found")
  func resynchronised() throws {
    let lines = Self.lines.lines()
    let members = lines.map { Gzip.compress($0 + "\n") }
    var damaged = members
    for place in 20..<30 where place < damaged[1].count { damaged[1][place] = 0xff }
    let reading = Reading(damaged.flatMap(\.self))
    #expect(reading.summary.diagnostics[.gzipDamaged].count >= 1)
    let good = Reading(SpanLines.file(lines.enumerated().filter { $0.offset != 1 }.map(\.element)))
    #expect(reading.summary.spansRead == good.summary.spansRead)
    #expect(reading.lines == good.lines)
  }

  @Test("a stream cut anywhere keeps the spans before the cut")
  func cuts() throws {
    let lines = Array(Self.lines.lines().prefix(4))
    let members = lines.map { Gzip.compress($0 + "\n") }
    let bytes = members.flatMap(\.self)
    var wanted: [Int] = [0]
    for line in lines { wanted.append((wanted.last ?? 0) + Reading(line).summary.spansRead) }
    for count in 0..<bytes.count {
      let summary = Reading.summary(Array(bytes[..<count]))
      var whole = 0
      var rest = count
      while whole < members.count, rest >= members[whole].count {
        rest -= members[whole].count
        whole += 1
      }
      #expect(summary.spansRead >= wanted[whole], "cut at \(count)")
      #expect(
        (summary.error == nil) == (rest == 0), "cut at \(count): \(summary.error ?? "")")
    }
  }

  @Test("a bomb inside a bomb is measured by the file, not by what came out of it")
  func nestedBomb() {
    var limits = ReadingLimits()
    limits.inflationRatio = 100
    limits.inflationFloor = 1 << 20
    // Packs to less than a hundredth each time: ten thousand times in all.
    var random = SeededGenerator(seed: 1)
    let piece =
      Array("{\"a\":\"".utf8) + (0..<4_090).map { _ in UInt8.random(in: 97...122, using: &random) }
    let line = Gzip.compress(Array(repeatElement(piece, count: 1_024).joined()))
    let members = Array(repeatElement(line, count: 16).joined())
    for bytes in [Gzip.compress(members), Zstd.compress(members)] {
      let summary = Reading.summary(bytes, limits: limits)
      #expect(summary.diagnostics[.recordTooLarge].count >= 1)
      #expect(summary.inflatedBytes < 16 << 20)
    }
  }

  @Test("a bomb is cut, and says so")
  func bomb() {
    var limits = ReadingLimits()
    limits.inflationRatio = 100
    limits.inflationFloor = 1 << 20
    let blanks = [UInt8](repeating: 0x20, count: 8 << 20)
    let reading = Reading(Gzip.compress(Self.plain + blanks), limits: limits)
    #expect(reading.summary.diagnostics[.recordTooLarge].count == 1)
    #expect(reading.summary.inflatedBytes < 4 << 20)
    #expect(reading.lines == Self.whole.lines)
  }
}
