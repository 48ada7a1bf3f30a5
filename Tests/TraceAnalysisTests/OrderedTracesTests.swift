import TestSupport
import Testing
import TraceAnalysis
import TraceModel

@Suite("Traces in the order in which they are printed")
struct OrderedTracesTests {
  /// Traces of which many begin at the same time.
  private static let drafts: [SpanDraft] = {
    var random = SeededGenerator(seed: 3)
    return (0..<3_000).map { number in
      var draft = SpanDraft(UInt64(number + 1), Int64.random(in: 1_000...1_400, using: &random), 9_000)
      draft.trace = TraceID(
        high: UInt64(number % 3), low: UInt64.random(in: 1...(.max), using: &random))
      draft.service = number % 7 == 0 ? "rare" : "usual"
      return draft
    }
  }()

  @Test("they are ordered by start, then id, wherever they lie, whoever reads them, and only those wanted")
  func order() throws {
    let folder = try TemporaryFolder()
    let space = SpillSpace(folder: folder.path, budget: 16 << 10)
    let stores = [
      SpanStore.of(Self.drafts), SpanStore.of(Self.drafts, readers: 3),
      SpanStore.spilled(Self.drafts, readers: 2, in: space),
    ]
    let all = Self.drafts.map { (start: $0.start, id: $0.trace, service: $0.service) }.sorted {
      ($0.start, $0.id) < ($1.start, $1.id)
    }
    for store in stores {
      let walk = TraceWalk(store, options: AssemblyOptions(), threads: 3)
      #expect(OrderedTraces(walk).elementsEqual(all.map(\.id)))
      let rare = OrderedTraces(walk) { store.symbols.text($0.spans[0].service) == "rare" }
      #expect(rare.elementsEqual(all.filter { $0.service == "rare" }.map(\.id)))
      #expect(OrderedTraces(walk) { _ in false }.isEmpty)
    }
  }

  @Test("chosen ones come in the same order, each once, and without those that are not there")
  func chosen() {
    let walk = TraceWalk(SpanStore.of(Self.drafts), options: AssemblyOptions(), threads: 2)
    let all = Array(OrderedTraces(walk))
    let wanted = [all[2_000], TraceID(high: 9, low: 9), all[5], all[2_000], all[6]]
    #expect(OrderedTraces(wanted, in: walk).elementsEqual([all[5], all[6], all[2_000]]))
  }
}
