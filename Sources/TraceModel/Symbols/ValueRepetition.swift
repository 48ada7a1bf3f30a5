/// Finds out of which keys the values hardly ever come again: such values are not worth looking for.
///
///     lot of a value   | 000 … |  one value in eight: always looked for, and counted as new or met before
///                      | … |      the others: looked for unless the values of the key are rare
///
/// Which values are counted depends on their texts alone (`TextHash.lot`). All occurrences of a counted value have been
/// looked for, so what is counted is true of all values of the key, whichever way the key was treated before.
struct ValueRepetition: ~Copyable {
  /// Keys with greater numbers are never asked about, so memory is bounded.
  private static let keys = 4_096
  /// So many counted values decide.
  private static let window: UInt8 = 128
  /// Values become rare when so many of a window are new, and stop being so when less than that are.
  private static let rare: UInt8 = 96
  private static let common: UInt8 = 64

  private struct Count: BitwiseCopyable {
    var seen: UInt8 = 0
    var new: UInt8 = 0
    var isRare = false
  }

  private var counts = Column<Count>()

  init() {
    for _ in 0..<Self.keys { counts.append(Count()) }
  }

  /// True when a value need not be looked for.
  @inline(__always)
  func isRare(_ key: Symbol, _ text: UnsafePointer<UInt8>, _ count: Int) -> Bool {
    key.index < Self.keys && counts[Int(key.index)].isRare && !Self.isCounted(text, count)
  }

  @inline(__always)
  private static func isCounted(_ text: UnsafePointer<UInt8>, _ count: Int) -> Bool {
    TextHash.lot(text, count) >> 29 == 0
  }

  /// Notes that a value was looked for, and whether it was new.
  @inline(__always)
  mutating func note(_ key: Symbol, _ text: UnsafePointer<UInt8>, _ count: Int, isNew: Bool) {
    if key.index < Self.keys, Self.isCounted(text, count) { self.count(key, isNew: isNew) }
  }

  @inline(never)
  private mutating func count(_ key: Symbol, isNew: Bool) {
    var count = counts[Int(key.index)]
    count.seen += 1
    if isNew { count.new += 1 }
    if count.seen == Self.window {
      let least = count.isRare ? Self.common : Self.rare
      count = Count(isRare: count.new >= least && AttributeKey.mayHaveLoneValues(key))
    }
    counts[Int(key.index)] = count
  }
}
