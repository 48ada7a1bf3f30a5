import TraceModel

/// An order of rows: a type of its own, so that asking it costs no call.
protocol RowOrder {
  associatedtype Row: BitwiseCopyable

  /// True when a row comes before another.
  func isBefore(_ left: Row, _ right: Row) -> Bool

  /// Lets go of pages that it has looked at; called after `rowsInMemory` rows of a merge.
  func leaveMemory()
  static var rowsInMemory: Int { get }
}

extension RowOrder {
  func leaveMemory() {}
  static var rowsInMemory: Int { 1 << 14 }
}

/// Puts any number of plain values into order within bounded memory.
///
///     added    | 3 1 2 | 6 5 4 | 9 …     a run is sorted when it is full, and leaves for the space's temporary file
///     runs     | 1 2 3 | 4 5 6 | 9 …     there
///     sorted   | 1 2 3 4 5 6 9 …         the least of the runs' first ones, one after another
///
/// Without a space all is in memory until the end, and sorted on several threads. Elements of which neither comes before
/// the other come in any order, so an order tells apart whatever differs in what is printed.
///
/// - Complexity: O(*n* log *n*).
struct SortedRuns<Order: RowOrder>: ~Copyable {
  typealias Element = Order.Row

  private var elements = Column<Element>()
  private var starts: [Int] = []
  /// Where the run begins that is being filled.
  private var start = 0
  private let space: SpillSpace?
  private let runLength: Int
  private let order: Order

  /// The most elements of a run, and the fewest that are worth one.
  private static var runLengths: ClosedRange<Int> { 256...(1 << 16) }

  /// - `space`: where runs go; nil for memory.
  init(in space: SpillSpace?, _ order: Order) {
    self.space = space
    self.order = order
    let room = (space?.budget ?? 0) / 32 / MemoryLayout<Element>.stride
    runLength = space == nil ? .max : min(max(room, Self.runLengths.lowerBound), Self.runLengths.upperBound)
  }

  /// The number of elements that were added.
  var count: Int { elements.count }

  /// Adds an element.
  mutating func add(_ element: Element) {
    elements.append(element)
    guard let space, elements.count - start == runLength else { return }
    closeRun()
    // Without room there they stay, and it is not tried again.
    if space.failure == nil { elements.moveToFile(in: space) }
    elements.leaveMemory()
    order.leaveMemory()
  }

  private mutating func closeRun() {
    guard elements.count > start else { return }
    var run = UnsafeMutableBufferPointer(rebasing: elements.mutableElements[start...])
    run.sort { [order] in order.isBefore($0, $1) }
    starts.append(start)
    start = elements.count
  }

  /// What is in memory is sorted in one run from so few elements on; else in one a thread, at the same time.
  private static var fewInMemory: Int { 1 << 14 }

  private mutating func closeRunsInMemory(threads: Int) {
    let runs = elements.count > Self.fewInMemory ? max(threads, 1) : 1
    let bounds = (0...runs).map { elements.count * $0 / runs }
    nonisolated(unsafe) let all = elements.mutableElements
    nonisolated(unsafe) let order = order
    ParallelLoop.run(runs, threads: runs) { run in
      var part = UnsafeMutableBufferPointer(rebasing: all[bounds[run]..<bounds[run + 1]])
      part.sort { order.isBefore($0, $1) }
    }
    starts = bounds.dropLast()
  }

  /// All elements in order; none can be added afterwards.
  mutating func sorted(threads: Int) -> Column<Element> {
    if space == nil { closeRunsInMemory(threads: threads) } else { closeRun() }
    var sorted = Column<Element>()
    guard starts.count > 1 else {
      swap(&sorted, &elements)
      return sorted
    }
    if let space { sorted.moveToFile(in: space, roomFor: elements.count) }
    sorted.reserve(elements.count)
    merge(into: &sorted)
    elements = Column()
    return sorted
  }

  /// The next element of a run.
  private struct Head {
    var element: Element
    var next: Int
    var end: Int
  }

  private func merge(into sorted: inout Column<Element>) {
    // A heap with the least on top.
    var heads: [Head] = []
    for run in starts.indices {
      let end = run + 1 < starts.count ? starts[run + 1] : elements.count
      heads.append(Head(element: elements[starts[run]], next: starts[run] + 1, end: end))
    }
    for place in heads.indices.reversed() { sift(&heads, from: place) }
    while !heads.isEmpty {
      sorted.append(heads[0].element)
      if heads[0].next < heads[0].end {
        heads[0].element = elements[heads[0].next]
        heads[0].next += 1
      } else {
        heads[0] = heads[heads.count - 1]
        heads.removeLast()
      }
      sift(&heads, from: 0)
      if sorted.count % Order.rowsInMemory == 0 {
        sorted.leaveMemory()
        elements.leaveMemory()
        order.leaveMemory()
      }
    }
  }

  private func sift(_ heads: inout [Head], from place: Int) {
    var place = place
    while true {
      var least = place
      for child in [2 * place + 1, 2 * place + 2] where child < heads.count {
        if order.isBefore(heads[child].element, heads[least].element) { least = child }
      }
      guard least != place else { return }
      heads.swapAt(place, least)
      place = least
    }
  }
}
