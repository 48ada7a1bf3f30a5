import TraceModel

/// Reads an archive of the JSON family: a sequence of top-level values, however they are laid out.
///
/// Lines, one document, documents without separators, arrays and arrays of arrays may be mixed freely: only the
/// sequence of values counts. Each value is tried where it begins with the bytes at hand; when they end inside it,
/// more are read and it is tried again. A value larger than `streamedBytes` is taken apart element by element, so that
/// memory is bounded by one element. Damage costs the record it lies in, and reading goes on at the next line.
struct JSONArchiveReader: ~Copyable {
  var window: ByteWindow
  let limits: ReadingLimits
  /// What the reader stands in, from the outside in; empty between top-level values.
  var contexts: [JSONContext] = []
  /// What is known of the large values that are being taken apart.
  var openBatch = OTLPBatch(firstSpan: 0)
  var openScope = OTLPScope(firstSpan: 0)
  var openTrace = JaegerTrace(firstSpan: 0)
  /// The last value lay on one line and ended with it.
  private var isLineOriented = false
  private var valuesRead = 0
  /// Something was skipped: commas and closing brackets may be those of what was lost.
  private var wasDamaged = false
  private var lastFormat: (any JSONSpanFormat.Type)?
  /// Threads that have nothing to do; nil for none.
  let sharing: LineSharing?

  /// Reads what the window holds and will hold.
  init(_ window: consuming ByteWindow, limits: ReadingLimits, sharing: LineSharing? = nil) {
    self.window = window
    self.limits = limits
    self.sharing = sharing
  }

  /// Reads everything into the sink.
  mutating func read(into sink: inout SpanSink) {
    repeat {
      readRun(into: &sink)
      if let damage = window.damage {
        sink.damage(damage.code, at: window.offset, damage.message)
      }
      leaveAll(in: &sink)
    } while window.resumeBehindGap()
    sink.summary.inflatedBytes = Int(clamping: window.offset)
  }

  /// Reads until the bytes end, at the end of the archive or at a gap.
  private mutating func readRun(into sink: inout SpanSink) {
    while let byte = nextByte() {
      let isInObject = contexts.last?.isObject ?? false
      if !isInObject { sink.settleRecord() }
      switch byte {
      case 0x22 where isInObject: readMember(into: &sink)
      case 0x7d where isInObject: leave(in: &sink)
      case 0x7b where !isInObject: readElement(into: &sink)
      case 0x5b where !isInObject: enterArray(into: &sink)
      case 0x5d where !isInObject && !contexts.isEmpty: leave(in: &sink)
      case 0x7d where wasDamaged, 0x5d where wasDamaged: window.position += 1
      case 0xef where skipsByteOrderMark(): break
      default:
        if isInObject || contexts.isEmpty {
          skipDamage("a value expected", into: &sink)
        } else {
          skipScalar(into: &sink)
        }
      }
    }
    if !contexts.isEmpty, window.damage == nil {
      sink.damage(.truncatedStream, at: window.offset, "stream ends inside a record at byte \(window.offset)")
    }
  }

  /// The next byte that is no blank, comma or padding, which is not passed over; nil at the end.
  private mutating func nextByte() -> UInt8? {
    while true {
      while window.position < window.end {
        let byte = window.memory[window.position]
        switch byte {
        case _ where LineText.isBlank(byte): window.position += 1
        case 0x2c where wasDamaged || !contexts.isEmpty: window.position += 1
        default: return byte
        }
      }
      guard window.fill() == .grew else { return nil }
    }
  }

  /// True, having passed over it, when a UTF-8 byte order mark stands between two values.
  private mutating func skipsByteOrderMark() -> Bool {
    while window.count < 3, window.fill() == .grew {}
    guard contexts.isEmpty, window.count >= 3, window.memory[window.position + 1] == 0xbb,
      window.memory[window.position + 2] == 0xbf
    else { return false }
    window.position += 3
    return true
  }

  private mutating func enterArray(into sink: inout SpanSink) {
    guard contexts.count < JSONReader.deepestNesting else {
      return skipDamage("nested too deeply", code: .recordTooLarge, into: &sink)
    }
    contexts.append(contexts.last ?? .documents)
    window.position += 1
  }

