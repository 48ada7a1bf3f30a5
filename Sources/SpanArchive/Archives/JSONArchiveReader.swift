#if canImport(Glibc)
  import Glibc
#endif
import TraceModel

/// Reads an archive of the JSON family: a sequence of top-level values, however they are laid out.
///
/// Lines, one document, documents without separators, arrays and arrays of arrays may be mixed freely: only the
/// sequence of values counts. Each value is tried where it begins with the bytes at hand; when they end inside it,
/// more are read and it is tried again. A value larger than `streamedSize` is taken apart element by element, so that
/// memory is bounded by one element. Damage costs the record it lies in, and reading goes on at the next line.
struct JSONArchiveReader: ~Copyable {
  /// What the reader stands in.
  private enum Context {
    /// A top-level array, or one of a known key: its elements are documents.
    case documents
    /// The array of `resourceSpans`: its elements are OTLP `ResourceSpans`.
    case resourceSpans
    /// A large object that is taken apart by its keys.
    case object
  }

  /// Records larger than this are refused.
  static let largestRecord = 64 << 20
  /// Documents larger than this are taken apart.
  private static let streamedSize = 8 << 20

  private var window: ByteWindow
  private var contexts: [Context] = []
  /// The last whole value ended at a newline, or there was none yet.
  private var isLineOriented = true
  private var valuesRead = 0
  private var lastFormat: (any JSONSpanFormat.Type)?

  /// Reads what the window holds and will hold.
  init(_ window: consuming ByteWindow) { self.window = window }

  /// Reads everything into the sink.
  mutating func read(into sink: inout SpanSink) {
    repeat {
      readRun(into: &sink)
      if let damage = window.damage {
        sink.damage(damage.code, at: window.offset, damage.message)
      }
      contexts.removeAll()
    } while window.resumeBehindGap()
  }

  /// Reads until the bytes end, at the end of the archive or at a gap.
  private mutating func readRun(into sink: inout SpanSink) {
    while let byte = nextByte() {
      switch byte {
      case 0x7b where contexts.last == .object, 0x7d where contexts.last != .object:
        if byte == 0x7b, contexts.last == .object { return skipDamage("a key expected", into: &sink) }
        skipDamage("a value expected", into: &sink)
      case 0x7b: readRecord(into: &sink)
      case 0x5b where contexts.last != .object:
        if contexts.count < JSONReader.deepestNesting {
          contexts.append(contexts.last == .resourceSpans ? .resourceSpans : .documents)
          window.position += 1
        } else {
          skipDamage("nested too deeply", into: &sink)
        }
      case 0x5d where contexts.last == .documents || contexts.last == .resourceSpans,
        0x7d where contexts.last == .object:
        contexts.removeLast()
        window.position += 1
        if contexts.isEmpty { noteLineEnd() }
      case 0x22 where contexts.last == .object: readMember(into: &sink)
      default:
        if contexts.isEmpty || contexts.last == .object {
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
        case 0x20, 0x0a, 0x0d, 0x09, 0x00: window.position += 1
        case 0x2c where !contexts.isEmpty: window.position += 1
        default: return byte
        }
      }
      guard window.fill() == .grew else { return nil }
    }
  }

  // MARK: Records

  /// What became of trying to read a value.
  private enum Attempt {
    case read(end: Int)
    case fault(JSONFault)
  }

  /// Reads the document or element that begins at the position.
  private mutating func readRecord(into sink: inout SpanSink) {
    fillLine()
    let mark = sink.table.mark
    let summary = sink.summary
    let formats = sink.spansByFormat
    while true {
      switch attempt(upTo: window.end, into: &sink) {
      case .read(let end):
        window.position = end
        valuesRead += 1
        if contexts.isEmpty { noteLineEnd() }
        return
      case .fault(let fault):
        guard fault.reason == .endOfInput else {
          takeBack(to: mark, summary, formats, &sink)
          return damageRecord(fault, into: &sink)
        }
        if window.isAtEnd { return endInsideRecord(mark, summary, formats, into: &sink) }
        takeBack(to: mark, summary, formats, &sink)
        if window.count >= Self.streamedSize, canBeTakenApart() {
          window.position += 1
          contexts.append(.object)
          return
        }
        if window.fill() == .full {
          return skipDamage(
            "record of more than \(Self.largestRecord) bytes is above the limit", code: .recordTooLarge,
            into: &sink)
        }
      }
    }
  }

  private func takeBack(
    to mark: SpanTable.Mark, _ summary: ArchiveSummary, _ formats: [String: Int], _ sink: inout SpanSink
  ) {
    sink.table.rollBack(to: mark)
    sink.summary = summary
    sink.spansByFormat = formats
  }

  /// Sees to it that a line is at hand whole when it is not overly long, so that it is read in one go.
  private mutating func fillLine() {
    guard contexts.isEmpty else { return }
    while window.count < Self.streamedSize, !window.isAtEnd,
      memchr(window.memory + window.position, 0x0a, window.count) == nil
    {
      guard window.fill() == .grew else { return }
    }
  }

