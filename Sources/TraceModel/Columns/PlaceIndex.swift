/// Finds the places of things by hashes of them; those with equal hashes are asked one after the other.
///
///     first   [ hash: place, … ]             the last that was added with a hash
///     next    [ – – 0 – 2 … ]                by place: the one before it with the same hash
///
/// - Complexity: O(1) where hashes differ.
struct PlaceIndex: ~Copyable {
  private static let none = UInt32.max

  private var first: [UInt64: UInt32] = [:]
  private var next = Column<UInt32>()

  init() {}

  /// The place with a hash for which the closure holds.
  func find(_ hash: UInt64, where isWanted: (UInt32) -> Bool) -> UInt32? {
    var place = first[hash] ?? Self.none
    while place != Self.none, !isWanted(place) { place = next[Int(place)] }
    return place == Self.none ? nil : place
  }

  /// Adds a place, which is larger than all so far.
  mutating func add(_ place: UInt32, hash: UInt64) {
    while next.count <= Int(place) { next.append(Self.none) }
    next[Int(place)] = first.updateValue(place, forKey: hash) ?? Self.none
  }
}
