#if canImport(Glibc)
  import Glibc
#endif

/// Finds the places of things by hashes of them, in a temporary file; those with equal hashes are asked one after another.
///
///     buckets   | 7 2 – … | 1 – … | 4 9 5 – … | … |     one for each value of the upper bits of the hash
///
///     before    | 0 | 1 | 2 | 3 |                       growing splits buckets in two, from the last to the first
///     after     | 0 | 0 | 1 | 1 | 2 | 2 | 3 | 3 |
///
/// The file is read and written by calls of the system. Through a mapping, each place of a bucket, which is anywhere, would
/// bring 64 KB into memory. It has one writer; while nothing is added, any number of threads may look for places.
///
/// - Complexity: O(1), a call of the system to look for a place and one to add it; hashes must be evenly spread.
final class PlaceFile: @unchecked Sendable {
  private struct Slot: BitwiseCopyable {
    /// The place and 1; 0 for none.
    var number: UInt32
    var hash: UInt32
  }

  /// What a search came to.
  enum Outcome {
    case found(UInt32)
    /// Not there: the slot of the file where it belongs; nil when no file was looked at or its bucket is full.
    case absent(free: Int?)
  }

  private static let bucketSlots = 64
  private static let leastBits = 10
  /// The most buckets that are made, as a power of two; with evenly spread hashes they hold any number of places.
  private static let mostBits = 26
  /// So many buckets are split at a time, into a page: of longer writes the system makes pieces of its cache in which each
  /// later write costs more.
  private static let bucketsAtOnce = 4

  private let file: Int32
  private let space: SpillSpace
  /// There are two to the power of this many buckets.
  private var bits = leastBits
  /// The number of places.
  private(set) var count = 0

  /// Makes an empty one; nil when there is no room, which the space then tells.
  init?(in space: SpillSpace) {
    guard let file = space.makeFile() else { return nil }
    self.file = file
    self.space = space
    posix_fadvise(file, 0, 0, POSIX_FADV_RANDOM)
    guard extend(toBits: Self.leastBits) else { return nil }
  }

  deinit { close(file) }

  /// Bytes of the file.
  var byteCount: Int { Self.bytes(bits) }

  /// Looks for the place with a hash for which the closure holds.
  ///
  /// - Parameter isWanted: called for places with this hash.
  func search(_ hash: UInt32, where isWanted: (UInt32) -> Bool) -> Outcome {
    let first = bucket(of: hash) * Self.bucketSlots
    return withUnsafeTemporaryAllocation(of: Slot.self, capacity: Self.bucketSlots) { slots in
      guard read(into: slots, at: first) else { return .absent(free: nil) }
      for (offset, slot) in slots.enumerated() {
        if slot.number == 0 { return .absent(free: first + offset) }
        if slot.hash == hash, isWanted(slot.number - 1) { return .found(slot.number - 1) }
      }
      return .absent(free: nil)
    }
  }

  /// The slot of the file where a place that is not there belongs; nil when its bucket is full.
  func free(for hash: UInt32) -> Int? {
    if case .absent(let free) = search(hash, where: { _ in false }) { free } else { nil }
  }

  /// Adds a place, which must not be there.
  ///
  /// - Parameter free: where a search has just found that it belongs.
  func add(_ place: UInt32, hash: UInt32, at free: Int?) {
    var free = free
    while free == nil, space.failure == nil {
      // A bucket is full long before its time: hashes are not what they should be, and no growing would help.
      if count < (Self.bucketSlots << bits) / 16 { return space.note(ENOSPC) }
      grow()
      free = self.free(for: hash)
    }
    guard let free else { return }
    withUnsafeTemporaryAllocation(of: Slot.self, capacity: 1) { slot in
      slot.initialize(repeating: Slot(number: place + 1, hash: hash))
      write(slot, at: free)
    }
    count += 1
    if count > (Self.bucketSlots << bits) / 2 { grow() }
  }

  private func bucket(of hash: UInt32) -> Int { Int(hash >> UInt32(32 - bits)) }

  private static func bytes(_ bits: Int) -> Int { (bucketSlots << bits) * MemoryLayout<Slot>.stride }

  private func extend(toBits bits: Int) -> Bool {
    let error = posix_fallocate(file, 0, Self.bytes(bits))
    if error != 0 { space.note(error) }
    return error == 0
  }

  /// Splits each bucket into two that lie side by side: what is written never lies before what is still to be read.
  private func grow() {
    guard bits < Self.mostBits, extend(toBits: bits + 1) else { return space.note(ENOSPC) }
    let shift = UInt32(31 - bits)
    let most = Self.bucketsAtOnce * Self.bucketSlots
    withUnsafeTemporaryAllocation(of: Slot.self, capacity: most * 3) { memory in
      for first in stride(from: (Self.bucketSlots << bits) - most, through: 0, by: -most) {
        let old = UnsafeMutableBufferPointer(rebasing: memory[..<most])
        let new = UnsafeMutableBufferPointer(rebasing: memory[most...])
        guard read(into: old, at: first) else { return }
        new.initialize(repeating: Slot(number: 0, hash: 0))
        Self.split(old, into: new, byBit: shift)
        write(new, at: first * 2)
      }
    }
    bits += 1
  }

  /// Splits each of some buckets into two that lie side by side, by a bit of the hash.
  private static func split(
    _ old: UnsafeMutableBufferPointer<Slot>, into new: UnsafeMutableBufferPointer<Slot>, byBit bit: UInt32
  ) {
    for bucket in stride(from: 0, to: old.count, by: bucketSlots) {
      var ends = (bucket * 2, bucket * 2 + bucketSlots)
      for slot in old[bucket..<bucket + bucketSlots] where slot.number > 0 {
        if slot.hash >> bit & 1 == 0 {
          new[ends.0] = slot
          ends.0 += 1
        } else {
          new[ends.1] = slot
          ends.1 += 1
        }
      }
    }
  }

  /// Fills slots from the file; false when that fails, which the space then tells.
  private func read(into slots: UnsafeMutableBufferPointer<Slot>, at first: Int) -> Bool {
    transfer(UnsafeMutableRawBufferPointer(slots), at: first, by: pread)
  }

  private func write(_ slots: UnsafeMutableBufferPointer<Slot>, at first: Int) {
    _ = transfer(UnsafeMutableRawBufferPointer(slots), at: first) { pwrite($0, $1, $2, $3) }
  }

  /// Repeats a call until all bytes were moved.
  private func transfer(
    _ bytes: UnsafeMutableRawBufferPointer, at first: Int,
    by call: (Int32, UnsafeMutableRawPointer?, Int, off_t) -> Int
  ) -> Bool {
    var done = 0
    while done < bytes.count {
      let place = first * MemoryLayout<Slot>.stride + done
      let moved = call(file, bytes.baseAddress.map { $0 + done }, bytes.count - done, off_t(place))
      if moved < 0, errno == EINTR { continue }
      guard moved > 0 else {
        space.note(moved < 0 ? errno : EIO)
        return false
      }
      done += moved
    }
    return true
  }
}
