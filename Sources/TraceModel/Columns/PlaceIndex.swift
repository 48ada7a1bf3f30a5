/// Finds the places of things by hashes of them; those with equal hashes are asked one after the other.
///
///     slots   [ – | 2, hash | – | 0, hash | 1, hash | … ]     linear probing from the lower bits of the hash
///
/// Things are usually few and may be millions: slots go to a temporary file where things do, and growing reads and writes
/// them from one end to the other.
///
/// - Complexity: O(1) where hashes differ, amortised.
package struct PlaceIndex: ~Copyable {
  private struct Slot: BitwiseCopyable {
    /// The place and 1; 0 for none.
    var number: UInt32
    var hash: UInt32
  }

  private static let leastSlots = 64
  /// After so many slots, pages are let go of while growing.
  private static let slotsInMemory = 1 << 17

  private var slots = Column<Slot>()
  private var spill: SpillSpace?
  /// The number of places.
  private(set) var count = 0

  package init() {}

  /// Bytes of memory or file that are taken.
  var byteCount: Int { slots.byteCapacity }

  /// The place with a hash for which the closure holds.
  @inline(__always)
  package func find(_ hash: UInt64, where isWanted: (UInt32) -> Bool) -> UInt32? {
    guard slots.count > 0 else { return nil }
    let mask = slots.count &- 1
    let own = UInt32(truncatingIfNeeded: hash)
    var place = Int(own) & mask
    while slots[place].number > 0 {
      let slot = slots[place]
      if slot.hash == own, isWanted(slot.number &- 1) { return slot.number &- 1 }
      place = (place &+ 1) & mask
    }
    return nil
  }

  /// Adds a place, which must not be there.
  package mutating func add(_ place: UInt32, hash: UInt64) {
    if (count + 1) * 2 > slots.count { grow() }
    Self.put(Slot(number: place + 1, hash: UInt32(truncatingIfNeeded: hash)), into: &slots)
    count += 1
  }

  /// Puts the slots, and all to come, into a temporary file.
  package mutating func moveToFile(in space: SpillSpace) {
    guard spill == nil else { return }
    spill = space
    slots.moveToFile(in: space)
  }

  /// Lets go of the pages of all that is in files.
  package func leaveMemory() { slots.leaveMemory() }

  private mutating func grow() {
    var larger = Column<Slot>(zeroes: max(slots.count * 2, Self.leastSlots), in: spill)
    for place in 0..<slots.count {
      if slots[place].number > 0 { Self.put(slots[place], into: &larger) }
      if place & (Self.slotsInMemory - 1) == 0 {
        slots.leaveMemory()
        larger.leaveMemory()
      }
    }
    swap(&slots, &larger)
  }

  private static func put(_ slot: Slot, into slots: inout Column<Slot>) {
    let mask = slots.count &- 1
    var place = Int(slot.hash) & mask
    while slots[place].number > 0 { place = (place &+ 1) & mask }
    slots[place] = slot
  }
}
