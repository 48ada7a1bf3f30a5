import TestSupport
import Testing
import TraceModel

@testable import TraceAnalysis

/// Typical and slow requests from a digest are those of a naive reference that holds every request.
@Suite struct CohortTests {
  private struct Request {
    var length: Int64
    var parts: [String: Int64]

    var band: Int { DurationScale.coarse(DurationScale.bucket(length), by: DurationBandRow.scaleSteps) }
  }

  /// Requests of one entry point: `a` always, `b` now and then, both of any length.
  private static func drafts(_ random: inout SeededGenerator) -> [SpanDraft] {
    var drafts: [SpanDraft] = []
    for number in 1...Int.random(in: 40...600, using: &random) {
      let trace = TraceID(high: 9, low: UInt64(number))
      let start = 1_700_000_000_000_000_000 + Int64(number) * 1_000_000_000
      let first =
        Int64.random(in: 1...1_000, using: &random) * Int64.random(in: 1...1_000, using: &random) * 100
      let second = Bool.random(using: &random) ? Int64.random(in: 1...90_000_000, using: &random) : 0
      let lead: Int64 = 5_000
      let call = { (id: UInt64, from: Int64, to: Int64, service: String) in
        SpanDraft(id, parent: 1, from, to).with {
          $0.trace = trace
          $0.service = service
          $0.kind = .server
        }
      }
      drafts.append(
        SpanDraft(1, start, start + lead * 3 + first + second).with {
          $0.trace = trace
          $0.service = "gateway"
          $0.kind = .server
        })
      drafts.append(call(2, start + lead, start + lead + first, "a"))
      if second > 0 {
        let from = start + lead * 2 + first
        drafts.append(call(3, from, from + second, "b"))
      }
    }
    return drafts
  }

  private static func requests(_ walk: TraceWalk) -> [Request] {
    var requests: [Request] = []
    walk.assemble(traceIDs: walk.partitions.groups.joined().map(\.id)) { trace in
      var parts: [String: Int64] = [:]
      for span in trace.spans {
        parts[walk.store.symbols.text(span.service), default: 0] += span.criticalPathTime.rawValue
      }
      requests.append(Request(length: trace.rootDuration.rawValue, parts: parts))
    }
    return requests.sorted { $0.length < $1.length }
  }

  private static func mean(_ requests: [Request], _ service: String) -> Int64 {
    requests.reduce(0) { $0 + ($1.parts[service] ?? 0) } / Int64(max(requests.count, 1))
  }

  @Test("counts and means of both cohorts", arguments: 1...12 as ClosedRange<UInt64>)
  func reference(_ seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let walk = TraceWalk(SpanStore.of(Self.drafts(&random)), options: AssemblyOptions(), threads: 2)
    let entry = try #require(Digest(observing: walk).conclude().entryPoints.first)
    let all = Self.requests(walk)
    let band = { (part: Double) in all[max(Int((part * Double(all.count)).rounded(.up)), 1) - 1].band }
    let typical = all.filter { $0.band >= band(0.4) && $0.band <= band(0.6) }
    var slow = all.filter { $0.band >= band(0.99) }
    if slow.count < 20 { slow = all.filter { $0.band >= band(0.95) } }
    if let first = slow.first, first.band <= band(0.6) { slow = [] }
    #expect(entry.typical.count == typical.count)
    #expect(entry.slow.count == slow.count)
    guard !slow.isEmpty else { return }
    #expect(Set(entry.cohortRows.map(\.service)) == ["gateway", "a", "b"])
    for row in entry.cohortRows {
      #expect(abs(row.typical.rawValue - Self.mean(typical, row.service)) <= 1)
      #expect(abs(row.slow.rawValue - Self.mean(slow, row.service)) <= 1)
      let parts = row.moreOften.rawValue + row.slowerPerCall.rawValue
      #expect(abs(parts - (row.slow - row.typical).rawValue) <= 2)
    }
  }
}
