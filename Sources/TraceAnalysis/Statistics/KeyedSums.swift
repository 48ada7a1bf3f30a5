import TraceModel

/// Figures by packed 64-bit keys, for the hot path.
///
/// One owner; not copied. The key of all ones is not allowed.
///
/// - Complexity: `update` is amortised O(1).
struct KeyedSums<Cell: BitwiseCopyable>: ~Copyable {
  private let empty: Cell
  private var index = KeyIndex()
  private var cells = Column<Cell>()

  /// The number of keys.
  var count: Int { index.count }

  /// - `empty`: what a key has before anything was added.
  init(empty: Cell) { self.empty = empty }

  /// Changes the figures of a key.
  @inline(__always)
  mutating func update(_ key: UInt64, _ body: (inout Cell) -> Void) {
    let place = index.place(of: key)
    if place == cells.count { cells.append(empty) }
    body(&cells.mutableElements[place])
  }

  /// Calls back with all keys, in the order in which they were met.
  func forEach(_ body: (UInt64, Cell) -> Void) {
    for place in 0..<index.count { body(index.keys[place], cells[place]) }
  }
}