  private mutating func attempt(upTo end: Int, into sink: inout SpanSink) -> Attempt {
    sink.baseOffset = window.baseOffset
    var reader = JSONReader(
      base: window.memory, position: window.position, end: end, scratch: sink.scratch)
    do {
      if contexts.last == .resourceSpans {
        try OTLPJSON.decodeResourceSpans(&reader, into: &sink)
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
    if let lastFormat, lastFormat.recognises(keys) { return try lastFormat.decode(&reader, into: &sink) }
    for format in SpanFormats.json where format.recognises(keys) {
      lastFormat = format
      return try format.decode(&reader, into: &sink)
    }
    let offset = sink.offset(reader.position)
    let names = DocumentKeys.firstKeys(reader)
    try reader.skipValue()
    if keys.isOtherSignal {
      sink.summary.diagnostics.add(.otherSignal, at: offset, "records of other signals skipped")
    } else if let form = keys.unsupportedForm {
      sink.damage(.unsupportedFormat, at: offset, "\(form) is recognised but not read")
    } else {
      sink.damage(
        .unreadableRecord, at: offset,
        "record at byte \(offset) is of no known format (keys: \(names.joined(separator: ", ")))")
    }
  }

  /// The archive ends inside a record: elements of a single document that are whole are kept.
  private mutating func endInsideRecord(
    _ mark: SpanTable.Mark, _ summary: ArchiveSummary, _ formats: [String: Int], into sink: inout SpanSink
  ) {
    let offset = window.offset
    if valuesRead > 0 || !contexts.isEmpty { takeBack(to: mark, summary, formats, &sink) }
    if valuesRead > 0, isLineOriented, let newline = nextNewline() {
      // A line that was cut short, with whole lines behind it.
      window.position = newline + 1
      return sink.damage(
        .unreadableRecord, at: offset, "record at byte \(offset) does not parse: it ends early")
    }
    window.position = window.end
    contexts.removeAll()
    if window.damage == nil {
      sink.damage(.truncatedStream, at: offset, "stream ends inside a record at byte \(offset)")
    }
  }

  private func nextNewline() -> Int? {
    guard let found = memchr(window.memory + window.position, 0x0a, window.count) else { return nil }
    return UnsafePointer(found.assumingMemoryBound(to: UInt8.self)) - UnsafePointer(window.memory)
  }

  private mutating func noteLineEnd() {
    var place = window.position
    while place < window.end, window.memory[place] == 0x20 || window.memory[place] == 0x0d { place += 1 }
    isLineOriented = place >= window.end || window.memory[place] == 0x0a
  }

  // MARK: Damage

  private mutating func damageRecord(_ fault: JSONFault, into sink: inout SpanSink) {
    let code: DiagnosticCode = fault.reason == .tooDeep ? .recordTooLarge : .unreadableRecord
    let offset = window.offset
    skipDamage("record at byte \(offset) does not parse: \(fault.explanation)", code: code, into: &sink)
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
    contexts.removeAll()
    while true {
      while let newline = nextNewline() {
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

  // MARK: Large documents

  /// True when the object at the position may hold lists that are read element by element.
  private func canBeTakenApart() -> Bool { contexts.last != .resourceSpans }

  /// Reads one member of a large object: lists of spans are entered, anything else is passed over.
  private mutating func readMember(into sink: inout SpanSink) {
    while true {
      var reader = JSONReader(
        base: window.memory, position: window.position, end: window.end, scratch: sink.scratch)
      do throws(JSONFault) {
        guard let key = try reader.nextKey() else { return }
        let entered: Context? =
          if key == "resourceSpans" || key == "resource_spans" || key == "batches" {
            .resourceSpans
          } else if key == "data" || key == "spans" || key == "result" || key == "trace" || key == "hits" {
            .documents
          } else {
            nil
          }
        guard reader.position < reader.end else {
          throw JSONFault(reason: .endOfInput, position: reader.position)
        }
        switch (entered, reader.byte) {
        case (.some(let context), 0x5b): contexts.append(context)
        case (.some, 0x7b): contexts.append(.object)
        default:
          try reader.skipValue()
          window.position = reader.position
          return
        }
        window.position = reader.position + 1
        return
      } catch {
        guard error.reason == .endOfInput, !window.isAtEnd else { return damageRecord(error, into: &sink) }
        if window.fill() == .full {
          return skipDamage(
            "record of more than \(Self.largestRecord) bytes is above the limit", code: .recordTooLarge,
            into: &sink)
        }
      }
    }
  }
}

extension DocumentKeys {
  /// True for documents of other signals than traces, and for what accompanies spans in their archives.
  var isOtherSignal: Bool {
    contains(.otherSignal) || contains(.dataWithoutSpans) || self == [.serviceName, .operationName]
  }

  /// The name of a form that is known but not read.
  var unsupportedForm: String? {
    if contains(.elasticsearch) || isSuperset(of: [.jaegerTraceID, .jaegerSpanID]) {
      return "Jaeger's Elasticsearch document"
    }
    if isSuperset(of: [.traceID, .spanID]) { return "Jaeger's protobuf JSON" }
    if contains(.xray) { return "X-Ray JSON" }
    if contains(.numericTraceID) { return "Datadog JSON" }
    if contains(.tempoMeta) { return "Tempo block metadata" }
    return nil
  }
}
