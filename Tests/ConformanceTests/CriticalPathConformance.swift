import TestSupport
import Testing

/// Jaeger UI's critical paths, the same under the inclusive rule, and CRISP's where the definitions agree.
@Suite(
  "Conformance: critical path",
  .enabled(if: ConformanceCase.isPresent, "the collection is not beside the repository"))
struct CriticalPathConformance {
  @Test("strict, as Jaeger UI", arguments: ConformanceCase.family("critical-path"))
  func strict(_ test: ConformanceCase) throws {
    let run = try CommandRun(test)
    #expect(run.traces.flatMap(ContractPromises.broken) == [])
    for trace in test.expect["traces"].elements { compare(run, trace) }
  }

  @Test(
    "inclusive",
    arguments: ConformanceCase.family("critical-path").filter { $0.expected["expectInclusive"] != .null })
  func inclusive(_ test: ConformanceCase) throws {
    let run = try CommandRun(test, "commandInclusive")
    #expect(run.traces.flatMap(ContractPromises.broken) == [])
    for trace in test.expected["expectInclusive"]["traces"].elements { compare(run, trace) }
  }

  @Test("CRISP, within a microsecond a span", arguments: ConformanceCase.family("crisp"))
  func crisp(_ test: ConformanceCase) throws {
    let run = try CommandRun(test)
    #expect(run.traces.flatMap(ContractPromises.broken) == [])
    let root = test.expect["rootSpan"]
    let trace = run.traces.first { $0["spans"].elements.contains { $0["spanId"] == root } } ?? .null
    var left: [String: Int] = [:]
    for id in test.expect["criticalPathNano"].keys {
      left[id] = test.expect["criticalPathNano"][id].integer ?? 0
    }
    for section in trace["criticalPath"].elements {
      let length = (section["endUnixNano"].integer ?? 0) - (section["startUnixNano"].integer ?? 0)
      left[section["spanId"].text ?? "", default: 0] -= length
    }
    #expect(left.filter { $0.value.magnitude > 1_000 } == [:])
  }

  private func compare(_ run: CommandRun, _ expected: JSONValue) {
    let trace = run.traces.first { $0["traceId"] == expected["traceId"] } ?? .null
    #expect(sections(trace) == sections(expected), "trace \(expected["traceId"].text ?? "")")
  }

  /// Sections as texts, touching ones of a span joined.
  private func sections(_ trace: JSONValue) -> [String] {
    var joined: [(id: String, start: String, end: String)] = []
    for section in trace["criticalPath"].elements {
      let id = section["spanId"].text ?? ""
      let (start, end) = (section["startUnixNano"].text ?? "", section["endUnixNano"].text ?? "")
      if let last = joined.last, last.id == id, last.end == start {
        joined[joined.count - 1].end = end
      } else {
        joined.append((id, start, end))
      }
    }
    return joined.map { "\($0.id) \($0.start)-\($0.end)" }
  }
}
