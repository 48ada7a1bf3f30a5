import CMemory
import TraceModel

/// Numbers packed 64-bit keys 0, 1, 2, … in the order in which they are first met.
///
/// One owner; not copied. The key of all ones is not allowed.
///
/// - Complexity: `place` is amortised O(1).
struct KeyIndex: ~Copyable {
  private struct Slot: BitwiseCopyable {
    var key: UInt64
    var place: Int
  }

  private var slots: UnsafeMutablePointer<Slot>
  private var mask: Int
  /// The keys by their numbers.
  private(set) var keys = Column<UInt64>()

  init() {
    mask = 255
    slots = .allocate(capacity: mask + 1)
    slots.initialize(repeating: Slot(key: .max, place: 0), count: mask + 1)
  }

  deinit { slots.deallocate() }

  /// The number of keys.
  var count: Int { keys.count }

  /// The number of a key; a new key gets the next number.
  @inline(__always)
  mutating func place(of key: UInt64) -> Int {
    var slot = Int(truncatingIfNeeded: Self.scatter(key)) & mask
    while true {
      if slots[slot].key == key { return slots[slot].place }
      if slots[slot].key == .max { return insert(key, slot) }
      slot = (slot &+ 1) & mask
    }
  }

  /// Asks for where a key is looked for, without waiting for it.
  @inline(__always)
  func prefetch(_ key: UInt64) {
    tracebook_prefetch(slots + Int(truncatingIfNeeded: Self.scatter(key)) & mask)
  }

  /// The number of a key that was met before.
  func find(_ key: UInt64) -> Int? {
    var slot = Int(truncatingIfNeeded: Self.scatter(key)) & mask
    while slots[slot].key != .max {
      if slots[slot].key == key { return slots[slot].place }
      slot = (slot &+ 1) & mask
    }
    return nil
  }

  @inline(never)
  private mutating func insert(_ key: UInt64, _ slot: Int) -> Int {
    precondition(key != .max)
    let place = keys.count
    slots[slot] = Slot(key: key, place: place)
    keys.append(key)
    if keys.count &* 2 > mask { grow() }
    return place
  }

  private mutating func grow() {
    slots.deallocate()
    // Large ones grow in smaller steps, since what is empty takes memory, too.
    mask = mask < 1 << 15 ? mask * 4 + 3 : mask * 2 + 1
    slots = .allocate(capacity: mask + 1)
    slots.initialize(repeating: Slot(key: .max, place: 0), count: mask + 1)
    for place in 0..<keys.count {
      var slot = Int(truncatingIfNeeded: Self.scatter(keys[place])) & mask
      while slots[slot].key != .max { slot = (slot + 1) & mask }
      slots[slot] = Slot(key: keys[place], place: place)
    }
  }

  /// Spreads keys that differ in few bits over the whole range.
  @inline(__always)
  static func scatter(_ key: UInt64) -> UInt64 {
    let product = (key ^ 0xa076_1d64_78bd_642f).multipliedFullWidth(by: 0xe703_7ed1_a0b4_28db)
    return product.high ^ product.low
  }
}
