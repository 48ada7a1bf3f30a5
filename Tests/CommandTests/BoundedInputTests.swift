import TestSupport
import Testing

/// Small files that were made to fill memory or time: cut or refused, in little memory, with a sentence about it.
///
/// Gigabytes are unpacked, so it takes a minute or two: only with LARGE_TESTS=1.
@Suite(
  "Archives made to fill memory",
  .enabled(
    if: ProcessEnvironment.inherited["LARGE_TESTS"] == "1"
      && CommandRunner.knows("report", "inspect", "search"),
    "set LARGE_TESTS=1 to run it"))
struct BoundedInputTests {
  enum Bomb: String, CaseIterable, Sendable {
    /// 10 GB of blanks, of zeros, and of blanks packed twice.
    case blanks, zeros, nested
    /// One line of 2 GB between two good ones.
    case line
    /// A million levels.
    case deepJSON, deepProtobuf
    /// A span with a million attributes, and one with more than a record may hold.
    case attributes, tooManyAttributes
  }

  private static func good(_ id: Int) -> [UInt8] {
    Array(SpanLines.line([span(id)]).utf8) + [10]
  }

  private static func span(_ id: Int) -> SpanLines.Span {
    SpanLines.Span(
      traceID: SpanLines.hex(0) + SpanLines.hex(UInt64(id)), spanID: SpanLines.hex(UInt64(id)), service: "s",
      name: "n", startUnixNano: 1_793_577_600_000_000_000, endUnixNano: 1_793_577_600_000_000_900)
  }

  /// A member of 16 MB, so many times.
  private static func members(_ byte: UInt8, _ count: Int) -> [UInt8] {
    let member = Gzip.compress([UInt8](repeating: byte, count: 1 << 24), level: 9)
    return Array(repeatElement(member, count: count).joined())
  }

  private static func bytes(_ bomb: Bomb) -> [UInt8] {
    let opened = Array(
      "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"traceId\":\"9\",\"spanId\":\"9\",".utf8)
    let closed = Array("]}]}]}]}\n".utf8)
    switch bomb {
    case .blanks: return members(0x20, 640)
    case .zeros: return members(0, 640)
    case .nested: return Gzip.compress(members(0x20, 640), level: 9)
    case .line:
      var random = SeededGenerator(seed: 1)
      let piece = (0..<4_096).map { _ in UInt8.random(in: 97...122, using: &random) }
      let member = Gzip.compress(Array(repeatElement(piece, count: 4_096).joined()))
      return Gzip.compress(good(1)) + Gzip.compress(opened + Array("\"name\":\"".utf8))
        + Array(repeatElement(member, count: 128).joined()) + Gzip.compress([10] + good(2))
    case .deepJSON:
      return Gzip.compress(good(1) + [UInt8](repeating: 0x5b, count: 1_000_000) + [10] + good(2))
    case .deepProtobuf: return deepProtobuf()
    case .attributes, .tooManyAttributes:
      let count = bomb == .attributes ? 1_000_000 : 2_500_000
      let list = (0..<count).map { "{\"key\":\"k\($0)\",\"value\":{\"intValue\":\"1\"}}" }.joined(
        separator: ",")
      return Gzip.compress(
        good(1) + opened + Array("\"attributes\":[\(list)".utf8) + closed + good(2), level: 1)
    }
  }

  /// An attribute that is a list in a list, and so on, put together from the inside out.
  private static func deepProtobuf() -> [UInt8] {
    var reversed: [UInt8] = []
    for _ in 0..<1_000_000 {
      for tag: UInt8 in [0x0a, 0x2a] {
        reversed += ([tag] + ProtobufText.varint(UInt64(reversed.count))).reversed()
      }
    }
    func element(_ id: UInt8, _ extra: [UInt8]) -> [UInt8] {
      let ids =
        ProtobufText.field(1, [UInt8](repeating: id, count: 16))
        + ProtobufText.field(2, [UInt8](repeating: id, count: 8))
      return ProtobufText.field(1, ProtobufText.field(2, ProtobufText.field(2, ids + extra)))
    }
    let deep = ProtobufText.field(
      9, ProtobufText.field(1, [0x6b]) + ProtobufText.field(2, reversed.reversed()))
    return Gzip.compress(element(1, []) + element(2, deep) + element(3, []))
  }

  @Test(
    "is cut or refused with a sentence, in bounded memory, and what is around it is read",
    arguments: Bomb.allCases)
  func bounded(_ bomb: Bomb) async throws {
    let folder = try TemporaryFolder()
    let packed = Self.bytes(bomb)
    #expect(packed.count < 40 << 20)
    try folder.write("bomb", packed)
    let binary = try #require(CommandRunner.binary)
    for command in [["inspect", "bomb"], ["report", "bomb", "-o", "site"], ["search", "-", ""]] {
      // A gigabyte of addresses, of which threads and libraries take a part.
      var process = ChildProcess(
        "/bin/sh", ["-c", "ulimit -v 1048576; exec \"$0\" \"$@\"", binary] + command + ["--threads", "2"],
        in: folder.path)
      process.timeout = .seconds(300)
      if command.contains("-") { process.input = packed }
      let result = try await process.run()
      #expect(result.status == (bomb == .attributes ? 0 : 3), "\(command): \(result.errorOutput.prefix(300))")
      guard command[0] == "inspect" else { continue }
      let traces = [Bomb.blanks, .zeros, .nested].contains(bomb) ? 0 : bomb == .attributes ? 3 : 2
      #expect(try JSONValue.lines(result.stdout).count == traces)
      if bomb != .attributes { #expect(result.errorOutput.hasPrefix("tracebook: bomb: ")) }
    }
  }
}
