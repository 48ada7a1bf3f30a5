/// The spans of a store by partition, before they are grouped: what is thrown away once traces are known.
///
///     entries   | partition 0            | partition 1     | …          24 bytes a span
///               | t v u v t u w v t      | x w x x x       |            in the order of the store
///
/// - Complexity: O(spans), in two parallel passes.
final class ScatteredSpans: @unchecked Sendable {
  /// Where each partition begins among the entries, and where the last one ends.
  private(set) var starts: [Int] = []

  /// Reserved for as many spans as there are; written to from several threads.
  private var storage = Column<PartitionEntry>()
  private let entries: UnsafeMutablePointer<PartitionEntry>
  private let bits: Int

  /// Deals the spans of a store out to `2^bits` partitions.
  init(_ store: SpanStore, bits: Int, threads: Int) {
    self.bits = bits
    let room = max(store.spanCount, 1)
    if let spill = store.tableSpill {
      storage.moveToFile(in: spill)
    }
    storage.reserve(room)
    entries = storage.memory(for: room)
    scatter(store, threads: threads)
  }

  /// The entries of a partition. One thread at a time may change them.
  subscript(partition: Int) -> UnsafeMutableBufferPointer<PartitionEntry> {
    UnsafeMutableBufferPointer(
      start: entries + starts[partition], count: starts[partition + 1] - starts[partition])
  }

  /// Lets go of what lies in temporary files.
  func leaveMemory() { storage.leaveMemory() }

  /// A stretch of rows of one table.
  private struct Chunk {
    var table: Int
    var rows: Range<Int>
  }

  private func scatter(_ store: SpanStore, threads: Int) {
    let largest = store.isSpilled ? 1 << 16 : Int.max
    let chunks = Self.chunks(of: store, size: min(max(store.spanCount / (threads * 4), 1 << 14), largest))
    let partitions = 1 << bits
    let shift = UInt64(64 - bits)
    let slots = TimeSlots(store)
    let places = Column<Int>(zeroes: max(chunks.count, 1) * partitions)
    nonisolated(unsafe) let counts = places.memory(for: chunks.count * partitions)
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
        let count = counts[number * partitions + partition]
        counts[number * partitions + partition] = next
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
          record, key: key, place: SpanPlace(table: chunks[number].table, row: row),
          slot: slots.number(record.start))
        next[partition] += 1
        row &+= 1
      }
      store.leaveMemory()
      leaveMemory()
    }
    withExtendedLifetime(places) {}
  }

  /// A shift by all 64 bits gives 0: one partition.
  @inline(__always)
  private static func partition(ofKey key: UInt64, _ shift: UInt64) -> Int {
    Int(truncatingIfNeeded: key >> shift)
  }

  private static func records(of chunk: Chunk, in store: SpanStore) -> UnsafeBufferPointer<SpanRecord> {
    store.fetchSpans(chunk.rows, of: chunk.table)
    return store.shards[chunk.table].table.spans.elements(
      from: chunk.rows.lowerBound, count: chunk.rows.count)
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
