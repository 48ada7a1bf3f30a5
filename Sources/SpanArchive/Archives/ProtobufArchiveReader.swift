import TraceModel

/// How protobuf messages follow one another in an archive.
enum ProtobufFraming {
  /// Fields of one message, or of several that were joined, which is the same.
  case bare
  /// A length of 4 bytes, the highest first, before each message (the collector's file exporter).
  case lengthPrefixed
  /// A length as a varint before each message (`writeDelimitedTo`).
  case delimited
}

/// Reads an archive of protobuf messages, in whatever frames.
///
///     bare            0a [length][element] 0a [length][element] …
///     lengthPrefixed  [4 bytes][message] [4 bytes][message] …
///     delimited       [varint][message] [varint][message] …
///
/// Every message is a repeated field 1, whose elements hold spans: memory is bounded by one element, or by one frame
/// where there are frames, which are refused whole when they are damaged.
struct ProtobufArchiveReader: ~Copyable {
  private var window: ByteWindow
  private let limits: ReadingLimits
  private var framing = ProtobufFraming.bare
  private var format: (any ProtobufSpanFormat.Type)?

  /// Reads what the window holds and will hold.
  init(_ window: consuming ByteWindow, limits: ReadingLimits) {
    self.window = window
    self.limits = limits
  }

  /// Gives the window back, with nothing read of it, to a reader of another family.
  consuming func takeWindow() -> ByteWindow { window }

  /// True when the archive holds protobuf messages of a known form, whose framing and form are then known.
  mutating func recognise() -> Bool {
    _ = window.fill()
    return recogniseAtHand()
  }

  /// Reads everything into the sink.
  mutating func read(into sink: inout SpanSink) {
    readRun(into: &sink)
    while true {
      if let damage = window.damage { sink.damage(damage.code, at: window.offset, damage.message) }
      guard window.resumeBehindGap() else { break }
      // What comes behind a gap begins anew, if it begins with a message at all.
      _ = window.fill()
      if window.count == 0 { continue }
      if recogniseAtHand() {
        readRun(into: &sink)
      } else {
        let offset = window.offset
        sink.damage(
          .unreadableRecord, at: offset, "record at byte \(offset) does not parse: no message begins here")
        skipAll()
      }
    }
    sink.summary.inflatedBytes = Int(clamping: window.offset)
  }

  private mutating func readRun(into sink: inout SpanSink) {
    if let format { sink.formats.note(format.label) }
    while window.count > 0 || window.fill() == .grew && window.count > 0 {
      sink.settleRecord()
      let isRead =
        switch framing {
        case .bare: readElement(into: &sink)
        case .lengthPrefixed: readFrame(prefix: lengthPrefix(), into: &sink)
        case .delimited: readFrame(prefix: varintPrefix(), into: &sink)
        }
      if !isRead { return }
    }
  }

  // MARK: Recognition

  /// Decides in this order: 4-byte lengths, no frames, varint lengths.
  private mutating func recogniseAtHand() -> Bool {
    var start = window.position
    // Frames without a message in them say nothing.
    while start + 4 <= window.end, (0..<4).allSatisfy({ window.memory[start + $0] == 0 }) { start += 4 }
    if start + 5 <= window.end, window.memory[start + 4] == 0x0a {
      let length = bigEndian(at: start)
      let fits = !window.isAtEnd || start + 4 + length <= window.end || window.memory[start] == 0
      if length > 0, length <= limits.recordBytes, fits, recognisesMessage(at: start + 4, length: length) {
        framing = .lengthPrefixed
        return true
      }
    }
    if recognisesMessage(at: window.position, length: window.count) {
      framing = .bare
      return true
    }
    var reader = ProtobufReader(base: window.memory, position: window.position, end: window.end)
    if let length = try? reader.varint(), length > 0, length <= UInt64(limits.recordBytes),
      recognisesMessage(at: reader.position, length: Int(length))
    {
      framing = .delimited
      return true
    }
    return false
  }

  private func bigEndian(at place: Int) -> Int {
    (0..<4).reduce(0) { $0 << 8 | Int(window.memory[place + $1]) }
  }

  /// True when a message of this length begins with an element of a known format.
  private mutating func recognisesMessage(at start: Int, length: Int) -> Bool {
    guard start < window.end, window.memory[start] == 0x0a else { return false }
    var reader = ProtobufReader(
      base: window.memory, position: start, end: min(window.end, start + length), isCut: true)
    do {
      _ = try reader.nextTag()
      let messageEnd = start + length
      let size = try reader.varint()
      guard size <= UInt64(limits.recordBytes),
        reader.position + Int(size) <= messageEnd || !window.isAtEnd
          || start + length >= window.end
      else { return false }
      let end = min(window.end, reader.position + Int(size))
      let isCut = end < reader.position + Int(size)
      let element = ProtobufReader(base: window.memory, position: reader.position, end: end, isCut: isCut)
      for format in SpanFormats.protobuf where format.recognises(element) {
        self.format = format
        return true
      }
    } catch {
      return false
    }
    return false
  }

  // MARK: Frames

  /// A frame's length and where its message begins; nil when the bytes at hand end inside it or it is none.
  private func lengthPrefix() -> (length: Int, start: Int)? {
    window.count < 4 ? nil : (bigEndian(at: window.position), window.position + 4)
  }

