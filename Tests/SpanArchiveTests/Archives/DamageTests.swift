import SpanArchive
import TestSupport
import Testing
import TraceModel

/// Archives with bytes changed at random: nothing may stop the reader, and the accounting must close.
@Suite struct DamageTests {
  private static let files = CutTests.archives.map(\.name)

  /// A small piece of each sample, plain: the first lines, or as much of one document.
  private static func piece(_ file: String) throws -> [UInt8] {
    try #require(CutTests.archives.first { $0.name == file }?.bytes)
  }

  @Test("flipped bits in what is packed, and in the packed bytes, do no harm", arguments: files)
  func flips(_ file: String) throws {
    var random = SeededGenerator(seed: file.utf8.reduce(7) { $0 &* 31 &+ UInt64($1) })
    let plain = try Self.piece(file)
    let packed = file.hasSuffix(".gz") ? Gzip.compress(plain, members: 2) : plain
    for round in 0..<240 {
      var bytes = round % 3 == 0 ? packed : plain
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      }
      Self.check(bytes, "\(file), round \(round)")
    }
  }

  @Test("pieces that are cut out, doubled or moved do no harm", arguments: files)
  func pieces(_ file: String) throws {
    var random = SeededGenerator(seed: UInt64(file.utf8.count))
    let plain = try Self.piece(file)
    for round in 0..<60 {
      var bytes = plain
      let start = Int.random(in: 0..<bytes.count, using: &random)
      let end = Int.random(in: start...min(bytes.count, start + 500), using: &random)
      let piece = bytes[start..<end]
      switch round % 3 {
      case 0: bytes.removeSubrange(start..<end)
      case 1: bytes.insert(contentsOf: Array(piece), at: end)
      default: bytes += piece
      }
      Self.check(bytes, "\(file), round \(round)")
    }
  }

  private static func check(_ bytes: [UInt8], _ about: String) {
    let limits = FramingTests.smallest
    let store = ArchiveSet(inputs: [.bytes(bytes, path: "archive")], limits: limits).read(threads: 1)
    let summary = store.archives[0]
    #expect(summary.spansRead == store.spanCount + summary.spansQuarantined, "\(about)")
    // What was read must be fit to be put together.
    let walk = TraceWalk(store, options: AssemblyOptions(), threads: 1)
    let outcome = walk.walk(makeState: { 0 }) { count, trace in count += trace.spans.count }
    let spans = outcome.states.reduce(0, +)
    #expect(spans + outcome.totals.duplicateSpans + outcome.totals.fusedSpans == store.spanCount, "\(about)")
  }

  @Test("random bytes are no archive, and nothing worse")
  func noise() {
    var random = SeededGenerator(seed: 99)
    let starts: [[UInt8]] = [
      [], [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3], [0x28, 0xb5, 0x2f, 0xfd],
      [0, 0, 0, 40, 0x28, 0xb5, 0x2f, 0xfd],
      [0x0a, 0x20, 0x0a], [0, 0, 0, 60, 0x0a], Array("{\"resourceSpans\":[".utf8),
      Array("[{\"traceId\":\"".utf8),
      Array("{\"data\":[{\"traceID\":\"1\",\"spans\":[".utf8), [0x5b], [0x7b],
    ]
    for _ in 0..<600 {
      let start = starts.randomElement(using: &random) ?? []
      let count = Int.random(in: 0...300, using: &random)
      Self.check(start + (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }, "noise")
    }
  }

  @Test("a long line without an end takes no more memory than the limit, and what is around it is read")
  func endlessLine() {
    let lines = SpanLines(traces: 2, seed: 5).lines()
    var limits = ReadingLimits()
    limits.windowBytes = 1 << 12
    limits.streamedBytes = 1 << 14
    limits.recordBytes = 1 << 16
    for filler in ["x", "{\"a\":1},", "[", "\"\\\"", " ", "1,"] {
      let long =
        "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"traceId\":\"1\",\"spanId\":\"2\",\"name\":\""
        + String(repeating: filler, count: 400_000 / filler.utf8.count)
      let text = lines[0] + "\n" + long + "\n" + lines[1] + "\n"
      let reading = Reading(text, limits: limits)
      #expect(reading.summary.error != nil)
      #expect(reading.lines == Reading(lines[0] + "\n" + lines[1]).lines, "\(filler)")
    }
  }

  @Test("a span with very many attributes, events and links is read")
  func manyAttributes() throws {
    let attributes = (0..<60_000).map { "{\"key\":\"k\($0)\",\"value\":{\"intValue\":\"\($0)\"}}" }.joined(
      separator: ",")
    let events = (0..<20_000).map { "{\"timeUnixNano\":\"\($0)\",\"name\":\"e\"}" }.joined(separator: ",")
    let text =
      "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"traceId\":\"1\",\"spanId\":\"2\",\"attributes\":[\(attributes)],"
      + "\"events\":[\(events)]}]}]}]}"
    let store = ArchiveSet(inputs: [.bytes(Array(text.utf8), path: "archive")]).read(threads: 1)
    #expect(store.archives[0].error == nil)
    let span = try #require(store.shards[0].table.spans.elements.first)
    #expect(span.attributeCount == 60_000)
    #expect(store.events(of: span).count == 20_000)
  }
}
