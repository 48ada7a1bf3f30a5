import TestSupport
import Testing
import TraceModel

@testable import TraceAnalysis

/// One pod or version that is slower than its siblings, and those that only look so.
@Suite struct InstanceTests {
  private static let base: Int64 = 1_700_000_000_000_000_000
  private static let millisecond: Int64 = 1_000_000

  /// Requests dealt out to pods in turn; a pod's own time is given in milliseconds, a callee takes 50 more.
  private static func findings(_ pods: [(name: String, version: String, own: Int64)], requests: Int = 120)
    -> [Finding]
  {
    var random = SeededGenerator(seed: 11)
    var drafts: [SpanDraft] = []
    for number in 0..<requests {
      let pod = pods[number % pods.count]
      let start = base + Int64(number) * 1_000 * millisecond
      let own = pod.own * millisecond + Int64.random(in: 0..<millisecond, using: &random)
      let trace = TraceID(high: 7, low: UInt64(number + 1))
      drafts.append(
        SpanDraft(1, start, start + own + 50 * millisecond).with {
          $0.trace = trace
          $0.service = "payment"
          $0.kind = .server
          $0.resource = [("service.instance.id", pod.name), ("service.version", pod.version)]
        })
      drafts.append(
        SpanDraft(2, parent: 1, start + own / 2, start + own / 2 + 50 * millisecond).with {
          $0.trace = trace
          $0.service = "ledger"
          $0.kind = .server
        })
    }
    let walk = TraceWalk(SpanStore.of(drafts), options: AssemblyOptions(), threads: 2)
    return Digest(observing: walk).conclude().findings.filter { $0.kind.hasPrefix("slow-") }
  }

  @Test("a pod that takes twice as long for its own work is named, with a request of its own")
  func slowPod() throws {
    let findings = Self.findings([("a", "1", 20), ("b", "1", 21), ("c", "1", 45)])
    #expect(findings.map(\.kind) == ["slow-instance"])
    let finding = try #require(findings.first)
    #expect(finding.title == "payment is slower in instance c than in its siblings")
    #expect(finding.proof.first?.contains("40\u{a0}requests against 80") == true)
    let evidence = try #require(finding.evidence.first)
    #expect(evidence.traceID.low % 3 == 0)
  }

  @Test("a slow version is named once, not its pods one by one")
  func slowVersion() {
    let findings = Self.findings([("a", "1", 20), ("b", "2", 60), ("c", "1", 20), ("d", "2", 60)])
    #expect(findings.map(\.title) == ["payment is slower in version 2 than in its siblings"])
  }

  @Test("alike pods, few requests and small differences give no finding")
  func noFinding() {
    #expect(Self.findings([("a", "1", 20), ("b", "1", 20), ("c", "1", 21)]).isEmpty)
    #expect(Self.findings([("a", "1", 20), ("b", "1", 60)], requests: 30).isEmpty)
    #expect(Self.findings([("a", "1", 20), ("b", "1", 27)]).isEmpty)
    #expect(Self.findings([("a", "1", 20)]).isEmpty)
  }
}
