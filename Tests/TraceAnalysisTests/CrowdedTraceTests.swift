import TestSupport
import Testing
import TraceModel

@testable import TraceAnalysis

/// One trace that alone has more different things than figures have room for.
@Suite("A trace with too many things")
struct CrowdedTraceTests {
  /// What is different in each span.
  enum Crowd: String, CaseIterable, Sendable {
    case services, names, messages, peers
  }

  /// A root, and failed spans below it, each with a thing of its own.
  private static func drafts(_ crowd: Crowd, _ count: Int) -> [SpanDraft] {
    let start = TraceBuilder.origin
    func letters(_ number: Int) -> String {
      String(decoding: String(number).utf8.map { $0 + 0x31 }, as: UTF8.self)
    }
    return [SpanDraft(1, start, start + 10_000_000).with { $0.service = "shop" }]
      + (2...count).map { number in
        SpanDraft(UInt64(number), parent: 1, start + Int64(number), start + Int64(number) + 50).with {
          $0.service = crowd == .services ? "service \(number)" : "stock \(number % 7)"
          $0.name = crowd == .names ? "work \(number)" : "look up"
          $0.kind = .client
          $0.status = .error
          $0.attributes = [
            ("server.address", crowd == .peers ? "host \(letters(number))" : "db"),
            ("otel.status_description", crowd == .messages ? "no such \(letters(number))" : "no"),
          ]
        }
      }
  }

  private static let limit = 16 << 20

  @Test("is looked at only until that is certain, however its things multiply", arguments: Crowd.allCases)
  func stopsInTime(_ crowd: Crowd) {
    let store = SpanStore.of(Self.drafts(crowd, 20_000), readers: 1)
    let walk = TraceWalk(store, options: AssemblyOptions(), threads: 1)
    var observer = TraceObserver(store: store, sizeLimit: Self.limit)
    walk.assemble(traceIDs: [SpanDraft(1, 0, 0).trace]) { observer.observe($0) }
    let bytes = observer.rowBytes
    // What some thousand spans bring before somebody looks is on top; each failure reaching each service would be 60 GB.
    #expect(bytes < Self.limit * 2)
    let digest = observer.finish()
    #expect(digest.rowBytes <= bytes + digest.names.count * Digest.bytes(ofName: 32))
    if crowd == .names { #expect(digest.operations.count > 1_000) } else { #expect(bytes > Self.limit) }
  }

  @Test(
    "is summed up whole, its rarest things joined, by any number of readers and threads",
    arguments: Crowd.allCases)
  func isSummedUp(_ crowd: Crowd) {
    let drafts = Self.drafts(crowd, 6_000)
    let digest = Self.digest(drafts, readers: 1, threads: 1)
    #expect(digest.rowBytes <= 4 << 20)
    #expect(digest.operations.reduce(0) { $0 + $1.durations.count } == 6_000)
    #expect(digest.errorGroups.reduce(0) { $0 + $1.count } == 5_999)
    #expect(digest.encoded() == Self.digest(drafts.reversed(), readers: 3, threads: 2).encoded())
  }

  private static func digest(_ drafts: [SpanDraft], readers: Int, threads: Int) -> Digest {
    var totals = AssemblyTotals(archives: 0)
    let walk = TraceWalk(
      SpanStore.of(drafts, readers: readers), options: AssemblyOptions(), threads: threads, largeTrace: 100)
    return Digest(observing: walk, totals: &totals, deepens: false, sizeLimit: 4 << 20)
  }
}
