#if canImport(Glibc)
  import Glibc
#endif

/// Spans that leave memory while others are still being read.
///
///     before sealing   … in files | in memory …
///     after sealing    … in files             | …
///
/// Rows keep the order of the archives: traces are walked in it, too (see `TracePartitions`).
extension SpanTable {
  /// True when spans were put into temporary files.
  package var isSealed: Bool { sealed.spans > 0 }

  /// Bytes of the spans read since the last sealing, with what they own.
  package var unsealedBytes: Int {
    (spans.count - sealed.spans) * MemoryLayout<SpanRecord>.stride
      + (attributes.count - sealed.attributes) * MemoryLayout<Attribute>.stride
      + (events.count - sealed.events) * MemoryLayout<SpanEvent>.stride
      + (links.count - sealed.links) * MemoryLayout<SpanLink>.stride
  }

  /// Lets the spans since the last sealing leave memory.
  ///
  /// - `mostTextBytes`: texts beyond these leave memory, too.
  package mutating func seal(in space: SpillSpace, mostTextBytes: Int) {
    // Rows that could not be put into files stay where they are; whoever reads stops soon.
    guard space.failure == nil else { return }
    moveToFiles(in: space)
    sealed = mark
    symbols.moveLoneTextsToFiles(in: space)
    if symbols.byteCount > mostTextBytes { symbols.moveToFiles(in: space) }
    leaveMemory()
    if !isInFiles { space.note(ENOSPC) }
  }

  /// Lets go of the pages of all that is in files.
  func leaveMemory() {
    spans.leaveMemory()
    attributes.leaveMemory()
    events.leaveMemory()
    links.leaveMemory()
    symbols.leaveMemory()
  }

  private var isInFiles: Bool {
    spans.isInFile && attributes.isInFile && events.isInFile && links.isInFile
  }

  private mutating func moveToFiles(in space: SpillSpace) {
    spans.moveToFile(in: space)
    attributes.moveToFile(in: space)
    events.moveToFile(in: space)
    links.moveToFile(in: space)
  }
}
