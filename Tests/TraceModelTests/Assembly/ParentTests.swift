import TestSupport
import Testing
import TraceModel

@Suite("Parents, roots and cycles")
struct ParentTests {
  @Test("children come by start, then by id, depth first")
  func order() {
    let trace = TraceBuilder(
      """
      root     |==========|
       late          |==|
        below         ||
       first    |==|
       second   |==|
      """
    ).assemble()
    #expect(trace.tree == ["root", " first", " second", " late", "  below"])
    #expect(trace.trace.depth == 3)
    #expect(trace.trace.isComplete)
  }

  @Test("a span whose parent is absent is a root of its own, after the true root")
  func orphan() {
    let trace = TraceBuilder(
      """
      orphan   |===|        parent=77
       below    |=|
      root        |=====|
      """
    ).assemble()
    #expect(trace.tree == ["orphan", " below", "root"])
    #expect(trace.name(trace.trace.primaryRoot) == "root")
    #expect(trace.warnings == ["multiple-roots", "parent-missing orphan"])
    #expect(trace.trace.warnings.last?.message == "parent 000000000000004d is not in the archives")
    #expect(!trace.trace.isComplete)
    #expect(trace.trace.hasTrueRoot)
  }

  @Test("a trace of orphans is named by the earliest, and counts in no latency table")
  func onlyOrphans() {
    let trace = TraceBuilder(
      """
      b     |===|   parent=77
      a   |===|     parent=78
      """
    ).assemble()
    #expect(trace.name(trace.trace.primaryRoot) == "a")
    #expect(!trace.trace.hasTrueRoot)
  }

  @Test("a span that names itself is a root with a warning")
  func selfParent() {
    let trace = TraceBuilder("me  |==|  parent=1").assemble()
    #expect(trace.tree == ["me"])
    #expect(trace.warnings == ["self-parent me"])
    #expect(trace.trace.isComplete)
  }

  @Test("two spans that name each other: the earlier becomes a root, and both stay")
  func pair() {
    let trace = TraceBuilder(
      """
      a     |==|   parent=2
      b   |==|     parent=1
      """
    ).assemble()
    #expect(trace.tree == ["b", " a"])
    #expect(trace.warnings == ["child-outside-parent a", "parent-cycle b"])
    #expect(!trace.trace.isComplete)
  }

  @Test("a cycle is cut at its earliest span, and what hangs on it comes along")
  func cycle() {
    let trace = TraceBuilder(
      """
      root      |===|
      a           |===|   parent=4
       tail          |
      b        |===|      parent=2
      c         |==|      id=4 parent=3
      """
    ).assemble()
    // tail is span 3 and named by c, so the cycle is a ▸ tail … c ▸ a; b hangs below a.
    #expect(Set(trace.tree.map { $0.filter { $0 != " " } }) == ["root", "a", "tail", "b", "c"])
    #expect(trace.trace.spans.count == 5)
    #expect(trace.warnings.filter { $0.hasPrefix("parent-cycle") }.count == 1)
  }

  @Test("CHILD_OF comes before FOLLOWS_FROM, a present span before an absent one")
  func references() {
    func parent(_ references: [(SpanLinkKind, TraceID, UInt64)]) -> UInt64 {
      let here = TraceID(high: 0, low: 0x7e57)
      var child = SpanDraft(9, 5, 6)
      child.traits = .references
      child.references = references.map { ($0.0, $0.1.isAbsent ? here : $0.1, $0.2) }
      let trace = AssembledTrace(SpanStore.of([SpanDraft(1, 1, 9), SpanDraft(2, 1, 9), child])).trace
      let span = trace.spans.first { $0.record.spanID.rawValue == 9 }
      return span.map { $0.parent < 0 ? 0 : trace.spans[Int($0.parent)].record.spanID.rawValue } ?? 99
    }
    let (here, other) = (TraceID.absent, TraceID(high: 0, low: 5))
    #expect(parent([(.followsFrom, here, 1), (.childOf, here, 2)]) == 2)
    #expect(parent([(.childOf, here, 70), (.followsFrom, here, 1)]) == 1)
    #expect(parent([(.followsFrom, here, 70), (.childOf, here, 71)]) == 0)
    #expect(parent([(.childOf, other, 1), (.followsFrom, here, 2)]) == 2)
    #expect(parent([(.childOf, other, 1)]) == 0)
    #expect(parent([(.link, here, 1)]) == 0)
  }

