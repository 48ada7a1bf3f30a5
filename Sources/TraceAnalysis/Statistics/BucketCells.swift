import TraceModel

/// Cells by (number, bucket): for each number a window of neighbouring buckets, in one block of memory.
///
///     number 0   windows[0] = (start 0, first 412, width 16)
///     cells      [ 412 413 … 427 | … ]        0 … 15 belong to number 0
///
/// Lengths of one thing lie close together, so its cells share a few cache lines, where a hash table would spread
/// them. A window grows when it has been used often enough to pay for its width; until then, cells outside of it are
/// kept in a hash table. So memory stays proportional to what was added, whatever is added.
///
/// - Complexity: `place` is amortised O(1).
struct BucketCells<Cell: BitwiseCopyable>: ~Copyable {
  private struct Window: BitwiseCopyable {
    var start: Int
    var first: UInt16 = 0
    var width: UInt16 = 0
    var uses: UInt32 = 0
  }

  private let empty: Cell
  private let step: Int
  private var windows = Column<Window>()
  private var outside = KeyIndex()
  private var outsideCells = Column<Cell>()
  private var cells = Column<Cell>()

  /// Starts without cells; windows are multiples of `step` wide, a power of two.
  init(empty: Cell, step: Int) {
    self.empty = empty
    self.step = step
  }

  /// Changes the cell of a number and bucket.
  @inline(__always)
  mutating func update(_ number: Int, _ bucket: Int, _ body: (inout Cell) -> Void) {
    if number < windows.count {
      let window = windows.mutableElements
      window[number].uses &+= 1
      let offset = bucket &- Int(window[number].first)
      if offset >= 0, offset < Int(window[number].width) {
        return body(&cells.mutableElements[window[number].start &+ offset])
      }
    }
    updateOutside(number, bucket, body)
  }

  /// Asks for the window of a number, without waiting for it.
  @inline(__always)
  func prefetchWindow(_ number: Int) { windows.prefetch(number) }

  /// Asks for the cell of a number and bucket, without waiting for it; the window should be there.
  @inline(__always)
  func prefetchCell(_ number: Int, _ bucket: Int) {
    guard number < windows.count else { return }
    let window = windows[number]
    cells.prefetch(window.start &+ bucket &- Int(window.first))
  }

  @inline(never)
  private mutating func updateOutside(_ number: Int, _ bucket: Int, _ body: (inout Cell) -> Void) {
    while windows.count <= number { windows.append(Window(start: 0)) }
    let window = windows[number]
    var low = bucket & ~(step - 1)
    var high = low + step
    if window.width > 0 {
      // Half as much again on the side that grows, so that moving is paid for by what was added.
      let slack = (Int(window.width) / 2 + step - 1) & ~(step - 1)
      let first = Int(window.first)
      low = low < first ? max(low - slack, 0) : first
      high = high > first + Int(window.width) ? min(high + slack, Self.end) : first + Int(window.width)
    }
    if high - low <= step * 2 || Int(window.uses) * 8 >= high - low {
      move(number, low, high)
      return body(&cells.mutableElements[windows[number].start + bucket - low])
    }
    let place = outside.place(of: UInt64(number) << 12 | UInt64(bucket))
    if place == outsideCells.count { outsideCells.append(empty) }
    body(&outsideCells.mutableElements[place])
  }

  /// No bucket is beyond.
  private static var end: Int { 1 << 12 }

  /// Gives a number a new, wider window; the old cells are left behind.
  private mutating func move(_ number: Int, _ low: Int, _ high: Int) {
    let old = windows[number]
    let start = cells.count
    cells.reserve(start + high - low)
    for _ in low..<high { cells.append(empty) }
    for offset in 0..<Int(old.width) {
      cells[start + Int(old.first) - low + offset] = cells[old.start + offset]
    }
    windows[number].start = start
    windows[number].first = UInt16(low)
    windows[number].width = UInt16(high - low)
  }

  /// Calls back with each bucket of a number's window and its cell, in their order.
  @inline(__always)
  func forEach(_ number: Int, _ body: (Int, Cell) -> Void) {
    guard number < windows.count else { return }
    let window = windows[number]
    for offset in 0..<Int(window.width) { body(Int(window.first) + offset, cells[window.start + offset]) }
  }

  /// Calls back with each cell outside of the windows.
  func forEachOutside(_ body: (Int, Int, Cell) -> Void) {
    for place in 0..<outside.count {
      body(Int(outside.keys[place] >> 12), Int(outside.keys[place] & 4095), outsideCells[place])
    }
  }
}

/// Histograms by number.
///
/// Some join buckets of `DurationScale` into wider ones, so that figures of which there are many stay in the cache. Those that
/// do not are waited for together: lengths are put aside until there are some, and then their cells are asked for all at once.
struct Histograms: ~Copyable {
  private struct Length: BitwiseCopyable {
    var number: Int
    var bucket: Int
  }

  private static let together = 32

  private var counts = BucketCells<UInt32>(empty: 0, step: 16)
  /// What is not counted yet.
  private var aside = Column<Length>()
  private let steps: Int

  /// Joins `2^steps` buckets into one: 0 for 2.2 %, 1 for 4.4 %, 2 for 9 %.
  init(joining steps: Int = 0) { self.steps = steps }

  /// Counts a length of a number.
  @inline(__always)
  mutating func add(_ number: Int, _ length: Int64) {
    counts.prefetchWindow(number)
    aside.append(
      Length(number: number, bucket: DurationScale.coarse(DurationScale.bucket(length), by: steps)))
    if aside.count == Self.together { countAside() }
  }

  @inline(never)
  private mutating func countAside() {
    for length in aside.elements { counts.prefetchCell(length.number, length.bucket) }
    for length in aside.elements { counts.update(length.number, length.bucket) { $0 &+= 1 } }
    aside.removeAll()
  }

  /// The finest bucket that stands for one of these.
  private func fine(_ bucket: Int) -> Int { bucket < 2 ? bucket : ((bucket - 1) << steps) + 1 }

  /// Everything that was counted, to be asked by number.
  mutating func reader() -> SketchReader {
    countAside()
    var outside: [Int: [DurationSketch.Cell]] = [:]
    counts.forEachOutside { number, bucket, count in
      outside[number, default: []].append(DurationSketch.Cell(bucket: fine(bucket), count: Int(count)))
    }
    return SketchReader(outside: outside.mapValues { $0.sorted { $0.bucket < $1.bucket } })
  }

  /// The sketch of a number.
  func sketch(_ tally: DurationTally, _ number: Int, _ reader: SketchReader) -> DurationSketch {
    var held = 0
    counts.forEach(number) { held += $1 > 0 ? 1 : 0 }
    var cells: [DurationSketch.Cell] = []
    cells.reserveCapacity(held)
    counts.forEach(number) { bucket, count in
      if count > 0 { cells.append(DurationSketch.Cell(bucket: fine(bucket), count: Int(count))) }
    }
    return DurationSketch(tally, DurationSketch.joined(cells, reader.outside[number] ?? []))
  }
}

/// What histograms keep outside of their windows, by number; that of each by bucket.
struct SketchReader {
  fileprivate var outside: [Int: [DurationSketch.Cell]]
}
