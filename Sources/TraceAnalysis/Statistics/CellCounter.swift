/// Counts by packed 64-bit keys, for the hot path: open addressing, no allocation per key.
///
/// One owner; not copied. The key of all ones is not allowed. The order of `forEach` depends on nothing but the
/// keys and how many there are, yet callers sort.
///
/// - Complexity: `add` is amortised O(1).
struct CellCounter: ~Copyable {
  private struct Cell: BitwiseCopyable {
    var key: UInt64
    var count: Int
  }

  private var cells: UnsafeMutablePointer<Cell>
  private var mask: Int
  private(set) var count = 0

  init() {
    mask = 255
    cells = .allocate(capacity: mask + 1)
    cells.initialize(repeating: Cell(key: .max, count: 0), count: mask + 1)
  }

  deinit { cells.deallocate() }

  /// Adds to the count of a key.
  @inline(__always)
  mutating func add(_ key: UInt64, _ amount: Int = 1) {
    var place = Int(truncatingIfNeeded: KeyIndex.scatter(key)) & mask
    while true {
      if cells[place].key == key {
        cells[place].count &+= amount
        return
      }
      if cells[place].key == .max { break }
      place = (place &+ 1) & mask
    }
    insert(key, amount, place)
  }

  @inline(never)
  private mutating func insert(_ key: UInt64, _ amount: Int, _ place: Int) {
    precondition(key != .max)
    cells[place] = Cell(key: key, count: amount)
    count += 1
    if count &* 2 > mask { grow() }
  }

  private mutating func grow() {
    let oldCells = cells
    let oldMask = mask
    mask = mask * 4 + 3
    cells = .allocate(capacity: mask + 1)
    cells.initialize(repeating: Cell(key: .max, count: 0), count: mask + 1)
    for old in 0...oldMask where oldCells[old].key != .max {
      var place = Int(truncatingIfNeeded: KeyIndex.scatter(oldCells[old].key)) & mask
      while cells[place].key != .max { place = (place + 1) & mask }
      cells[place] = oldCells[old]
    }
    oldCells.deallocate()
  }

  /// Every key with its count, by key.
  func sorted() -> [(key: UInt64, count: Int)] {
    var all: [(key: UInt64, count: Int)] = []
    all.reserveCapacity(count)
    for place in 0...mask where cells[place].key != .max {
      all.append((cells[place].key, cells[place].count))
    }
    all.sort { $0.key < $1.key }
    return all
  }

  /// Drops all counts.
  mutating func removeAll() {
    cells.update(repeating: Cell(key: .max, count: 0), count: mask + 1)
    count = 0
  }
}
