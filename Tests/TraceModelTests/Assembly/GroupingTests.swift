import TestSupport
import Testing

@testable import TraceModel

@Suite("Grouping into traces")
struct GroupingTests {
  private func groups(_ ids: [TraceID], strict: Bool = false) -> [TraceGroup] {
    let drafts = ids.enumerated().map { number, id in
      SpanDraft(UInt64(number + 1), 5, 6).with { $0.trace = id }
    }
    let partitions = TracePartitions(SpanStore.of(drafts), strictTraceID: strict)
    return Array(partitions.groups.joined()).sorted { $0.id < $1.id }
  }

  private let short = TraceID(high: 0, low: 9)
  private let long = TraceID(high: 1, low: 9)
  private let other = TraceID(high: 2, low: 9)

  @Test("a 64-bit id joins the only 128-bit id that ends alike, and is shown under it")
  func joined() {
    let found = groups([short, long, short])
    #expect(found.map(\.id) == [long])
    #expect(found.first?.count == 3)
    #expect(found.first?.wasJoined == true)
  }

  @Test("a 64-bit id that fits several stays a trace of its own")
  func ambiguous() {
    let found = groups([short, long, other])
    #expect(found.map(\.id) == [short, long, other])
    #expect(found.map(\.isAmbiguous) == [true, false, false])
  }

  @Test("strict: every id is a trace of its own, and none is ambiguous")
  func strict() {
    let found = groups([short, long], strict: true)
    #expect(found.map(\.id) == [short, long])
    #expect(found.allSatisfy { !$0.isAmbiguous && !$0.wasJoined })
  }

  @Test("a trace is found under either form of its id")
  func find() {
    let drafts = [SpanDraft(1, 5, 6).with { $0.trace = long }, SpanDraft(2, 5, 6).with { $0.trace.low = 3 }]
    let partitions = TracePartitions(SpanStore.of(drafts), partitionBits: 3)
    #expect(partitions.find(long)?.id == long)
    #expect(partitions.find(short)?.id == long)
    #expect(partitions.find(other) == nil)
    #expect(TracePartitions(SpanStore.of(drafts), strictTraceID: true).find(short) == nil)
  }

  @Test("whatever the number of partitions, every span is in one group")
  func partitions() {
    var random = SeededGenerator(seed: 5)
    let drafts = (0..<5_000).map { number in
      SpanDraft(UInt64(number + 1), 5, 6).with {
        $0.trace = TraceID(high: random.next() % 3, low: 1 + random.next() % 400)
      }
    }
    let store = SpanStore.of(drafts, readers: 3)
    let expected = Array(TracePartitions(store, partitionBits: 0).groups.joined()).map {
      "\($0.id) \($0.count)"
    }
    for bits in [1, 4, 9] {
      let found = Array(TracePartitions(store, threads: 2, partitionBits: bits).groups.joined())
      #expect(found.map { "\($0.id) \($0.count)" } == expected)
      #expect(found.reduce(0) { $0 + Int($1.count) } == drafts.count)
    }
  }

  /// The ids of all traces in the order in which one thread walks them.
  private func walked(_ drafts: [SpanDraft], readers: Int = 1) -> [UInt64] {
    let walk = TraceWalk(SpanStore.of(drafts, readers: readers), options: AssemblyOptions(), threads: 1)
    return walk.walk(makeState: { [UInt64]() }, body: { ids, trace in ids.append(trace.id.low) }).states
      .flatMap(\.self)
  }

  @Test("traces are walked in the order of time, whatever their ids and readers, those with wrong clocks too")
  func order() {
    var random = SeededGenerator(seed: 8)
    // A minute apart; each has two spans.
    let minute: Int64 = 60_000_000_000
    let traces = (0..<3_000).map { (id: random.next() | 1, start: TraceBuilder.origin + Int64($0) * minute) }
    var drafts = traces.enumerated().flatMap { number, trace in
      [trace.start + 5, trace.start].enumerated().map { place, start in
        SpanDraft(UInt64(number * 2 + place + 1), start, start + 9).with { $0.trace.low = trace.id }
      }
    }
    for (number, start) in [Int64.min, 0, .max].enumerated() {
      drafts.append(
        SpanDraft(UInt64(9_000 + number), start, start).with { $0.trace.low = UInt64(number + 2) * 2 })
    }
    for readers in [1, 3] {
      let found = walked(drafts.shuffled(using: &random), readers: readers)
      #expect(found.filter { $0 & 1 == 1 } == traces.map(\.id))
      #expect(found.count == 3_003)
    }
  }

