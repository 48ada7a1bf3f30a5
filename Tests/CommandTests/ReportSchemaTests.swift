import TestSupport
import Testing

/// `report.json` against `docs/report.schema.json`. Every member must be described, so that the schema cannot fall behind.
@Suite("The schema of report.json", .enabled(if: CommandRunner.knows("report")))
struct ReportSchemaTests {
  private func faults(of report: JSONValue) throws -> [String] {
    let schema = JSONSchema(
      try JSONValue(parsing: try Files.read(Repository.path("docs/report.schema.json"))))
    return schema.faults(of: report, isClosed: true)
  }

  private func report(_ arguments: [String], in folder: TemporaryFolder) async throws -> JSONValue {
    let result = try await CommandRunner(in: folder.path).run(["report"] + arguments + ["-o", "site"])
    #expect(result.status == 0 || result.status == 3, "\(result.errorOutput)")
    return try JSONValue(parsing: try Files.read(folder.path("site/report.json")))
  }

  @Test("the recorded shop, with replayed policies")
  func shop() async throws {
    let site = try await SampleSite.shop.value
    #expect(try faults(of: site.report) == [])
  }

  @Test("with a baseline, logs and metrics")
  func everything() async throws {
    let folder = try TemporaryFolder()
    var before = SpanLines(traces: 300, seed: 1)
    try folder.write("before.jsonl", SpanLines.file(before.lines()))
    for index in before.spans.indices where before.spans[index].service == "payment" {
      before.spans[index].endUnixNano += 400_000_000
      before.spans[index].statusCode = index % 3 == 0 ? 2 : 0
    }
    try folder.write("after.jsonl", SpanLines.file(before.lines()))
    let trace = before.spans[0].traceID
    try folder.write("logs.jsonl", #"{"trace_id":"\#(trace)","message":"hello","level":"error"}"# + "\n")
    try folder.write(
      "metrics.txt", "# TYPE a counter\na_total 1 # {trace_id=\"\(trace)\"} 1\n# EOF\n")
    let report = try await report(
      ["after.jsonl", "--baseline", "before.jsonl", "--logs", "logs.jsonl", "--metrics", "metrics.txt"],
      in: folder)
    for part in ["comparison", "logs", "metrics"] { #expect(report[part] != .null, "\(part)") }
    #expect(report["comparison"]["services"].elements.isEmpty == false)
    #expect(try faults(of: report) == [])
  }

  @Test("archives that were sampled before, and findings about how")
  func sampledBefore() async throws {
    let folder = try TemporaryFolder()
    var lines = SpanLines(traces: 200, seed: 3)
    for index in lines.spans.indices { lines.spans[index].traceState = "ot=th:8" }
    try folder.write("half.jsonl", SpanLines.file(lines.lines()))
    let report = try await report(["half.jsonl", "--sampler", "consistent:0.1"], in: folder)
    #expect(report["sampling"]["arrived"]["schemes"].elements.isEmpty == false)
    #expect(try faults(of: report) == [])
  }

  @Test("every format of the samples", arguments: Files.names(in: Repository.path("samples/formats")))
  func formats(_ file: String) async throws {
    let report = try await report(
      [Repository.path("samples/formats/" + file), "--max-traces", "2"], in: try TemporaryFolder())
    #expect(try faults(of: report) == [])
  }

  @Test("nothing at all, and a damaged archive")
  func emptyAndDamaged() async throws {
    let folder = try TemporaryFolder()
    try folder.write("empty.jsonl", "")
    #expect(try faults(of: try await report(["empty.jsonl"], in: folder)) == [])
    let lines = SpanLines.file(SpanLines(traces: 5, seed: 2).lines())
    try folder.write("cut.jsonl", Array(lines.dropLast(30)))
    #expect(try faults(of: try await report(["cut.jsonl"], in: folder)) == [])
  }

  @Test("the schema of another version does not fit")
  func version() async throws {
    var members: [String: JSONValue] = [:]
    let site = try await SampleSite.shop.value
    for key in site.report.keys { members[key] = site.report[key] }
    members["schemaVersion"] = 2
    members["findings"] = .null
    #expect(
      try faults(of: .object(members)) == [
        "$.findings: null is not array", "$.schemaVersion: 2.0 is not 1.0",
      ])
  }
}
