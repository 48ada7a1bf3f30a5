/// What assembly dropped and joined, over any number of traces.
package struct AssemblyTotals: Sendable, Equatable {
  /// Traces assembled.
  package var traces: Int = 0
  /// Spans in them.
  package var spans: Int = 0
  /// Exact copies that were dropped.
  package var duplicateSpans: Int = 0
  /// Records that were joined into others.
  package var fusedSpans: Int = 0
  /// Exact copies by the archive that held them.
  package var duplicatesByArchive: [Int]

  /// Starts at nothing, for so many archives.
  package init(archives: Int) { duplicatesByArchive = Array(repeating: 0, count: archives) }

  /// Adds what another one counted; the order of adding does not matter.
  package mutating func merge(_ other: AssemblyTotals) {
    traces += other.traces
    spans += other.spans
    duplicateSpans += other.duplicateSpans
    fusedSpans += other.fusedSpans
    for (archive, count) in other.duplicatesByArchive.enumerated() { addDuplicates(count, of: archive) }
  }

  mutating func count(_ trace: borrowing Trace) {
    traces += 1
    spans += trace.spans.count
    duplicateSpans += trace.duplicateSpans
    fusedSpans += trace.fusedSpans
  }

  mutating func addDuplicates(_ count: Int, of archive: Int) {
    while duplicatesByArchive.count <= archive { duplicatesByArchive.append(0) }
    duplicatesByArchive[archive] += count
  }
}