  @Test("traces whose times tell nothing are walked in the order of the archive", arguments: [0, 1, 3])
  func withoutTimes(every: Int) {
    var random = SeededGenerator(seed: 9)
    let ids = (0..<2_000).map { _ in random.next() | 1 }
    // None has a time, all have, or each third one has none.
    let drafts = ids.enumerated().flatMap { number, id in
      (0..<2).map { place in
        let isUnknown = every == 0 || every == 3 && number % 3 == 0
        let start = isUnknown ? 0 : TraceBuilder.origin + (every == 1 ? 0 : Int64(number) * 1_000)
        return SpanDraft(UInt64(number * 2 + place + 1), start, start + 9).with { $0.trace.low = id }
      }
    }
    let without = ids.enumerated().filter { every != 3 || $0.offset % 3 == 0 }.map(\.element)
    let with = ids.enumerated().filter { every == 3 && $0.offset % 3 != 0 }.map(\.element)
    #expect(walked(drafts) == without + with)
  }

  @Test("a trace of thousands of spans comes first")
  func largeFirst() {
    var drafts = (1...300).map { number in
      SpanDraft(UInt64(number), TraceBuilder.origin + Int64(number), TraceBuilder.origin + 900).with {
        $0.trace.low = UInt64(number)
      }
    }
    for number in 1_000..<6_000 {
      drafts.append(
        SpanDraft(UInt64(number), TraceBuilder.origin + 700, TraceBuilder.origin + 900).with {
          $0.trace.low = 77_777
        })
    }
    let found = walked(drafts)
    #expect(found.first == 77_777)
    #expect(Set(found).count == 301 && found.count == 301)
  }

  @Test("a joined trace has one tree, and says so")
  func joinedTree() {
    let root = SpanDraft(1, TraceBuilder.origin, TraceBuilder.origin + 9).with { $0.trace = long }
    let child = SpanDraft(2, parent: 1, TraceBuilder.origin, TraceBuilder.origin + 3).with {
      $0.trace = short
    }
    let trace = AssembledTrace(SpanStore.of([root, child]))
    #expect(trace.trace.spans.count == 2)
    #expect(trace.trace.id == long)
    #expect(trace.warnings == ["trace-ids-joined"])
  }

  @Test("groups in a file are walked as those in memory, and marked in both orders")
  func ordered() throws {
    let drafts = (0..<3_000).map { (number: Int) -> SpanDraft in
      let start = Int64(number * 7_919 % 3_000) * 1_000 + 1
      var draft = SpanDraft(UInt64(number + 1), start, 10_000_000)
      let trace = UInt64(number % 1_000 + 1)
      draft.trace = TraceID(high: 0, low: trace &* 0x9e37_79b9_7f4a_7c15)
      return draft
    }
    let folder = try TemporaryFolder()
    let space = SpillSpace(folder: folder.path, budget: 1 << 10)
    let spilled = TracePartitions(.spilled(drafts, in: space), partitionBits: 4)
    let inMemory = TracePartitions(.of(drafts, readers: 2), partitionBits: 4)
    #expect(spilled.hasOrderedGroups && !inMemory.hasOrderedGroups)
    #expect(spilled.turns == inMemory.turns)
    let places = 0..<1_000
    #expect(places.map { spilled.group(at: $0).id } == places.map { inMemory.group(at: $0).id })
    #expect(places.map { spilled.group(at: $0).start } == places.map { inMemory.group(at: $0).start })
    spilled.markOutside(at: 7)
    #expect(spilled.group(at: 7).isOutside)
    #expect(spilled.find(spilled.group(at: 7).id)?.isOutside == true)
  }
}
