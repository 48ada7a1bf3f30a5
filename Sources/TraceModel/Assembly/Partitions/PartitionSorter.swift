/// Brings the spans of each trace of a partition together, with memory that is kept from partition to partition.
///
/// Keys are spread evenly by a multiplication, so counting by their next bits nearly sorts them: one pass to count,
/// one to deal them out, then each bucket holds few traces, mostly one.
struct PartitionSorter: ~Copyable {
  private var dealt = Column<PartitionEntry>()
  private var ends = Column<Int>()

  /// Fewer entries than these are sorted by insertion.
  private static let few = 24

  /// Sorts by (key, high half); the first `skippingBits` bits of all keys are equal.
  ///
  /// - Complexity: O(n) for ids that are spread, O(n log n) for any.
  mutating func sort(_ entries: UnsafeMutableBufferPointer<PartitionEntry>, skippingBits: Int) {
    guard let base = entries.baseAddress, entries.count > 1 else { return }
    guard entries.count > Self.few else { return Self.sortBucket(entries) }
    var bits = 4
    while entries.count >> (bits + 2) > 0, bits < 12, bits + skippingBits < 60 { bits += 1 }
    ends.reset(to: 1 << bits, repeating: 0)
    dealt.reserveAtLeast(entries.count)
    deal(entries, shift: UInt64(64 - bits), skippingBits: UInt64(skippingBits))

    base.update(from: dealt.memory(for: entries.count), count: entries.count)
    var start = 0
    for bucket in 0..<1 << bits {
      let end = ends[bucket]
      if end - start > 1 { Self.sortBucket(UnsafeMutableBufferPointer(rebasing: entries[start..<end])) }
      start = end
    }
  }

  private mutating func deal(
    _ entries: UnsafeMutableBufferPointer<PartitionEntry>, shift: UInt64, skippingBits: UInt64
  ) {
    let ends = ends.mutableElements
    let target = dealt.memory(for: entries.count)
    for entry in entries { ends[Int(truncatingIfNeeded: (entry.key << skippingBits) >> shift)] &+= 1 }
    var next = 0
    for bucket in ends.indices {
      let count = ends[bucket]
      ends[bucket] = next
      next &+= count
    }
    for entry in entries {
      let bucket = Int(truncatingIfNeeded: (entry.key << skippingBits) >> shift)
      target[ends[bucket]] = entry
      ends[bucket] &+= 1
    }
  }

  private static func sortBucket(_ bucket: UnsafeMutableBufferPointer<PartitionEntry>) {
    let first = bucket[0]
    if bucket.allSatisfy({ $0.isOfSameTrace(as: first) }) { return }
    guard bucket.count <= few * 2 else {
      var bucket = bucket
      return bucket.sort(by: PartitionEntry.isOrdered)
    }
    for place in 1..<bucket.count {
      let entry = bucket[place]
      var hole = place
      while hole > 0, PartitionEntry.isOrdered(entry, bucket[hole &- 1]) {
        bucket[hole] = bucket[hole &- 1]
        hole &-= 1
      }
      bucket[hole] = entry
    }
  }
}
