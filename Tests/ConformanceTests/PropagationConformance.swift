import TestSupport
import Testing
import TraceModel

/// Trace parents and trace states as the W3C's own tests have them, and the counts that thresholds stand for.
@Suite(
  "Conformance: propagation",
  .enabled(if: ConformanceCase.isPresent, "the collection is not beside the repository"))
struct PropagationConformance {
  private static func cases(_ key: String) -> [ConformanceCase] {
    (ConformanceCase.family("w3c") + ConformanceCase.family("sampling-vectors")).filter {
      $0.expect[key] != .null
    }
  }

  @Test("trace parents", arguments: cases("vectors"))
  func traceParents(_ test: ConformanceCase) throws {
    for row in test.expect["vectors"].elements {
      let header = row["traceparent"].text ?? ""
      let id = TraceParent(header)?.traceID ?? TraceID(hex: header)
      #expect((id != nil) == row["valid"].isTrue, "\(header)")
      if row["valid"].isTrue { #expect(id?.description == row["traceId"].text) }
    }
  }

  @Test("adjusted counts", arguments: cases("adjustedCounts"))
  func adjustedCounts(_ test: ConformanceCase) throws {
    let run = try CommandRun(test)
    #expect(run.traces.flatMap(ContractPromises.broken) == [])
    for row in test.expect["adjustedCounts"].elements where row["scored"] != false {
      let trace = run.traces.first { $0["traceId"] == row["traceId"] } ?? .null
      let count = trace["spans"][0]["adjustedCount"]
      if let wanted = row["adjustedCount"].number {
        let found = count.number ?? 0
        #expect((found - wanted).magnitude <= wanted * 1e-12, "\(row)")
      } else {
        #expect(count == .null, "\(row)")
      }
    }
  }
}
