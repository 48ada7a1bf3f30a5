import TraceModel

/// Rows that a simulation goes through again and again, in memory or in a temporary file.
///
/// Pages of a file are let go of whenever a row was asked for that ends a stretch (`RowStretch`). So who goes from first
/// to last has few of them in memory; who asks here and there lets go of them himself.
package final class SimulationRows<Row: BitwiseCopyable & Sendable>: RandomAccessCollection, Sendable {
  private let column: Column<Row>

  /// Takes over a column.
  init(_ column: consuming Column<Row>) { self.column = column }

  /// Takes rows one after another.
  ///
  /// - Parameter space: where they go; nil for memory.
  convenience init(_ rows: some Sequence<Row>, in space: SpillSpace? = nil) {
    var column = Column<Row>()
    if let space { column.moveToFile(in: space) }
    column.reserve(rows.underestimatedCount)
    for row in rows { column.appendAndLeave(row) }
    self.init(column)
  }

  package var startIndex: Int { 0 }
  package var endIndex: Int { column.count }

  package subscript(place: Int) -> Row {
    if RowStretch.ends(behind: place + 1) { column.leaveMemory() }
    return column[place]
  }

  /// Lets go of all pages of a file.
  func leaveMemory() { column.leaveMemory() }
}

/// After how many rows a simulation lets go of the pages that they are in.
enum RowStretch {
  /// Those that are gone through from first to last; see `SpillSpace.scatteredRows` for others.
  private static let length = 1 << 12

  /// True when so many rows are whole stretches.
  static func ends(behind count: Int) -> Bool { count & (length - 1) == 0 }
}

extension Column {
  /// Adds an element, and lets go of the pages of a file at the end of a stretch.
  mutating func appendAndLeave(_ element: Element) {
    append(element)
    if RowStretch.ends(behind: count) { leaveMemory() }
  }
}

/// The place of a trace among all, to be put into another order.
struct TracePlace: BitwiseCopyable {
  var time: Int64
  var id: TraceID
  var place: Int

  /// By time, then id.
  struct Order: RowOrder {
    func isBefore(_ left: TracePlace, _ right: TracePlace) -> Bool {
      left.time != right.time ? left.time < right.time : left.id < right.id
    }
  }

  /// The places of traces in order.
  static func sorted(_ places: some Sequence<TracePlace>, in space: SpillSpace?) -> SimulationRows<TracePlace>
  {
    var runs = SortedRuns(in: space, Order())
    for place in places { runs.add(place) }
    return SimulationRows(runs.sorted(threads: 1))
  }
}
