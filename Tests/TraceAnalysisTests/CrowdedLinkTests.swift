import TestSupport
import Testing
import TraceModel

@testable import TraceAnalysis

/// Links that are too many for memory are put together in temporary files.
@Suite("As many links as traces")
struct CrowdedLinkTests {
  /// Calls, failing ones among them, messages with and without consumers, peers, and links that come again.
  private static func drafts(traces: Int) -> [SpanDraft] {
    var random = SeededGenerator(seed: 11)
    return (0..<traces).flatMap { trace -> [SpanDraft] in
      let id = UInt64(trace * 10)
      let many = "service \(trace % (traces / 2))"
      let start = Int64(trace) * 1_000 + 1_000
      func draft(_ number: UInt64, _ parent: UInt64, _ kind: SpanKind, _ service: String) -> SpanDraft {
        SpanDraft(
          id + number, parent: parent == 0 ? 0 : id + parent, start, start + Int64(random.next() % 900)
        ).with {
          $0.trace = TraceID(high: 1, low: UInt64(trace + 1))
          $0.kind = kind
          $0.service = service
          $0.name = "n"
          $0.status = random.next() % 5 == 0 ? .error : .unset
        }
      }
      var drafts = [
        draft(1, 0, .server, "Front"), draft(2, 1, .client, "Front"), draft(3, 2, .server, many),
        draft(4, 3, .client, many), draft(5, 3, .producer, many), draft(6, 3, .client, many),
      ]
      drafts[3].attributes = [("peer.service", "peer \(trace % 700)")]
      drafts[4].attributes = [
        ("messaging.system", "kafka"), ("messaging.destination.name", "topic \(trace % 9)"),
      ]
      drafts[5].attributes = [("db.name", "store"), ("url.full", "http://host\(trace % 300).example/x")]
      if trace % 3 == 0 {
        drafts.append(draft(7, 0, .consumer, "Reader"))
        drafts[6].trace = TraceID(high: 2, low: UInt64(trace + 1_000_000))
        let target = trace % 2 == 0 ? UInt64(trace) : 5
        drafts[6].references = [(.link, TraceID(high: 1, low: target + 1), target * 10 + 5)]
      }
      return drafts
    }
  }

  private static func lines(_ store: SpanStore, _ rule: DependencyRule, threads: Int = 2) -> [String] {
    rule.links(of: TraceWalk(store, options: AssemblyOptions(), threads: threads)).map {
      "\($0.parent) → \($0.child) \($0.connectionType) \($0.callCount) \($0.errorCount) \($0.clientErrorCount)"
        + " \($0.latency.p50.rawValue) \($0.latency.p95.rawValue) \($0.latency.p99.rawValue)"
    }
  }

  @Test("links are the same wherever they are put in order", arguments: DependencyRule.allCases)
  func spilled(rule: DependencyRule) throws {
    let folder = try TemporaryFolder()
    let space = SpillSpace(folder: folder.path, budget: 1 << 10)
    let drafts = Self.drafts(traces: 1_200)
    let plain = Self.lines(.of(drafts), rule)
    #expect(plain.count >= 600)
    #expect(plain == Self.lines(.spilled(drafts, in: space), rule))
    #expect(
      plain == Self.lines(.of(drafts.reversed(), readers: 3), rule, threads: 1) || rule == .servicegraph)
    #expect(space.failure == nil)
  }

  @Test("calls and failures are those that a report counts, messages of all traces with them")
  func counts() throws {
    let walk = TraceWalk(SpanStore.of(Self.drafts(traces: 900)), options: AssemblyOptions(), threads: 2)
    var digest = Digest(observing: walk, deepens: false)
    digest.settle()
    let counted = digest.links.map {
      "\(digest.name($0.parent)) → \(digest.name($0.child)) \($0.type) \($0.latency.count) \($0.errors) \($0.clientErrors)"
    }
    let links = DependencyRule.tracebook.links(of: walk).map {
      "\($0.parent) → \($0.child) \($0.connectionType) \($0.callCount) \($0.errorCount) \($0.clientErrorCount)"
    }
    #expect(links == counted)
    #expect(links.contains { $0.contains("Reader messagingSystem") })
    #expect(links.contains { $0.contains("topic") })
  }
}
