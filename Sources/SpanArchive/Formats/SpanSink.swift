import TraceModel

/// Where a format puts the spans of one archive, and what it has to say about them.
///
/// The table is the worker's and outlives the archive; the summary is the archive's own.
struct SpanSink: ~Copyable {
  /// The spans of this worker.
  var table: SpanTable
  /// The accounting of the archive being read.
  var summary: ArchiveSummary
  /// The number of the archive being read.
  var archive: UInt32
  /// Where the reader's first byte lies in the inflated archive.
  var baseOffset: UInt64 = 0
  /// Spans by format.
  var formats = FormatCounts()
  /// What attributes will probably be next in JSON. None holds what JSON escapes.
  var guesses = AttributeGuesses()
  /// The same where texts are not escaped.
  var binaryGuesses = AttributeGuesses()
  /// Texts to be interned.
  var pending = PendingTexts()
  /// Whose work subsegments of X-Ray are that stand alone.
  var segments = XRayServices()
  /// Strings that needed rewriting stand here.
  let scratch = TextScratch()
  /// Where spans go when there are too many for memory; nil when they may take as much as they like.
  private var spill: SpillSpace?
  /// Bytes of spans after which they go there, and of those of them that are in memory once some have.
  private var mostBytes = Int.max
  /// Bytes of spans with which it is time to claim more, or to let them go there.
  private var dueBytes = Int.max {
    didSet { if let spill { table.boundTexts(to: dueBytes + mostBytes, in: spill) } }
  }
  /// Units in which native times were written.
  var timeUnits: Set<String> = []

  /// Makes a sink over a worker's table.
  init(table: consuming SpanTable) {
    self.table = table
    summary = ArchiveSummary(path: "")
    archive = 0
  }

  /// Has spans and their texts go into temporary files between records, once they take so many bytes.
  ///
  /// A record has no bound but that of its own bytes: texts go there even within it, once they take so many bytes more.
  mutating func bound(to byteCount: Int, in spill: SpillSpace) {
    self.spill = spill
    mostBytes = byteCount
    dueBytes = byteCount
  }

  /// Turns to another archive.
  mutating func begin(_ archive: UInt32, path: String) {
    self.archive = archive
    summary = ArchiveSummary(path: path)
    formats = FormatCounts()
    timeUnits.removeAll()
    segments.removeAll()
    baseOffset = 0
  }

  /// Gives up the table.
  consuming func intoTable() -> SpanTable {
    guard let spill else { return table }
    let isFull = spill.isClaimed && table.unsealedBytes > mostBytes
    if table.isSealed || table.hasTextsInFiles || isFull { table.seal(in: spill, mostTextBytes: mostBytes) }
    return table
  }

  /// Between two records, large ones between two of their spans: lets spans leave memory when there are many.
  @inline(__always)
  mutating func settleRecord() {
    if let spill, table.unsealedBytes > dueBytes {
      settle(in: spill, claiming: mostBytes / 4 + 1, mostTextBytes: mostBytes)
    }
  }

  /// Before a record: lets spans and texts leave memory when it is so large that it would have no room beside them.
  mutating func settle(beforeRecordOf byteCount: Int) {
    guard byteCount > mostBytes / 2, let spill else { return }
    settle(in: spill, claiming: byteCount, mostTextBytes: max(0, mostBytes - byteCount))
  }

  /// As long as all spans are in memory, more of it may be claimed for them; else they leave it now.
  @inline(never)
  private mutating func settle(in spill: SpillSpace, claiming byteCount: Int, mostTextBytes: Int) {
    if !table.isSealed, !table.hasTextsInFiles, spill.claim(byteCount) {
      dueBytes += byteCount
    } else {
      table.seal(in: spill, mostTextBytes: mostTextBytes)
      dueBytes = mostBytes
    }
  }

  /// The offset in the inflated archive of a position in the reader.
  @inline(__always)
  func offset(_ position: Int) -> UInt64 { baseOffset &+ UInt64(truncatingIfNeeded: position) }

  /// Interns the texts that wait: before attributes are moved or looked at, and before the bytes that are read go away.
  mutating func settleTexts() { pending.settle(&table, &guesses) }

  /// Drops all of a record that was appended since the mark.
  mutating func takeBack(to mark: SpanTable.Mark) {
    table.rollBack(to: mark)
    pending.drop(from: table.attributes.count)
  }

  /// Leaves the last of several attributes with one key, and says whether there were any.
  @inline(__always)
  mutating func dropRepeatedKeys(from start: Int) -> Bool {
    guard table.mayRepeatKeys(from: start) else { return false }
    settleTexts()
    return table.dropRepeatedKeys(from: start)
  }

  /// Counts a span that is refused for its content, and takes back what it left in the table.
  @inline(never)
  mutating func quarantine(
    _ code: DiagnosticCode, at position: Int, backTo mark: SpanTable.Mark,
    of traceID: TraceID = .absent, _ message: @autoclosure () -> String
  ) {
    takeBack(to: mark)
    table.noteRefusal(of: traceID)
    summary.spansRead += 1
    summary.spansQuarantined += 1
    summary.diagnostics.add(code, at: offset(position), message())
  }

  /// Reads one record by `read`, given the state before it: a fault leaves nothing of the record behind.
  @inline(__always)
  mutating func whole<Fault: Error>(
    _ read: (inout SpanSink, SpanTable.Mark) throws(Fault) -> Void
  ) throws(Fault) {
    let mark = table.mark
    do {
      try read(&self, mark)
    } catch {
      takeBack(to: mark)
      throw error
    }
  }

  /// Takes over a span whose parts are in the table: its attributes, events and links since the mark.
  ///
  /// Refuses it when it has no id. `parts` holds its flags and extra fields; `end` is where the reader stands behind its record.
  @inline(__always)
  mutating func accept(
    _ span: consuming SpanRecord, _ parts: borrowing SpanParts, at position: Int, to end: Int,
    since mark: SpanTable.Mark
  ) {
    if span.traceID.isAbsent {
      return quarantine(.missingTraceID, at: position, backTo: mark, "span without trace id")
    }
    if span.spanID.isAbsent {
      return quarantine(
        .missingSpanID, at: position, backTo: mark, of: span.traceID, "span without span id")
    }
    span.archive = archive
    span.archiveOffset = offset(position)
    span.byteCount = UInt32(truncatingIfNeeded: end &- position)
    parts.settleExtraFields(&span, in: &table)
    summary.spansRead &+= 1
    table.append(span)
  }

  /// Counts spans towards the format of the archive.
  @inline(__always)
  mutating func count(spans: Int, of format: FormatLabel) { formats.add(spans, of: format) }

  /// The state at one moment, to come back to when a record turns out to be incomplete or bad.
  struct Mark {
    fileprivate var table: SpanTable.Mark
    fileprivate var summary: ArchiveSummary
    fileprivate var formats: FormatCounts
  }

  /// The present state.
  var mark: Mark { Mark(table: table.mark, summary: summary, formats: formats) }

  /// Takes back everything since the mark, its accounting included.
  mutating func rollBack(to mark: Mark) {
    takeBack(to: mark.table)
    summary = mark.summary
    formats = mark.formats
  }

  /// Remembers the first damage of the archive; damage makes the exit status 3.
  mutating func damage(_ code: DiagnosticCode, at offset: UInt64, _ message: String) {
    summary.diagnostics.add(code, at: offset, message)
    if summary.error == nil { summary.error = message }
  }
}
