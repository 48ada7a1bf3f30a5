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
  package var isSealed: Bool { spans.isInFile }

  /// True when texts were put into temporary files, as they may be while spans still are in memory.
  package var hasTextsInFiles: Bool { symbols.isInFiles }

  /// Bytes of the spans read since the last sealing, with what they own and the texts that came with them.
  package var unsealedBytes: Int {
    (spans.count - sealed.spans) * MemoryLayout<SpanRecord>.stride
      + (attributes.count - sealed.attributes) * MemoryLayout<Attribute>.stride
      + (events.count - sealed.events) * MemoryLayout<SpanEvent>.stride
      + (links.count - sealed.links) * MemoryLayout<SpanLink>.stride
      + (endpoints.count - sealed.endpoints) * MemoryLayout<EndpointPair>.stride
      + (rare.count - sealed.rare) * MemoryLayout<RareFields>.stride
      + (extra.count - sealed.extra) * MemoryLayout<ExtraFields>.stride
      + otherBytes - sealedOtherBytes
  }

  /// Bytes of what is not taken back with a record.
  private var otherBytes: Int {
    wideValues.count * MemoryLayout<UInt64>.stride + refusedTraces.count * MemoryLayout<TraceID>.stride
      + sharedBytes + symbols.byteCount + symbols.loneByteCount
      + (symbols.isInFiles ? symbols.comparedBytes : 0)
  }

  /// Bytes of resources and scopes.
  private var sharedBytes: Int {
    resources.count * MemoryLayout<Resource>.stride
      + scopes.count * MemoryLayout<InstrumentationScope>.stride
      + sharedAttributes.count * MemoryLayout<Attribute>.stride
  }

  /// Has texts leave memory while a record is being read, when they come to take more than so many bytes.
  package mutating func boundTexts(to byteCount: Int, in space: SpillSpace) {
    symbols.bound = TextBound(space: space, bytes: byteCount)
  }

  /// Lets the spans since the last sealing leave memory.
  ///
  /// - `mostTextBytes`: texts beyond these leave memory, too; resources and scopes beyond a quarter of it do.
  package mutating func seal(in space: SpillSpace, mostTextBytes: Int) {
    // Rows that could not be put into files stay where they are; whoever reads stops soon.
    guard space.failure == nil else { return }
    moveToFiles(in: space)
    sealed = mark
    if sharedBytes + resourceIndex.byteCount + scopeIndex.byteCount > mostTextBytes / 4 {
      moveSharedToFiles(in: space)
    }
    symbols.moveLoneTextsToFiles(in: space)
    if symbols.byteCount > mostTextBytes { symbols.moveToFiles(in: space) }
    sealedOtherBytes = otherBytes
    leaveMemory()
    if !isInFiles { space.note(ENOSPC) }
  }

  /// Lets go of the pages of all that is in files.
  func leaveMemory() {
    spans.leaveMemory()
    attributes.leaveMemory()
    events.leaveMemory()
    links.leaveMemory()
    wideValues.leaveMemory()
    endpoints.leaveMemory()
    rare.leaveMemory()
    extra.leaveMemory()
    refusedTraces.leaveMemory()
    leaveSharedMemory()
    symbols.leaveMemory()
  }

  /// Has readings of all rows that are in files count.
  func add(to readings: FileReadings) {
    readings.add(spans)
    readings.add(attributes)
    readings.add(events)
    readings.add(links)
    readings.add(wideValues)
    readings.add(endpoints)
    readings.add(rare)
    readings.add(extra)
    readings.add(sharedAttributes)
  }

  /// True when resources and scopes are in files.
  var hasSharedInFiles: Bool { resources.isInFile }

  /// Lets go of the pages of resources and scopes that are in files.
  func leaveSharedMemory() {
    resources.leaveMemory()
    scopes.leaveMemory()
    sharedAttributes.leaveMemory()
  }

  private var isInFiles: Bool {
    spans.isInFile && attributes.isInFile && events.isInFile && links.isInFile && wideValues.isInFile
      && endpoints.isInFile && rare.isInFile && extra.isInFile && refusedTraces.isInFile
  }

  private mutating func moveToFiles(in space: SpillSpace) {
    spans.moveToFile(in: space)
    attributes.moveToFile(in: space)
    events.moveToFile(in: space)
    links.moveToFile(in: space)
    wideValues.moveToFile(in: space)
    endpoints.moveToFile(in: space)
    rare.moveToFile(in: space)
    extra.moveToFile(in: space)
    refusedTraces.moveToFile(in: space)
  }

  private mutating func moveSharedToFiles(in space: SpillSpace) {
    guard !hasSharedInFiles else { return }
    touched = TouchedRegions(in: space)
    resources.moveToFile(in: space)
    scopes.moveToFile(in: space)
    sharedAttributes.moveToFile(in: space)
    resourceIndex.moveToFile(in: space)
    scopeIndex.moveToFile(in: space)
  }
}
