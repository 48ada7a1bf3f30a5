import TraceModel

/// Log records in OTLP JSON: `LogsData` and export requests.
///
/// Source: opentelemetry-proto `logs/v1/logs.proto` and the OTLP specification's JSON mapping.
enum OTLPLogs {
  /// True when an object, which is not moved past, holds OTLP logs.
  static func recognises(_ reader: JSONReader) throws(JSONFault) -> Bool {
    var reader = reader
    try reader.enterObject()
    guard let key = try reader.nextKey() else { return false }
    return isBatches(key)
  }

  private static func isBatches(_ key: JSONText) -> Bool { key == "resourceLogs" || key == "resource_logs" }

  /// Reads the document that begins here, whole.
  static func decode(
    _ reader: inout JSONReader, offset: UInt64, into logs: inout LogCollector
  ) throws(JSONFault) {
    let base = reader.position
    try reader.enterObject()
    while let key = try reader.nextKey() {
      guard isBatches(key), try reader.enterArrayOrSkip() else {
        if !isBatches(key) { try reader.skipValue() }
        continue
      }
      while try reader.nextElement() { try decodeBatch(&reader, base, offset, into: &logs) }
    }
  }

  /// Reads one `ResourceLogs`; the resource may stand behind the records.
  private static func decodeBatch(
    _ reader: inout JSONReader, _ base: Int, _ offset: UInt64, into logs: inout LogCollector
  ) throws(JSONFault) {
    guard try reader.enterObjectOrSkip() else { return }
    var service = ""
    var scopes: [JSONReader] = []
    while let key = try reader.nextKey() {
      if key == "resource" {
        service = try decodeService(&reader)
      } else {
        if key == "scopeLogs" || key == "scope_logs" || key == "instrumentationLibraryLogs" {
          scopes.append(reader)
        }
        try reader.skipValue()
      }
    }
    for start in scopes {
      var reader = start
      guard try reader.enterArrayOrSkip() else { continue }
      while try reader.nextElement() {
        guard try reader.enterObjectOrSkip() else { continue }
        while let key = try reader.nextKey() {
          guard key == "logRecords" || key == "log_records", reader.peekKind() == .array else {
            try reader.skipValue()
            continue
          }
          try reader.enterArray()
          while try reader.nextElement() {
            let place = offset + UInt64(max(0, reader.position - base))
            try decodeRecord(&reader, service, place, into: &logs)
          }
        }
      }
    }
  }

  private static func decodeService(_ reader: inout JSONReader) throws(JSONFault) -> String {
    guard try reader.enterObjectOrSkip() else { return "" }
    var service = ""
    while let key = try reader.nextKey() {
      guard key == "attributes" else {
        try reader.skipValue()
        continue
      }
      for field in try attributes(&reader, limit: 64) where field.key == "service.name" {
        service = LogText.cut(field.value, 200)
      }
    }
    return service
  }

  private static func decodeRecord(
    _ reader: inout JSONReader, _ service: String, _ offset: UInt64, into logs: inout LogCollector
  ) throws(JSONFault) {
    guard reader.peekKind() == .object else { return try reader.skipValue() }
    let start = reader
    var ids = FlatLogRecord.IDs()
    try reader.enterObject()
    while let key = try reader.nextKey() {
      let role = LogKey.role(of: key)
      if let role, role == .trace || role == .span, let text = try reader.lenientText() {
        note(text, role, &ids)
      } else if role != .trace, role != .span {
        try reader.skipValue()
      }
    }
    guard let wanted = logs.count(trace: ids.trace, hasSpan: !ids.span.isAbsent) else { return }
    var record = LogRecord()
    record.traceID = ids.trace
    record.spanID = ids.span
    record.service = service
    record.offset = offset
    var again = start
    try again.enterObject()
    var observed = UnixNanoseconds.unknown
    while let key = try again.nextKey() { try readMember(key, &again, &record, &observed) }
    if record.time == .unknown { record.time = observed }
    logs.keep(record, for: wanted)
  }

  /// OTLP's ids are hex of a fixed length, or base64 where a writer mapped protobuf's bytes plainly.
  private static func note(_ text: JSONText, _ role: LogKey, _ ids: inout FlatLogRecord.IDs) {
    if role == .trace, case .id(let id) = IdentifierText.traceID(text, allowsBase64: true) { ids.trace = id }
    if role == .span, case .id(let id) = IdentifierText.spanID(text, allowsBase64: true) { ids.span = id }
  }

  private static func readMember(
    _ key: JSONText, _ reader: inout JSONReader, _ record: inout LogRecord, _ observed: inout UnixNanoseconds
  ) throws(JSONFault) {
    if key == "timeUnixNano" || key == "time_unix_nano" {
      record.time = UnixNanoseconds(try reader.lenientInteger() ?? 0)
    } else if key == "observedTimeUnixNano" || key == "observed_time_unix_nano" {
      observed = UnixNanoseconds(try reader.lenientInteger() ?? 0)
    } else if key == "severityNumber" || key == "severity_number" {
      let text = try reader.lenientText()?.string ?? ""
      if let number = Int(text) {
        record.severity = LogSeverity(number: number)
      } else if text.hasPrefix("SEVERITY_NUMBER_") {
        record.severity = LogSeverity(word: String(text.dropFirst(16)))
      }
    } else if key == "severityText" || key == "severity_text" {
      let word = try reader.lenientText()?.string ?? ""
      if record.severity == .unspecified { record.severity = LogSeverity(word: word) }
    } else if key == "body" {
      record.message = try anyValue(&reader, limit: FlatLogRecord.longestMessage)
    } else if key == "attributes" {
      record.fields += try attributes(&reader, limit: FlatLogRecord.mostFields)
    } else if key == "eventName" || key == "event_name" {
      let name = try FlatLogRecord.text(&reader, limit: 200)
      if !name.isEmpty { record.fields.append(LogRecord.Field(key: "event name", value: name)) }
    } else {
      try reader.skipValue()
    }
  }

  private static func attributes(
    _ reader: inout JSONReader, limit: Int
  ) throws(JSONFault) -> [LogRecord.Field] {
    var fields: [LogRecord.Field] = []
    guard try reader.enterArrayOrSkip() else { return fields }
    while try reader.nextElement() {
      guard fields.count < limit, try reader.enterObjectOrSkip() else {
        if fields.count >= limit { try reader.skipValue() }
        continue
      }
      var field = LogRecord.Field(key: "", value: "")
      while let key = try reader.nextKey() {
        if key == "key" {
          field.key = try FlatLogRecord.text(&reader, limit: 200)
        } else if key == "value" {
          field.value = try anyValue(&reader, limit: FlatLogRecord.longestValue)
        } else {
          try reader.skipValue()
        }
      }
      fields.append(field)
    }
    return fields
  }

  /// A scalar as it is; arrays and maps as their JSON.
  private static func anyValue(_ reader: inout JSONReader, limit: Int) throws(JSONFault) -> String {
    guard reader.peekKind() == .object else { return try FlatLogRecord.text(&reader, limit: limit) }
    var value = ""
    try reader.enterObject()
    while try reader.nextKey() != nil { value = try FlatLogRecord.text(&reader, limit: limit) }
    return value
  }
}
