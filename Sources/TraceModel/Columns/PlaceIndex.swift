/// Finds the places of things by hashes of them; those with equal hashes are asked one after the other.
///
///     slots   [ – | 2, hash | – | 0, hash | 1, hash | … ]     linear probing from the lower bits of the hash
///
/// Things are usually few and may be millions: where things go to temporary files, those to come are found by a `PlaceFile`.
///
/// - Complexity: O(1) where hashes differ, amortised.
package struct PlaceIndex: ~Copyable {
  private struct Slot: BitwiseCopyable {
    /// The place and 1; 0 for none.
    var number: UInt32
    var hash: UInt32
  }

  private static let leastSlots = 64

  private var slots = Column<Slot>()
  /// The number of places in slots.
  private var count = 0
  /// What finds the places that were added since things are in files.
  private var file: PlaceFile?

  package init() {}

  /// Bytes of memory or file that are taken.
  var byteCount: Int { slots.byteCapacity + (file?.byteCount ?? 0) }

  /// The place with a hash for which the closure holds.
  @inline(__always)
  package func find(_ hash: UInt64, where isWanted: (UInt32) -> Bool) -> UInt32? {
    if case .found(let place) = search(hash, where: isWanted) { place } else { nil }
  }

  /// The same; where there is none, what adds it with less work.
  @inline(__always)
  func search(_ hash: UInt64, where isWanted: (UInt32) -> Bool) -> PlaceFile.Outcome {
    let own = UInt32(truncatingIfNeeded: hash)
    if slots.count > 0 {
      let mask = slots.count &- 1
      var place = Int(own) & mask
      while slots[place].number > 0 {
        let slot = slots[place]
        if slot.hash == own, isWanted(slot.number &- 1) { return .found(slot.number &- 1) }
        place = (place &+ 1) & mask
      }
    }
    return file?.search(own, where: isWanted) ?? .absent(free: nil)
  }

  /// Adds a place, which must not be there.
  package mutating func add(_ place: UInt32, hash: UInt64) {
    add(place, hash: hash, at: file?.free(for: UInt32(truncatingIfNeeded: hash)))
  }

  /// Adds a place, which must not be there.
  ///
  /// - Parameter free: what the search for it has just come to.
  mutating func add(_ place: UInt32, hash: UInt64, at free: Int?) {
    if let file { return file.add(place, hash: UInt32(truncatingIfNeeded: hash), at: free) }
    if (count + 1) * 2 > slots.count { grow() }
    Self.put(Slot(number: place + 1, hash: UInt32(truncatingIfNeeded: hash)), into: &slots)
    count += 1
  }

  /// Puts what is to come into a temporary file.
  package mutating func moveToFile(in space: SpillSpace) {
    if file == nil { file = PlaceFile(in: space) }
  }

  private mutating func grow() {
    var larger = Column<Slot>(zeroes: max(slots.count * 2, Self.leastSlots))
    for place in 0..<slots.count where slots[place].number > 0 { Self.put(slots[place], into: &larger) }
    swap(&slots, &larger)
  }

  private static func put(_ slot: Slot, into slots: inout Column<Slot>) {
    let mask = slots.count &- 1
    var place = Int(slot.hash) & mask
    while slots[place].number > 0 { place = (place &+ 1) & mask }
    slots[place] = slot
  }
}
