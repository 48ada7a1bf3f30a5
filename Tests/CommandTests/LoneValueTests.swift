import TestSupport
import Testing

/// Values that hardly ever come again are stored without being looked for. Which ones is chance, other in every run:
/// nothing may depend on it.
@Suite("Values that never come again", .enabled(if: CommandRunner.knows("report", "search", "simulate")))
struct LoneValueTests {
  private static let traces = 3_000

  /// One request as a line, with ids of its own in two attributes and in its path.
  private static func line(_ number: Int, reversed: Bool = false) -> String {
    let texts = [
      ("order.id", "order \(number)"), ("shop.basket", "basket \(number / 2)"),
      ("shop.name", "shop \(number % 7)"),
      ("url.full", "http://orders.example/orders/\(number)"),
    ]
    let attributes = texts.map { #"{"key":"\#($0.0)","value":{"stringValue":"\#($0.1)"}}"# }
    let start = 1_790_000_000_000_000_000 + number * 1_000_000
    let id = String(number + 1, radix: 16)
    let identity = String(repeating: "0", count: 16 - id.utf8.count) + id
    return
      #"{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"orders"}}]},"#
      + #""scopeSpans":[{"scope":{"name":"http"},"spans":[{"traceId":"\#(identity)\#(identity)","#
      + #""spanId":"\#(identity)","name":"GET /orders/{id}","kind":2,"startTimeUnixNano":"\#(start)","#
      + #""endTimeUnixNano":"\#(start + 900_000 + number % 50 * 10_000)","#
      + #""attributes":[\#((reversed ? attributes.reversed() : attributes).joined(separator: ","))],"#
      + #""status":{"code":\#(number % 100 == 0 ? 2 : 0)}}]}]}]}"#
  }

  /// All requests in one file; every third again in another, its attributes in the other order.
  private static func write(into folder: TemporaryFolder) throws {
    try folder.write("data/a.jsonl", SpanLines.file((0..<traces).map { line($0) }))
    try folder.write(
      "data/b.jsonl",
      SpanLines.file((0..<traces).filter { $0 % 3 == 0 }.map { line($0, reversed: true) }))
  }

  @Test("every byte of a report is the same, copies are known, and search over nights knows all values")
  func reports() async throws {
    let folder = try TemporaryFolder()
    try Self.write(into: folder)
    let runner = CommandRunner(in: folder.path)
    for (site, threads) in [("one", "1"), ("two", "2"), ("again", "2")] {
      let result = try await runner.run([
        "report", "data", "-o", "\(site)/night", "--history", site, "--threads", threads, "--max-traces", "8",
      ])
      #expect(result.status == 0, "\(result.errorOutput)")
    }
    let report = try JSONValue(parsing: Files.read(folder.path("one/night/report.json")))
    #expect(report["input"]["duplicateSpans"].number == Double(Self.traces / 3))
    let files = Files.tree(folder.path("one"))
    for site in ["two", "again"] {
      #expect(Files.tree(folder.path(site)) == files)
      for file in files {
        let same = try Files.read(folder.path("\(site)/\(file)")) == Files.read(folder.path("one/\(file)"))
        #expect(same, "\(site)/\(file)")
      }
    }
  }

  @Test("each is found by search, and by a policy")
  func conditions() async throws {
    let folder = try TemporaryFolder()
    try Self.write(into: folder)
    let runner = CommandRunner(in: folder.path)
    for number in [7, 1_500, Self.traces - 1] {
      let result = try await runner.run([
        "search", "data", "order.id=\"order \(number)\"", "--format", "json",
      ])
      #expect(result.status == 0, "\(result.errorOutput)")
      #expect(try JSONValue.lines(result.stdout).count == 1)
    }
    let policy = """
      tail_sampling:
        policies:
          - {name: some, type: string_attribute, string_attribute: {key: order.id, values: [order 7, order 1500, order 2999, no order]}}
      """
    try Files.write(Array(policy.utf8), to: folder.path("policy.yaml"))
    let result = try await runner.run(["simulate", "data", "--policy", "policy.yaml", "--format", "json"])
    #expect(result.status == 0, "\(result.errorOutput)")
    let simulated = try JSONValue(parsing: Array(result.output.utf8))["sampling"]
    #expect(simulated["policies"][0]["kept"]["traces"].number == 3)
  }
}
