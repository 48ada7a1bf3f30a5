package import TraceModel

/// Root requests over the window, in equal stretches.
package struct Timeline: Sendable {
  /// The length of a stretch.
  package var step: Nanoseconds = .zero
  /// The stretches from first to last, empty ones included.
  package var points: [SeriesPoint] = []

  /// Makes an empty timeline.
  package init() {}
}

/// Root requests by time and duration.
package struct HeatMap: Sendable {
  /// The length of a column.
  package var step: Nanoseconds = .zero
  /// Where the columns begin.
  package var columnStarts: [UnixNanoseconds] = []
  /// The upper bounds of the rows, from short to long.
  package var rowUppers: [Nanoseconds] = []
  /// Counts, column by column: `counts[column * rows + row]`.
  package var counts: [Int] = []
  /// Failed requests, likewise.
  package var errors: [Int] = []

  /// Makes an empty map.
  package init() {}
}