  // MARK: Records

  /// What became of trying to read a value.
  private enum Attempt {
    case read(end: Int)
    case fault(JSONFault)
  }

  /// Reads the document or element that begins at the position.
  private mutating func readElement(into sink: inout SpanSink) {
    if contexts.isEmpty, isLineOriented, !wasDamaged, let lastFormat, lastFormat.readsDocumentsAlone,
      readSharedLines(lastFormat, into: &sink)
    {
      return
    }
    if contexts.isEmpty, isLineOriented || valuesRead == 0, readLine(into: &sink) { return }
    let mark = sink.mark
    while true {
      switch attempt(upTo: window.end, into: &sink) {
      case .read(let end): return finish(at: end, isLine: nil)
      case .fault(let fault):
        guard fault.reason == .endOfInput else {
          takeBack(to: mark, &sink)
          return damageRecord(fault, into: &sink)
        }
        if window.isAtEnd { return endInsideRecord(mark, into: &sink) }
        takeBack(to: mark, &sink)
        if window.count >= limits.streamedBytes, let opened = contexts.last.opened,
          opened.isPart || holdsList(in: sink)
        {
          return enter(opened, in: &sink)
        }
        if window.fill() == .full { return skipTooLarge(into: &sink) }
      }
    }
  }

  /// Reads the record that makes up the line at the position; false, with nothing read, when it is not one line.
  private mutating func readLine(into sink: inout SpanSink) -> Bool {
    guard let newline = fillLine() else { return false }
    let mark = sink.mark
    switch attempt(upTo: newline, into: &sink) {
    case .read(let end):
      finish(at: end, isLine: true)
      return true
    case .fault(let fault) where fault.reason == .endOfInput:
      takeBack(to: mark, &sink)
      guard isCutLine() else { return false }
      damageRecord(fault, into: &sink)
      return true
    case .fault(let fault):
      takeBack(to: mark, &sink)
      damageRecord(fault, into: &sink)
      return true
    }
  }

  /// The end of the line that begins at the position, read whole unless it is overly long; nil when it has no end.
  private mutating func fillLine() -> Int? {
    var searched = 0
    while true {
      let start = window.position + searched
      if let newline = LineText.newline(in: window.memory, start..<window.end) { return newline }
      searched = window.count
      guard searched < limits.streamedBytes, window.fill() == .grew else { return nil }
    }
  }

  /// True when the line at the position, which has an end but does not hold a whole record, was cut: the next line
  /// begins a record of its own.
  private mutating func isCutLine() -> Bool {
    guard var next = window.nextNewline else { return false }
    repeat {
      next += 1
      if next >= window.end {
        let before = window.position
        guard window.fill() == .grew, next - before < window.end else { return false }
        next -= before
      }
    } while window.memory[next] <= 0x20
    guard window.memory[next] == 0x7b || window.memory[next] == 0x5b else { return false }
    if isLineOriented, valuesRead > 0 { return true }
    // The first line proves nothing by itself: lines of one kind begin with one key.
    let longest = min(40, window.end - next)
    for offset in 0..<longest {
      let byte = window.memory[window.position + offset]
      if byte != window.memory[next + offset] { return false }
      if byte == 0x22, offset > 1 { return true }
    }
    return false
  }

  private mutating func finish(at end: Int, isLine: Bool?) {
    if contexts.isEmpty {
      valuesRead += 1
      let isOneLine =
        isLine ?? (LineText.newline(in: window.memory, window.position..<end) == nil)
      var place = end
      while place < window.end, window.memory[place] == 0x20 || window.memory[place] == 0x0d { place += 1 }
      isLineOriented = isOneLine && (place >= window.end || window.memory[place] == 0x0a)
    }
    window.position = end
  }

  private func takeBack(to mark: SpanSink.Mark, _ sink: inout SpanSink) { sink.rollBack(to: mark) }

