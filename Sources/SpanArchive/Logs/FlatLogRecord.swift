import TraceModel

/// Log records of one flat JSON object: Elastic Common Schema, Datadog, Google Cloud, Logback, Serilog, zap, pino, …
///
/// A record is looked at twice: first only for its ids, which costs little, then as a whole if it is wanted.
enum FlatLogRecord {
  /// The longest message and the longest value kept, in bytes.
  static let longestMessage = 4_000
  static let longestValue = 1_000
  /// The most further fields kept.
  static let mostFields = 24

  /// The ids that a record names.
  struct IDs {
    var trace = TraceID.absent
    var span = SpanID.absent

    mutating func note(_ role: LogKey, _ text: JSONText) {
      switch role {
      case .trace where trace.isAbsent, .traceParent where trace.isAbsent:
        guard let id = ForeignTraceID(text.string) else { return }
        trace = id.traceID
        if span.isAbsent { span = id.spanID }
      case .span where span.isAbsent: span = ForeignTraceID.spanID(text.bytes) ?? .absent
      default: break
      }
    }
  }

  /// Reads the record that begins here, whole.
  static func decode(
    _ reader: inout JSONReader, offset: UInt64, into logs: inout LogCollector
  ) throws(JSONFault) {
    let start = reader
    var ids = IDs()
    try forEachField(&reader, named: false) { role, _, reader throws(JSONFault) in
      guard let role, role == .trace || role == .span || role == .traceParent else {
        return try reader.skipValue()
      }
      if let text = try reader.lenientText() { ids.note(role, text) }
    }
    guard let wanted = logs.count(trace: ids.trace, hasSpan: !ids.span.isAbsent) else { return }
    var record = LogRecord()
    record.traceID = ids.trace
    record.spanID = ids.span
    record.offset = offset
    var again = start
    try forEachField(&again, named: true) { role, name, reader throws(JSONFault) in
      try read(role, name, &reader, into: &record)
    }
    logs.keep(record, for: wanted)
  }

  /// Calls a body before the value of each field, and of each field of an object that groups fields; it must pass over
  /// the value. Names are put together only if asked for.
  private static func forEachField(
    _ reader: inout JSONReader, named: Bool,
    _ body: (LogKey?, String, inout JSONReader) throws(JSONFault) -> Void
  ) throws(JSONFault) {
    try reader.enterObject()
    while let key = try reader.nextKey() {
      let role = LogKey.role(of: key)
      let name = named || LogKey.isGroup(key) ? key.string : ""
      let isContext = LogKey.isContext(key)
      guard reader.peekKind() == .object, isContext || LogKey.isGroup(key) else {
        try body(role, name, &reader)
        continue
      }
      try reader.enterObject()
      while let inner = try reader.nextKey() {
        var innerRole = LogKey.role(of: inner)
        let full = named || !isContext ? name + "." + inner.string : ""
        if !isContext { innerRole = groupRole(of: full) }
        try body(innerRole, full, &reader)
      }
    }
  }

  private static func groupRole(of name: String) -> LogKey? {
    var name = name
    return name.withUTF8 { bytes in
      bytes.baseAddress.flatMap { LogKey.role(of: JSONText(base: $0, count: bytes.count)) }
    }
  }

  private static func read(
    _ role: LogKey?, _ name: String, _ reader: inout JSONReader, into record: inout LogRecord
  ) throws(JSONFault) {
    switch role {
    case .trace, .span, .traceParent: try reader.skipValue()
    case .time where record.time == .unknown:
      if let text = try reader.lenientText() { record.time = LogTime.read(text.bytes) ?? .unknown }
    case .severity where record.severity == .unspecified:
      if let text = try reader.lenientText() { record.severity = severity(text.string) }
    case .severityNumber:
      if let number = try reader.lenientInteger() {
        record.severity = LogSeverity(number: Int(clamping: number))
      }
    case .message where record.message.isEmpty:
      record.message = try text(&reader, limit: longestMessage)
    case .service where record.service.isEmpty: record.service = try text(&reader, limit: 200)
    default: try readField(name, &reader, into: &record)
    }
  }

  private static func severity(_ text: String) -> LogSeverity {
    Int(text).map { LogSeverity(tens: $0) } ?? LogSeverity(word: text)
  }

  private static func readField(
    _ name: String, _ reader: inout JSONReader, into record: inout LogRecord
  ) throws(JSONFault) {
    guard record.fields.count < mostFields else { return try reader.skipValue() }
    let value = try text(&reader, limit: longestValue)
    if !value.isEmpty {
      record.fields.append(LogRecord.Field(key: LogText.cut(name, 200), value: value))
    }
  }

  /// A scalar as it is, anything else as its JSON.
  static func text(_ reader: inout JSONReader, limit: Int) throws(JSONFault) -> String {
    switch reader.peekKind() {
    case .object, .array: return LogText.cut(try reader.compactValue(), limit)
    default: return LogText.cut(try reader.lenientText().map { Array($0.bytes) } ?? [], limit)
    }
  }
}

/// Cuts texts of logs to a length.
enum LogText {
  /// The first so many bytes, whole scalars only, with a mark where something was cut.
  static func cut(_ bytes: [UInt8], _ limit: Int) -> String {
    guard bytes.count > limit else { return String(decoding: bytes, as: UTF8.self) }
    var end = limit
    while end > 0, bytes[end] & 0xc0 == 0x80 { end -= 1 }
    return String(decoding: bytes[..<end], as: UTF8.self) + "…"
  }

  static func cut(_ text: String, _ limit: Int) -> String {
    text.utf8.count > limit ? cut(Array(text.utf8), limit) : text
  }
}
