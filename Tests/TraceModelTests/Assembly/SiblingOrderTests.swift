import TestSupport
import Testing
import TraceModel

@Suite("Order of siblings")
struct SiblingOrderTests {
  @Test("siblings stand by start, then id, however many there are and whatever order they were read in")
  func order() {
    var random = SeededGenerator(seed: 21)
    for count in [1, 2, 15, 16, 17, 31, 32, 33, 48, 49, 64, 65, 130, 1_000] {
      let children = (2..<count + 2).map { id in
        // Few different starts, so that ids decide often.
        SpanDraft(
          UInt64(id), parent: 1, TraceBuilder.origin + Int64.random(in: 1...20, using: &random),
          TraceBuilder.origin + 50)
      }
      let root = SpanDraft(1, TraceBuilder.origin, TraceBuilder.origin + 100)
      let drafts = ([root] + children).shuffled(using: &random)
      let found = AssembledTrace(SpanStore.of(drafts, readers: 2)).trace.spans.map(\.record.spanID.rawValue)
      let expected = children.sorted { ($0.start, $0.id) < ($1.start, $1.id) }.map(\.id)
      #expect(found == [1] + expected, "\(count)")
    }
  }
}
