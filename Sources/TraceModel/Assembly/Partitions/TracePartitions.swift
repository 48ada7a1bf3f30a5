/// All spans of a store, grouped by trace without moving a record.
///
///     groups    | t u v –  –  –  –  –  – | w x –  –  –  –  | …          32 bytes a trace, with room for one a span
///     places    | v v w t t u u t x v … |                              8 bytes a span, trace after trace
///     order     | v w t u x … |                                        16 bytes a trace
///     ordered   | v w t u x … |                                        32 bytes a trace, where groups are in a file
///     turns     |  0   |  1   | …                                      some 4,096 spans each
///
/// A partition is a range of keys, and a key is a bijection of the low 64 bits of the trace id, so the 64- and the
/// 128-bit form of one id meet. How many partitions there are changes no output.
///
/// Traces are walked in the order of time (`order`), since spans of about the same time stand together in every archive:
/// what one trace touches lies beside what the trace before it has touched, in all tables. Workers share the turns out
/// among them. Neither the order of traces nor that of the spans within one may be relied on: both depend on how archives
/// were dealt to readers.
///
/// - Complexity: O(spans) in parallel passes, then sorts of short stretches that are linear for ordinary ids.
package final class TracePartitions: @unchecked Sendable {
  /// The number of partitions.
  package let count: Int

  /// Room for a trace a span, of which only what is used takes memory. Those of a partition begin where its spans did.
  private var groupStorage = Column<TraceGroup>()
  let groupEntries: UnsafeMutablePointer<TraceGroup>
  /// The number of traces of each partition.
  private(set) var groupCounts: [Int] = []
  /// Where the groups of each partition begin, and where the room of the last one ends.
  private(set) var starts: [Int] = []
  /// 2 to this power is the number of partitions.
  let bits: Int
  private let strictTraceID: Bool

  /// Where the spans of each trace are.
  var places = Column<SpanPlace>()
  /// The numbers of groups, as `TraceOrderKey` has them.
  var order = Column<TraceOrderKey>()
  /// The groups in that order, where they are in a temporary file: each would touch a page of its own in the order of ids,
  /// around which the system maps 64 KB. Empty in memory.
  var ordered = Column<TraceGroup>()
  /// Stretches of `order`: pieces of work, neighbours one after another.
  private(set) var turns: [Range<Int>] = []

  /// Groups the spans of a store.
  ///
  /// - Parameter partitionBits: 2 to this power is the number of partitions; nil chooses by the number of spans.
  package init(
    _ store: SpanStore, strictTraceID: Bool = false, threads: Int = 2, partitionBits: Int? = nil
  ) {
    let threads = max(threads, 1)
    bits = min(max(partitionBits ?? Self.bits(forSpans: store.spanCount), 0), 16)
    count = 1 << bits
    self.strictTraceID = strictTraceID
    let room = max(store.spanCount, 1)
    if let spill = store.tableSpill {
      groupStorage.moveToFile(in: spill)
      places.moveToFile(in: spill)
      order.moveToFile(in: spill)
      ordered.moveToFile(in: spill)
    }
    groupStorage.reserve(room)
    groupEntries = groupStorage.memory(for: room)
    let scattered = ScatteredSpans(store, bits: bits, threads: threads)
    starts = scattered.starts
    group(scattered, threads: threads)
    markRefusals(of: store)
    turns = arrange(scattered, threads: threads)
  }

  /// After so many turns what lies in temporary files leaves memory: some 80,000 spans, 20 MB.
  var turnsInMemory: Int { max(1, 80_000 * turns.count / max(starts[count], 1)) }

  /// Lets go of what lies in temporary files, now and then while spans are grouped: after some 160,000 of them, 16 MB.
  func leaveMemory(with scattered: ScatteredSpans, at partition: Int) {
    if partition % partitionsInMemory == 0 { leaveMemory(with: scattered) }
  }

  private var partitionsInMemory: Int { max(1, 160_000 * count / max(starts[count], 1)) }

  /// Lets go of what lies in temporary files, here and of spans that are not grouped yet.
  func leaveMemory(with scattered: ScatteredSpans) {
    scattered.leaveMemory()
    leaveMemory()
  }

  /// Lets go of what lies in temporary files, here and in the store whose spans these are.
  func leaveMemory(with store: SpanStore) {
    store.leaveMemory()
    leaveMemory()
  }

  func leaveMemory() {
    groupStorage.leaveMemory()
    places.leaveMemory()
    order.leaveMemory()
    ordered.leaveMemory()
  }

  /// True when groups lie in a temporary file, and in the order of time, too.
  var hasOrderedGroups: Bool { ordered.isInFile }

  /// The traces of each partition, by key; valid as long as the partitions.
  package var groups: LazyMapCollection<Range<Int>, UnsafeBufferPointer<TraceGroup>> {
    (0..<count).lazy.map {
      UnsafeBufferPointer(start: self.groupEntries + self.starts[$0], count: self.groupCounts[$0])
    }
  }

  /// Shows all traces, partition by partition.
  func forEachGroup(_ body: (TraceGroup) -> Void) {
    for (partition, groups) in groups.enumerated() {
      for group in groups { body(group) }
      if partition % partitionsInMemory == 0 { leaveMemory() }
    }
    leaveMemory()
  }

  /// The numbers of the groups of a partition: their places among all that there is room for.
  func groupNumbers(of partition: Int) -> Range<Int> {
    starts[partition]..<starts[partition] + groupCounts[partition]
  }

  /// The trace at a place of the order.
  @inline(__always)
  func group(at place: Int) -> TraceGroup {
    ordered.count > 0 ? ordered[place] : groupEntries[order[place].group]
  }

  /// Where the spans of a group are; valid as long as the partitions.
  @inline(__always)
  func places(of group: TraceGroup) -> UnsafeBufferPointer<SpanPlace> {
    places.elements(from: group.start, count: Int(group.count))
  }

  /// The trace that is shown under an id, or that its 64-bit form was or would be joined to.
  ///
  /// - Complexity: O(log traces).
  package func find(_ id: TraceID) -> TraceGroup? {
    let sameLow = groupNumbers(ofLow: id.low)
    if let exact = groupNumber(of: id, among: sameLow) { return groupEntries[exact] }
    guard id.is64Bit, !strictTraceID, sameLow.count == 1 else { return nil }
    return sameLow.first.map { groupEntries[$0] }
  }

  /// The numbers of the groups whose ids end in the same digits.
  private func groupNumbers(ofLow low: UInt64) -> Range<Int> {
    let key = PartitionEntry.key(ofLow: low)
    let numbers = groupNumbers(of: bits == 0 ? 0 : Int(key >> UInt64(64 - bits)))
    let first = numbers.partitionPoint { PartitionEntry.key(ofLow: groupEntries[$0].id.low) < key }
    let end = numbers[first...].partitionPoint { groupEntries[$0].id.low == low }
    return first..<end
  }

  /// The number of the group that is shown under an id, among those whose ids end in the same digits.
  private func groupNumber(of id: TraceID, among numbers: Range<Int>) -> Int? {
    let number = numbers.partitionPoint { groupEntries[$0].id < id }
    return number < numbers.upperBound && groupEntries[number].id == id ? number : nil
  }

  /// Marks the traces that a refused span names, by either form of their ids.
  private func markRefusals(of store: SpanStore) {
    // Ids of 64 bits that fit very many traces, which need to be marked only once.
    var frequent: Set<UInt64> = []
    for shard in store.shards {
      for (place, id) in shard.table.refusedTraces.elements.enumerated() {
        if place % SpillSpace.scatteredRows == 0 { leaveMemory(with: store) }
        let sameLow = groupNumbers(ofLow: id.low)
        if strictTraceID || !id.is64Bit {
          if let number = groupNumber(of: id, among: sameLow) { groupEntries[number].hasRefusedSpans = true }
        } else if sameLow.count < 64 || frequent.insert(id.low).inserted {
          for number in sameLow { groupEntries[number].hasRefusedSpans = true }
        }
      }
    }
  }

  /// Marks the trace at a place of the order as outside the window. Each may be marked by one thread only.
  func markOutside(at place: Int) {
    groupEntries[order[place].group].isOutside = true
    if ordered.count > 0 { ordered[place].isOutside = true }
  }

  /// A partition of about 4,096 spans fits the cache of a core.
  private static func bits(forSpans spans: Int) -> Int {
    var bits = 0
    while spans >> (12 + bits) > 0, bits < 12 { bits += 1 }
    return bits
  }

  private func group(_ scattered: ScatteredSpans, threads: Int) {
    nonisolated(unsafe) let groupEntries = groupEntries
    let (starts, bits, strictTraceID) = (starts, bits, strictTraceID)
    let counts = Slots<Int>(count: count)
    ParallelLoop.run(count, threads: threads, makeState: PartitionSorter.init) { sorter, partition in
      let entries = scattered[partition]
      sorter.sort(entries, skippingBits: bits)
      let groups = TraceGrouping.groups(of: entries, strictTraceID: strictTraceID)
      // Every trace has a span, so they have room where the spans of the partition have theirs.
      precondition(groups.count <= entries.count)
      (groupEntries + starts[partition]).initialize(from: groups, count: groups.count)
      counts.set(partition, groups.count)
      // What is sorted here is a tenth of what a span takes elsewhere.
      leaveMemory(with: scattered, at: partition)
    } finish: { _ in
    }
    groupCounts = counts.values
    leaveMemory(with: scattered)
  }
}
