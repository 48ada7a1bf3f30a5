import TraceModel

extension SpillSpace {
  /// The part of what spans may take in memory that a single table of an analysis may take there.
  private static let partOfTable = 16

  /// Where a table of so many bytes goes: itself, or nil for memory where it is small.
  func forTable(bytes: Int) -> SpillSpace? { bytes > budget / Self.partOfTable ? self : nil }
}
