#if canImport(Glibc)
  import Glibc
#endif

/// Spans that leave memory while others are still being read.
///
///     before sealing   … sealed | t u v t w u v …       in the order of the archive
///     after sealing    … sealed | t t u u v v w … |     the same rows, those of a partition side by side
///
/// The rows since the last sealing change places, and what they own moves with them. Spans of a partition (see
/// `TracePartitions`) then lie together in every sealed stretch, so assembling a partition touches few pages.
extension SpanTable {
  /// Bits of a key that rows are put in order by: as many as the most partitions have.
  private static let partitionBits: UInt64 = 12

  /// True when spans were put into temporary files.
  package var isSealed: Bool { sealed.spans > 0 }

  /// Bytes of the spans read since the last sealing, with what they own.
  package var unsealedBytes: Int {
    (spans.count - sealed.spans) * MemoryLayout<SpanRecord>.stride
      + (attributes.count - sealed.attributes) * MemoryLayout<Attribute>.stride
      + (events.count - sealed.events) * MemoryLayout<SpanEvent>.stride
      + (links.count - sealed.links) * MemoryLayout<SpanLink>.stride
  }

  /// Puts the spans since the last sealing into order and lets them leave memory.
  ///
  /// No mark from before may be rolled back to afterwards, and nothing may hold the number of a row.
  ///
  /// - `mostTextBytes`: texts beyond these leave memory, too.
  /// - Complexity: O(spans + attributes since then), which it takes in memory once more meanwhile.
  package mutating func seal(in space: SpillSpace, mostTextBytes: Int) {
    // Rows that could not be put into files stay where they are; whoever reads stops soon.
    guard space.failure == nil else { return }
    moveToFiles(in: space)
    sortUnsealed()
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

  /// Tells that no more is read into the table.
  func expectReading() {
    spans.expectReading()
    attributes.expectReading()
    events.expectReading()
    links.expectReading()
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

  private mutating func sortUnsealed() {
    let old = SpanStretch(of: self, from: sealed)
    attributes.truncate(to: sealed.attributes)
    events.truncate(to: sealed.events)
    links.truncate(to: sealed.links)
    for (offset, row) in old.order(bits: Self.partitionBits).enumerated() {
      var span = old.spans[Int(row)]
      span.attributeStart = copyAttributes(span.attributeStart, span.attributeCount, from: old)
      let firstEvent = UInt32(truncatingIfNeeded: events.count)
      for place in 0..<Int(span.eventCount) {
        var event = old.events[Int(span.eventStart) - sealed.events + place]
        event.attributeStart = copyAttributes(event.attributeStart, event.attributeCount, from: old)
        events.append(event)
      }
      span.eventStart = firstEvent
      let firstLink = UInt32(truncatingIfNeeded: links.count)
      for place in 0..<Int(span.linkCount) {
        var link = old.links[Int(span.linkStart) - sealed.links + place]
        link.attributeStart = copyAttributes(link.attributeStart, link.attributeCount, from: old)
        links.append(link)
      }
      span.linkStart = firstLink
      spans[sealed.spans + offset] = span
    }
  }

  private mutating func copyAttributes(_ start: UInt32, _ count: UInt32, from old: borrowing SpanStretch)
    -> UInt32
  {
    let place = UInt32(truncatingIfNeeded: attributes.count)
    if count > 0 {
      attributes.append(
        contentsOf: old.attributes.elements(from: Int(start) - sealed.attributes, count: Int(count)))
    }
    return place
  }
}

/// A copy of the last rows of a table.
private struct SpanStretch: ~Copyable {
  var spans = Column<SpanRecord>()
  var attributes = Column<Attribute>()
  var events = Column<SpanEvent>()
  var links = Column<SpanLink>()

  init(of table: borrowing SpanTable, from mark: SpanTable.Mark) {
    Self.copy(table.spans, from: mark.spans, to: &spans)
    Self.copy(table.attributes, from: mark.attributes, to: &attributes)
    Self.copy(table.events, from: mark.events, to: &events)
    Self.copy(table.links, from: mark.links, to: &links)
  }

  private static func copy<Element>(
    _ source: borrowing Column<Element>, from start: Int, to target: inout Column<Element>
  ) {
    target.reserve(source.count - start)
    target.append(contentsOf: source.elements(from: start, count: source.count - start))
  }

  /// The rows, those whose keys begin with the same bits side by side and otherwise as they were.
  func order(bits: UInt64) -> [UInt32] {
    let shift = 64 - bits
    var ends = [Int](repeating: 0, count: 1 << Int(bits) + 1)
    for span in spans.elements { ends[Int(PartitionEntry.key(ofLow: span.traceID.low) >> shift) + 1] += 1 }
    for bucket in 1..<ends.count { ends[bucket] += ends[bucket - 1] }
    var order = [UInt32](repeating: 0, count: spans.count)
    for row in 0..<spans.count {
      let bucket = Int(PartitionEntry.key(ofLow: spans[row].traceID.low) >> shift)
      order[ends[bucket]] = UInt32(truncatingIfNeeded: row)
      ends[bucket] += 1
    }
    return order
  }
}
