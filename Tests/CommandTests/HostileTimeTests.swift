import TestSupport
import Testing

/// Spans at the ends of 64 bits beside usual ones: every command reckons with them and none stops.
@Suite("Hostile times", .enabled(if: CommandRunner.knows("report", "compare", "incident")))
struct HostileTimeTests {
  private static let usual = 1_793_577_600_000_000_000
  private static let edges = [
    0, 1, 1 << 31, 1 << 53, 1 << 62, Int.max / 1_000 * 1_000, Int.max - 1, Int.max, usual, usual + 1,
  ]

  /// So many traces of up to twelve spans, of whose times a part lies at an edge.
  private static func archive(
    traces: Int, edged part: Double, using random: inout SeededGenerator
  ) -> [UInt8] {
    func moment() -> Int {
      let isEdge = Double.random(in: 0..<1, using: &random) < part
      return isEdge
        ? edges.randomElement(using: &random) ?? 0 : usual + Int.random(in: 0..<3_000_000_000, using: &random)
    }
    var lines: [String] = []
    for trace in 1...traces {
      let size = Int.random(in: 1...12, using: &random)
      for place in 0..<size {
        let start = moment()
        let isMoment = Bool.random(using: &random)
        let length = Int.random(in: 0..<10_000_000_000, using: &random)
        var span = SpanLines.Span(
          traceID: SpanLines.hex(7) + SpanLines.hex(UInt64(trace)),
          spanID: SpanLines.hex(UInt64(trace * 100 + place)),
          service: "service \(Int.random(in: 0..<5, using: &random))",
          name: "work \(Int.random(in: 0..<6, using: &random))", startUnixNano: start,
          endUnixNano: isMoment
            ? moment() : start.addingReportingOverflow(length).overflow ? Int.max : start + length)
        if place > 0 {
          span.parentSpanID = SpanLines.hex(UInt64(trace * 100 + Int.random(in: 0..<place, using: &random)))
        }
        if Int.random(in: 0..<3, using: &random) == 0 {
          span.statusCode = 2
          span.statusMessage = "bad"
        }
        lines.append(SpanLines.line([span]))
      }
    }
    return SpanLines.file(lines)
  }

  @Test("are reckoned with by every command", arguments: 1...4)
  func commands(_ seed: UInt64) async throws {
    var random = SeededGenerator(seed: seed)
    let folder = try TemporaryFolder()
    for (name, part) in [("before", 0.02), ("after", seed % 2 == 0 ? 0.3 : 0.9)] {
      try folder.write(name, Self.archive(traces: 150, edged: part, using: &random))
    }
    let runner = CommandRunner(in: folder.path)
    for command in [
      ["report", "before", "after", "-o", "site"], ["report", "after", "-o", "site-after"],
      ["compare", "after", "--baseline", "before", "-o", "compared"],
      ["incident", "after", "--trace", SpanLines.hex(7) + SpanLines.hex(1), "-o", "incident.html"],
      ["search", "after", ""], ["dependencies", "after"], ["digest", "after", "-o", "digest"],
      ["inspect", "after"],
    ] {
      let result = try await runner.run(command)
      #expect([0, 1, 3].contains(result.status), "\(command): \(result.errorOutput.prefix(300))")
    }
  }
}
