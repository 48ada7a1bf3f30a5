/// All spans of a store, grouped by trace without moving a record.
///
///     entries   | partition 0            | partition 1     | …          24 bytes a span
///               | t t t u u v v v v      | w x x x x x     |            spans of one trace stand together
///     groups    | t u v –  –  –  –  –  – | w x –  –  –  –  | …          32 bytes a trace, with room for one a span
///
/// A partition is a range of keys, and a key is a bijection of the low 64 bits of the trace id, so the 64- and the
/// 128-bit form of one id meet. Partitions are what workers share out among them; how many there are changes no
/// output. The order of the spans within a group depends on how archives were dealt to readers: nothing may rely
/// on it.
///
/// - Complexity: O(spans) in two parallel passes, then a sort of each partition that is linear for ordinary ids.
package final class TracePartitions: @unchecked Sendable {
  /// The number of partitions.
  package let count: Int

  /// Reserved for as many spans as there are; written to from several threads.
  private var storage = Column<PartitionEntry>()
  private let entries: UnsafeMutablePointer<PartitionEntry>
  /// Room for a trace a span, of which only what is used takes memory. Those of a partition begin where its spans do.
  private var groupStorage = Column<TraceGroup>()
  private let groupEntries: UnsafeMutablePointer<TraceGroup>
  /// The number of traces of each partition.
  private var groupCounts: [Int] = []
  /// Where each partition begins among the entries, and where the last one ends.
  private var starts: [Int] = []
  private let bits: Int
  private let strictTraceID: Bool

  /// Groups the spans of a store.
  ///
  /// - Parameter partitionBits: 2 to this power is the number of partitions; nil chooses by the number of spans.
  package init(
    _ store: SpanStore, strictTraceID: Bool = false, threads: Int = 2, partitionBits: Int? = nil
  ) {
    bits = min(max(partitionBits ?? Self.bits(forSpans: store.spanCount), 0), 16)
    count = 1 << bits
    self.strictTraceID = strictTraceID
    let room = max(store.spanCount, 1)
    if let spill = store.spill {
      storage.moveToFile(in: spill)
      groupStorage.moveToFile(in: spill)
    }
    storage.reserve(room)
    entries = storage.memory(for: room)
    groupStorage.reserve(room)
    groupEntries = groupStorage.memory(for: room)
    scatter(store, threads: max(threads, 1))
    groupPartitions(threads: max(threads, 1))
  }

  /// After so many partitions what lies in temporary files leaves memory: some 80,000 spans, 20 MB.
  var countInMemory: Int { max(1, 80_000 * count / max(starts[count], 1)) }

  /// Lets go of what lies in temporary files, here and in the store whose spans these are.
  func leaveMemory(with store: SpanStore) {
    store.leaveMemory()
    leaveMemory()
  }

  private func leaveMemory() {
    storage.leaveMemory()
    groupStorage.leaveMemory()
  }

  /// The traces of each partition, by key; valid as long as the partitions.
  package var groups: LazyMapCollection<Range<Int>, UnsafeBufferPointer<TraceGroup>> {
    (0..<count).lazy.map { UnsafeBufferPointer(self.mutableGroups($0)) }
  }

  private func mutableGroups(_ partition: Int) -> UnsafeMutableBufferPointer<TraceGroup> {
    UnsafeMutableBufferPointer(start: groupEntries + starts[partition], count: groupCounts[partition])
  }

  /// The spans of a group; valid as long as the partitions.
  func entries(of group: TraceGroup, in partition: Int) -> UnsafeBufferPointer<PartitionEntry> {
    let start = starts[partition] + Int(group.start)
    precondition(start + Int(group.count) <= starts[partition + 1])
    return UnsafeBufferPointer(start: entries + start, count: Int(group.count))
  }

  /// The number of spans in a partition.
  package func spanCount(of partition: Int) -> Int { starts[partition + 1] - starts[partition] }

  /// The trace that is shown under an id, or that its 64-bit form was or would be joined to.
  ///
  /// - Complexity: O(log traces).
  package func find(_ id: TraceID) -> (partition: Int, group: TraceGroup)? {
    let key = PartitionEntry.key(ofLow: id.low)
    let partition = bits == 0 ? 0 : Int(key >> UInt64(64 - bits))
    let candidates = groups[partition]
    let first = candidates.partitionPoint { PartitionEntry.key(ofLow: $0.id.low) < key }
    let sameLow = candidates[first...].prefix { $0.id.low == id.low }
    if let exact = sameLow.first(where: { $0.id == id }) { return (partition, exact) }
    guard id.is64Bit, !strictTraceID, sameLow.count == 1, let only = sameLow.first else { return nil }
    return (partition, only)
  }

  /// Marks one trace of a partition as outside the window. One thread at a time may do so for a partition.
  func markOutside(_ place: Int, in partition: Int) { mutableGroups(partition)[place].isOutside = true }

  /// A partition of about 4,096 spans fits the cache of a core.
  private static func bits(forSpans spans: Int) -> Int {
    var bits = 0
    while spans >> (12 + bits) > 0, bits < 12 { bits += 1 }
    return bits
  }
}