  private func varintPrefix() -> (length: Int, start: Int)? {
    var reader = ProtobufReader(base: window.memory, position: window.position, end: window.end)
    guard let length = try? reader.varint() else { return nil }
    return (Int(clamping: length), reader.position)
  }

  /// Reads one frame; false when reading cannot go on.
  private mutating func readFrame(
    prefix: (length: Int, start: Int)?, into sink: inout SpanSink
  ) -> Bool {
    guard let prefix else {
      if window.count < 10, window.fill() == .grew { return true }
      return endInsideRecord(into: &sink)
    }
    let (length, start) = prefix
    guard length <= limits.recordBytes - 20 else {
      let offset = window.offset
      sink.damage(
        .recordTooLarge, at: offset, "record of \(length) bytes at byte \(offset) is above the limit")
      window.position = start
      return skip(length) || endInsideRecord(into: &sink)
    }
    guard window.end - start >= length else {
      if window.fill() == .grew { return true }
      return endInsideRecord(into: &sink)
    }
    let mark = sink.mark
    sink.baseOffset = window.baseOffset
    var reader = ProtobufReader(base: window.memory, position: start, end: start + length)
    do {
      try decodeMessage(&reader, into: &sink)
    } catch {
      sink.rollBack(to: mark)
      damage(error, into: &sink)
    }
    window.position = start + length
    return true
  }

  private func decodeMessage(
    _ reader: inout ProtobufReader, into sink: inout SpanSink
  ) throws(ProtobufFault) {
    guard let format else { return }
    while let tag = try reader.nextTag() {
      guard tag == 0x0a else {
        try reader.skip(tag)
        continue
      }
      let outer = try reader.enter()
      try format.decode(&reader, into: &sink)
      reader.leave(outer)
    }
  }

  // MARK: Elements

  /// Reads one field of a bare message; false when reading cannot go on.
  private mutating func readElement(into sink: inout SpanSink) -> Bool {
    var reader = ProtobufReader(base: window.memory, position: window.position, end: window.end)
    do throws(ProtobufFault) {
      guard let length = try elementLength(&reader) else {
        window.position = reader.position
        return true
      }
      guard length <= UInt64(limits.recordBytes - 20) else {
        let offset = window.offset
        sink.damage(
          .recordTooLarge, at: offset, "record of \(length) bytes at byte \(offset) is above the limit")
        window.position = reader.position
        return skip(Int(clamping: length)) || endInsideRecord(into: &sink)
      }
      let end = reader.position + Int(length)
      guard end <= window.end else { throw ProtobufFault(reason: .endOfInput, position: reader.position) }
      sink.settle(beforeRecordOf: Int(length))
      decodeElement(from: reader.position, to: end, into: &sink)
      window.position = end
      return true
    } catch {
      return endElement(error, into: &sink)
    }
  }

  /// The length of the element that begins here; nil, having passed over it, for another field.
  private func elementLength(_ reader: inout ProtobufReader) throws(ProtobufFault) -> UInt64? {
    let tag = try reader.varint()
    if tag == 0x0a { return try reader.varint() }
    try reader.skip(tag)
    return nil
  }

  private func decodeElement(from start: Int, to end: Int, into sink: inout SpanSink) {
    sink.baseOffset = window.baseOffset
    var element = ProtobufReader(base: window.memory, position: start, end: end)
    let mark = sink.mark
    do {
      try format?.decode(&element, into: &sink)
    } catch {
      sink.rollBack(to: mark)
      damage(error, into: &sink)
    }
  }

  /// Goes on with more bytes where those at hand end inside an element; anything else ends the reading.
  private mutating func endElement(_ fault: ProtobufFault, into sink: inout SpanSink) -> Bool {
    guard fault.reason == .endOfInput else {
      damage(fault, into: &sink)
      skipAll()
      return false
    }
    return window.fill() == .grew || endInsideElement(into: &sink)
  }

  /// The archive ends inside an element: the spans that are whole are kept.
  private mutating func endInsideElement(into sink: inout SpanSink) -> Bool {
    sink.baseOffset = window.baseOffset
    var reader = ProtobufReader(
      base: window.memory, position: window.position, end: window.end, isCut: true)
    if let tag = try? reader.varint(), tag == 0x0a, (try? reader.enter()) != nil {
      try? format?.decode(&reader, into: &sink)
    }
    return endInsideRecord(into: &sink)
  }

  // MARK: Damage

  private func damage(_ fault: ProtobufFault, into sink: inout SpanSink) {
    let offset = window.offset
    let code: DiagnosticCode = fault.reason == .tooDeep ? .recordTooLarge : .unreadableRecord
    sink.damage(code, at: offset, "record at byte \(offset) does not parse: \(fault.explanation)")
  }

  private mutating func endInsideRecord(into sink: inout SpanSink) -> Bool {
    if window.damage == nil {
      let offset = window.offset
      sink.damage(.truncatedStream, at: offset, "stream ends inside a record at byte \(offset)")
    }
    window.position = window.end
    return false
  }

  /// Passes over so many bytes; false when the archive ends before.
  private mutating func skip(_ count: Int) -> Bool {
    var rest = count
    while rest > window.count {
      rest -= window.count
      window.position = window.end
      guard window.fill() == .grew, window.count > 0 else { return false }
    }
    window.position += rest
    return true
  }

  private mutating func skipAll() {
    repeat { window.position = window.end } while window.fill() == .grew && window.count > 0
  }
}