  @Test("the reference that became the parent is no link, the others are; an absent one is still named")
  func remainingLinks() throws {
    let here = TraceID(high: 0, low: 0x7e57)
    var child = SpanDraft(9, 5, 6)
    child.traits = .references
    child.references = [
      (.followsFrom, here, 2), (.childOf, here, 1), (.childOf, TraceID(high: 0, low: 8), 1),
    ]
    var orphan = SpanDraft(10, 5, 6)
    orphan.traits = .references
    orphan.references = [(.childOf, here, 70), (.followsFrom, here, 71)]
    let result = AssembledTrace(SpanStore.of([SpanDraft(1, 1, 9), SpanDraft(2, 1, 9), child, orphan]))
    func links(_ id: UInt64) throws -> [UInt64] {
      let span = try #require(result.trace.spans.first { $0.record.spanID.rawValue == id })
      return result.trace.links(of: span, in: result.store).map(\.spanID.rawValue)
    }
    #expect(try links(9) == [2, 1])
    #expect(try links(10) == [71])
    #expect(result.trace.spans.last { $0.traits.contains(.orphan) }?.record.parentSpanID == SpanID(70))
  }

  @Test("a trace that a quarantined record names is not complete")
  func quarantined() {
    let drafts = TraceBuilder("root  |==|").drafts
    func isComplete(_ refused: [TraceID]) -> Bool {
      AssembledTrace(SpanStore.of(drafts, refused: refused)).trace.isComplete
    }
    #expect(isComplete([]))
    #expect(isComplete([TraceID(high: 0, low: 1)]))
    #expect(!isComplete([TraceID(high: 0, low: 0x7e57)]))
  }

  @Test(
    "of many traces, those that refused records name by either form of their ids are not complete",
    arguments: 1...6 as ClosedRange<UInt64>)
  func manyQuarantined(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    // Few low halves: up to four traces end in the same digits; one low half has a hundred.
    let ids = (0..<900).map { number in
      TraceID(
        high: number < 100 ? UInt64(number) : UInt64.random(in: 0...3, using: &random),
        low: number < 100 ? 7 : UInt64.random(in: 100...400, using: &random) &* 0x9e37_79b9)
    }
    let drafts = Set(ids).sorted().enumerated().map { number, id in
      var draft = SpanDraft(UInt64(number + 1), 1_000 + Int64(number), 9_000)
      draft.trace = id
      return draft
    }
    var refused = (0..<60).map { _ in ids.randomElement(using: &random) ?? .absent }
    refused += refused.prefix(9).map { TraceID(high: 0, low: $0.low) } + [TraceID(high: 5, low: 12_345)]
    if seed % 2 == 0 { refused += [0, 2, 0].map { TraceID(high: $0, low: 7) } }
    let folder = try TemporaryFolder()
    let space = SpillSpace(folder: folder.path, budget: 4 << 10)
    for strict in [false, true] {
      var options = AssemblyOptions()
      options.strictTraceID = strict
      func complete(_ store: SpanStore) -> [TraceID: Bool] {
        let walk = TraceWalk(store, options: options, threads: 2, partitionBits: 3)
        let found = walk.walk {
          [(TraceID, Bool)]()
        } body: { found, trace in
          found.append((trace.id, trace.isComplete))
        }
        return Dictionary(uniqueKeysWithValues: found.states.flatMap(\.self))
      }
      var wanted = complete(SpanStore.of(drafts))
      for id in wanted.keys
      where refused.contains(id) || !strict && refused.contains(TraceID(high: 0, low: id.low)) {
        wanted[id] = false
      }
      #expect(wanted.values.contains(true) && wanted.values.contains(false))
      #expect(complete(SpanStore.of(drafts, refused: refused)) == wanted)
      #expect(complete(SpanStore.spilled(drafts, in: space, refused: refused)) == wanted)
    }
  }

  @Test("a failed span without failed children is a root cause")
  func rootCauses() {
    let trace = TraceBuilder(
      """
      gateway  |======|  error
       orders   |====|   error
        payment   |=|    error
        stock    |=|
      """
    ).assemble()
    let causes = trace.trace.spans.indices.filter { trace.trace.spans[$0].traits.contains(.rootCause) }
    #expect(causes.map(trace.name) == ["payment"])
  }
}