// MARK: - Counting and scattering

extension TracePartitions {
  /// A stretch of rows of one table.
  private struct Chunk {
    var table: Int
    var rows: Range<Int>
  }

  private func scatter(_ store: SpanStore, threads: Int) {
    let largest = store.spill == nil ? Int.max : 1 << 17
    let chunks = Self.chunks(of: store, size: min(max(store.spanCount / (threads * 4), 1 << 14), largest))
    let partitions = count
    let shift = UInt64(64 - bits)
    let places = UnsafeMutablePointer<Int>.allocate(capacity: max(chunks.count * partitions, 1))
    places.initialize(repeating: 0, count: chunks.count * partitions)
    defer { places.deallocate() }
    nonisolated(unsafe) let counts = places
    nonisolated(unsafe) let target = entries

    ParallelLoop.run(chunks.count, threads: threads) { number in
      let counts = counts + number * partitions
      for record in Self.records(of: chunks[number], in: store) {
        counts[Self.partition(ofKey: PartitionEntry.key(ofLow: record.traceID.low), shift)] += 1
      }
      store.leaveMemory()
    }
    // Counts become places: partition by partition, and within one, chunk by chunk.
    var next = 0
    for partition in 0..<partitions {
      starts.append(next)
      for number in chunks.indices {
        let count = places[number * partitions + partition]
        places[number * partitions + partition] = next
        next += count
      }
    }
    starts.append(next)

    ParallelLoop.run(chunks.count, threads: threads) { number in
      let next = counts + number * partitions
      var row = chunks[number].rows.lowerBound
      for record in Self.records(of: chunks[number], in: store) {
        let key = PartitionEntry.key(ofLow: record.traceID.low)
        let partition = Self.partition(ofKey: key, shift)
        target[next[partition]] = PartitionEntry(
          key: key, high: record.traceID.high, place: SpanPlace(table: chunks[number].table, row: row))
        next[partition] += 1
        row &+= 1
      }
      leaveMemory(with: store)
    }
  }

  /// A shift by all 64 bits gives 0: one partition.
  @inline(__always)
  private static func partition(ofKey key: UInt64, _ shift: UInt64) -> Int {
    Int(truncatingIfNeeded: key >> shift)
  }

  private static func records(of chunk: Chunk, in store: SpanStore) -> UnsafeBufferPointer<SpanRecord> {
    store.shards[chunk.table].table.spans.elements(from: chunk.rows.lowerBound, count: chunk.rows.count)
  }

  private static func chunks(of store: SpanStore, size: Int) -> [Chunk] {
    var chunks: [Chunk] = []
    for table in store.shards.indices {
      let rows = store.shards[table].table.spans.count
      for start in stride(from: 0, to: rows, by: size) {
        chunks.append(Chunk(table: table, rows: start..<min(start + size, rows)))
      }
    }
    return chunks
  }
}

// MARK: - Grouping

extension TracePartitions {
  private func groupPartitions(threads: Int) {
    nonisolated(unsafe) let entries = entries
    nonisolated(unsafe) let groupEntries = groupEntries
    let (starts, bits, strictTraceID) = (starts, bits, strictTraceID)
    let counts = Slots<Int>(count: count)
    ParallelLoop.run(count, threads: threads, makeState: PartitionSorter.init) { sorter, partition in
      let range = starts[partition]..<starts[partition + 1]
      let slice = UnsafeMutableBufferPointer(start: entries + range.lowerBound, count: range.count)
      sorter.sort(slice, skippingBits: bits)
      let groups = TraceGrouping.groups(of: UnsafeBufferPointer(slice), strictTraceID: strictTraceID)
      // Every trace has a span, so they have room where the spans of the partition have theirs.
      precondition(groups.count <= range.count)
      (groupEntries + range.lowerBound).initialize(from: groups, count: groups.count)
      counts.set(partition, groups.count)
      // What is sorted here is a tenth of what a span takes elsewhere.
      if partition % (8 * countInMemory) == 0 { leaveMemory() }
    } finish: { _ in
    }
    groupCounts = counts.values
    leaveMemory()
  }
}
