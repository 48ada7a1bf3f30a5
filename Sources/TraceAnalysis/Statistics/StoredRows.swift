import TraceModel

/// Rows that are gone through again and again, in memory or in a temporary file.
///
/// Pages of a file are let go of whenever a row was asked for that ends a stretch (`RowStretch`). So who goes from first
/// to last has few of them in memory; who asks here and there lets go of them himself.
package final class StoredRows<Row: BitwiseCopyable & Sendable>: RandomAccessCollection, Sendable {
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

/// After how many rows the pages that they are in are let go of.
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