  private mutating func attempt(upTo end: Int, into sink: inout SpanSink) -> Attempt {
    sink.baseOffset = window.baseOffset
    var reader = JSONReader(
      base: window.memory, position: window.position, end: end, scratch: sink.scratch)
    do {
      if contexts.last?.isPiece ?? false {
        try decodePiece(&reader, into: &sink)
      } else {
        try decodeDocument(&reader, into: &sink)
      }
    } catch {
      return .fault(error)
    }
    if reader.repairedTexts > 0 {
      sink.summary.diagnostics.add(
        .badEncoding, at: window.offset, "strings with broken UTF-8 repaired", count: reader.repairedTexts)
    }
    return .read(end: reader.position)
  }

  /// Finds out the format of the document that begins here and reads it.
  private mutating func decodeDocument(
    _ reader: inout JSONReader, into sink: inout SpanSink
  ) throws(JSONFault) {
    let keys = try DocumentKeys.read(reader)
    if let lastFormat, lastFormat.recognises(keys) {
      return try lastFormat.decode(&reader, keys, into: &sink)
    }
    for format in SpanFormats.json where format.recognises(keys) {
      lastFormat = format
      sink.formats.note(format.label)
      return try format.decode(&reader, keys, into: &sink)
    }
    let offset = sink.offset(reader.position)
    let names = DocumentKeys.firstKeys(reader)
    try reader.skipValue()
    if keys.isOtherSignal {
      sink.summary.diagnostics.add(.otherSignal, at: offset, "records of other signals skipped")
    } else {
      sink.damage(
        .unreadableRecord, at: offset,
        "record at byte \(offset) is of no known format (keys: \(names.joined(separator: ", ")))")
    }
  }

  /// The archive ends inside a record: elements of a single document that are whole are kept.
  private mutating func endInsideRecord(_ mark: SpanSink.Mark, into sink: inout SpanSink) {
    let offset = window.offset
    if valuesRead > 0, contexts.isEmpty { takeBack(to: mark, &sink) }
    window.position = window.end
    leaveAll(in: &sink)
    if window.damage == nil {
      sink.damage(.truncatedStream, at: offset, "stream ends inside a record at byte \(offset)")
    }
  }

  // MARK: Damage

  mutating func damageRecord(_ fault: JSONFault, into sink: inout SpanSink) {
    let code: DiagnosticCode = fault.reason == .tooDeep ? .recordTooLarge : .unreadableRecord
    skipDamage(fault.explanation, code: code, into: &sink)
  }

  /// Refuses the record at the position, of which the window cannot hold more.
  mutating func skipTooLarge(into sink: inout SpanSink) {
    skipDamage(
      "record of more than \(limits.recordBytes) bytes is above the limit", code: .recordTooLarge, into: &sink
    )
  }

  /// Reports damage at the position and goes on at the next line; in files without lines, at the next one that
  /// begins with a bracket.
  private mutating func skipDamage(
    _ problem: String, code: DiagnosticCode = .unreadableRecord, into sink: inout SpanSink
  ) {
    let offset = window.offset
    let message =
      problem.hasPrefix("record") ? problem : "record at byte \(offset) does not parse: \(problem)"
    sink.damage(code, at: offset, message)
    wasDamaged = true
    // A list of documents goes on behind the damage, and so may a list of others: those begin anew.
    if !contexts.allSatisfy(\.isDocuments) { leaveAll(in: &sink) }
    while true {
      while let newline = window.nextNewline {
        window.position = newline + 1
        if window.position >= window.end, window.fill() != .grew { return }
        if isLineOriented { return }
        let byte = window.memory[window.position]
        if byte == 0x7b || byte == 0x5b { return }
      }
      window.position = window.end
      guard window.fill() == .grew else { return }
    }
  }

  /// Passes over a scalar in a list of documents, which says nothing.
  private mutating func skipScalar(into sink: inout SpanSink) {
    var reader = JSONReader(
      base: window.memory, position: window.position, end: window.end, scratch: sink.scratch)
    do {
      try reader.skipValue()
      window.position = reader.position
    } catch {
      if error.reason == .endOfInput, !window.isAtEnd, window.fill() == .grew { return }
      damageRecord(error, into: &sink)
    }
  }
}

extension DocumentKeys {
  /// True for documents of other signals than traces, and for what accompanies spans in their archives.
  var isOtherSignal: Bool {
    contains(.otherSignal) || contains(.dataWithoutSpans) || contains(.bulkAction)
      || self == [.serviceName, .operationName]
  }
}
