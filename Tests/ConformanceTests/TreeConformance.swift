import TestSupport
import Testing

/// Self times, parents, order and totals as Jaeger has them; shifts of Jaeger's backend and of Zipkin Lens.
@Suite(
  "Conformance: trees and times",
  .enabled(if: ConformanceCase.isPresent, "the collection is not beside the repository"))
struct TreeConformance {
  @Test("self times", arguments: ConformanceCase.family("self-time-statistics"))
  func selfTimes(_ test: ConformanceCase) throws {
    let run = try CommandRun(test)
    #expect(run.traces.flatMap(ContractPromises.broken) == [])
    for parent in test.expect["parents"].elements {
      let trace = run.traces.first { $0["traceId"] == parent["traceId"] } ?? .null
      let span = trace["spans"].elements.first { $0["spanId"] == parent["spanId"] } ?? .null
      #expect(span["selfTimeNano"] == parent["selfTimeNano"], "\(parent["name"].text ?? "")")
    }
    guard test.expect["selfTimes"] != .null else { return }
    func texts(_ spans: [JSONValue]) -> [String] {
      spans.map { "\($0["spanId"].text ?? "") \($0["selfTimeNano"].text ?? "")" }.sorted()
    }
    #expect(texts(run.spans) == texts(test.expect["selfTimes"].elements))
    #expect(run.traces.first?["durationNano"] == test.expect["durationNano"])
  }

  @Test("clock skew", arguments: ConformanceCase.family("clock-skew"))
  func clockSkew(_ test: ConformanceCase) throws {
    let run = try CommandRun(test)
    #expect(run.traces.flatMap(ContractPromises.broken) == [])
    let tolerance = test.expected["toleranceNano"].integer ?? 0
    for expected in test.expect["traces"].elements {
      let trace = run.traces.first { $0["traceId"] == expected["traceId"] } ?? .null
      let missing = SpanMatching.missing(
        expected["spans"].elements, among: trace["spans"].elements,
        exact: ["spanId", "shared", "kind"], times: ["startUnixNano", "endUnixNano", "adjustedByNano"],
        tolerance: tolerance)
      // Lens loses second roots, so there may be more spans than it has.
      #expect(missing == [])
    }
  }

  @Test("Jaeger's trees", arguments: ConformanceCase.family("jaeger-tree"))
  func jaegerTree(_ test: ConformanceCase) throws {
    let run = try CommandRun(test)
    #expect(run.traces.flatMap(ContractPromises.broken) == [])
    let expect = test.expect
    if let count = expect["spanCount"].integer { #expect(run.spans.count == count) }
    if expect["kept"] != .null {
      #expect(
        run.spans.compactMap { $0["spanId"].text }.sorted()
          == expect["kept"].elements.compactMap(\.text).sorted())
    }
    for key in ["spans", "shared"] where expect[key] != .null {
      let missing = SpanMatching.missing(
        expect[key].elements, among: run.spans,
        exact: ["spanId", "parentSpanId", "depth", "startUnixNano", "kind", "shared"], times: [], tolerance: 0
      )
      #expect(missing == [])
      #expect(run.spans.count == expect[key].elements.count)
    }
    for id in expect["parents"].keys {
      let span = run.spans.first { $0["spanId"].text == id } ?? .null
      #expect(span["parentSpanId"] == expect["parents"][id])
    }
    for key in expect["trace"].keys { #expect(run.traces.first?[key] == expect["trace"][key], "\(key)") }
    compareStatus(run, expect["status"])
  }

  private func compareStatus(_ run: CommandRun, _ expected: JSONValue) {
    func status(_ id: JSONValue) -> JSONValue { run.spans.first { $0["spanId"] == id }?["status"] ?? .null }
    for id in expected["ERROR"].elements { #expect(status(id) == "ERROR", "\(id)") }
    for id in expected["notERROR"].elements { #expect(status(id) != "ERROR", "\(id)") }
  }
}
