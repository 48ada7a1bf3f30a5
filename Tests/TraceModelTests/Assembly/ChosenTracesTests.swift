import TestSupport
import Testing
import TraceModel

@Suite("Chosen traces")
struct ChosenTracesTests {
  /// 30 traces of 10 spans each.
  private static let drafts: [SpanDraft] = (1...300).map { (number: UInt64) -> SpanDraft in
    let start = TraceBuilder.origin
    var draft = SpanDraft(number, parent: number > 30 ? number - 30 : 0, start + Int64(number), start + 1_000)
    draft.trace = TraceID(high: 3, low: number % 30 + 1)
    return draft
  }

  private static let wanted: [TraceID] = [7, 99, 3, 30, 12].map { TraceID(high: 3, low: $0) }

  @Test("are the same whether they are kept or put together anew, in the order in which they were chosen")
  func keptOrAnew() {
    let walk = TraceWalk(
      SpanStore.of(Self.drafts, readers: 2), options: AssemblyOptions(), threads: 2, largeTrace: 5)
    let kept = ChosenTraces(Self.wanted, of: walk)
    let anew = ChosenTraces(Self.wanted, of: walk, room: 39)
    // There is no trace 99.
    #expect(kept.ids.map(\.low) == [7, 3, 30, 12] && anew.ids == kept.ids)
    #expect(kept.spanCounts == [10, 10, 10, 10] && anew.spanCounts == kept.spanCounts)
    for place in 0..<kept.count {
      let spans = kept.withTrace(at: place) { $0.spans.map(\.record.spanID) }
      #expect(spans.count == 10)
      #expect(anew.withTrace(at: place) { $0.spans.map(\.record.spanID) } == spans)
      #expect(anew.withTrace(at: place) { $0.id } == kept.ids[place])
    }
  }

  @Test("large traces are walked one at a time, and each is seen once")
  func largeOnesAlone() {
    let walk = TraceWalk(
      SpanStore.of(Self.drafts, readers: 2), options: AssemblyOptions(), threads: 4, largeTrace: 9)
    let outcome = walk.walk {
      [TraceID: Int]()
    } body: { seen, trace in
      seen[trace.id, default: 0] += trace.spans.count
    }
    let seen = outcome.states.reduce(into: [:]) { $0.merge($1, uniquingKeysWith: +) }
    #expect(seen.count == 30 && seen.values.allSatisfy { $0 == 10 })
    #expect(outcome.totals.traces == 30 && outcome.totals.spans == 300)
    #expect(walk.largestTrace?.spans == 10)
    #expect(walk.volume(of: Self.wanted).spans == 40)
    #expect(walk.volume(of: [TraceID(high: 3, low: 99)]).spans == 0)
  }

  @Test("a trace that is left out takes no part")
  func leftOut() {
    let walk = TraceWalk(SpanStore.of(Self.drafts), options: AssemblyOptions(), threads: 1)
    walk.leaveOut(TraceID(high: 3, low: 7))
    #expect(walk.traceCount == 29 && !walk.contains(TraceID(high: 3, low: 7)))
    #expect(ChosenTraces(Self.wanted, of: walk).ids.map(\.low) == [3, 30, 12])
  }
}
