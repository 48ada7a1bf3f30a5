import TraceModel

/// Native span JSON: the simple form with `trace_id`, `span_id`, `operation_name`, `start_time` and `tags`.
///
/// Times tell their unit by their magnitude; durations are nanoseconds; ids that are no hex are hashed.
enum NativeJSON: JSONSpanFormat {
  static let label = FormatLabel.nativeJSON
  static let order = 7

  static func recognises(_ document: DocumentKeys) -> Bool {
    document.contains(.nativeTraceID) && document.contains(.nativeSpanID) && document.contains(.nativeField)
      || document == [.spans]
  }

  static func decode(
    _ reader: inout JSONReader, _ keys: DocumentKeys, into sink: inout SpanSink
  ) throws(JSONFault) {
    guard keys == [.spans] else { return try decodeOne(&reader, into: &sink) }
    try reader.enterObject()
    while let key = try reader.nextKey() {
      guard key == "spans" else {
        try reader.skipValue()
        continue
      }
      guard try reader.enterArrayOrSkip() else { continue }
      while try reader.nextElement() { try decodeOne(&reader, into: &sink) }
    }
  }

  private static func decodeOne(_ reader: inout JSONReader, into sink: inout SpanSink) throws(JSONFault) {
    let position = reader.position
    try sink.whole { (sink, mark) throws(JSONFault) in
      try decodeSpan(&reader, position, mark, into: &sink)
    }
    sink.count(spans: 1, of: label)
  }

  /// What a native span says besides the fields of a record.
  private struct Extras {
    var start: Int64 = 0
    var duration: Int64?
    var end: Int64 = 0
    var service = Symbol.empty
    var taggedService = Symbol.empty
  }

  private static func decodeSpan(
    _ reader: inout JSONReader, _ position: Int, _ mark: SpanTable.Mark, into sink: inout SpanSink
  ) throws(JSONFault) {
    guard try reader.enterObjectOrSkip() else {
      return sink.quarantine(.invalidField, at: position, backTo: mark, "a span is not an object")
    }
    var span = SpanRecord()
    var parts = SpanParts()
    var extras = Extras()
    while let key = try reader.nextKey() {
      if key == "trace_id" {
        if let text = try reader.lenientText() { span.traceID = NativeID.traceID(text, in: &sink) }
      } else if key == "span_id" {
        if let text = try reader.lenientText() { span.spanID = NativeID.spanID(text, in: &sink) }
      } else if key == "parent_span_id" {
        if let text = try reader.lenientText() { span.parentSpanID = NativeID.spanID(text, in: &sink) }
      } else if key == "operation_name" || key == "name" {
        span.name = try OTLPJSON.symbol(&reader, in: &sink)
      } else if key == "start_time" {
        extras.start = try time(&reader, in: &sink)
      } else if key == "end_time" {
        extras.end = try time(&reader, in: &sink)
      } else if key == "duration" {
        extras.duration = try reader.lenientInteger()
      } else if key == "service_name" || key == "service" {
        extras.service = try OTLPJSON.symbol(&reader, in: &sink)
      } else if key == "kind" {
        if let text = try reader.lenientText() { span.kind = KindName.kind(text, &span) }
      } else if key == "tags" {
        try decodeTags(&reader, &span, &parts.extra, &extras, into: &sink)
      } else if key == "logs" {
        try decodeLogs(&reader, &span, &parts.extra, into: &sink)
      } else {
        try reader.skipValue()
      }
    }
    if extras.duration == nil, extras.end > 0, extras.start > 0 {
      extras.duration = extras.end - extras.start
    }
    parts.settle(start: extras.start, duration: extras.duration, &span)
    let service = extras.taggedService.isEmpty ? extras.service : extras.taggedService
    span.resource = ZipkinSpan.service(service, in: &sink)
    sink.accept(span, parts, at: position, to: reader.position, since: mark)
  }

  /// A moment in seconds, milliseconds, microseconds or nanoseconds, told apart by magnitude, or as RFC 3339 text.
  private static func time(_ reader: inout JSONReader, in sink: inout SpanSink) throws(JSONFault) -> Int64 {
    guard let text = try reader.lenientText() else { return 0 }
    guard let number = DecimalNumber(text.bytes), let whole = number.whole(timesTenTo: 0) else {
      return RFC3339.nanoseconds(text.bytes) ?? 0
    }
    let (scale, unit) =
      switch whole {
      case ..<100_000_000_000: (9, "seconds")
      case ..<100_000_000_000_000: (6, "milliseconds")
      case ..<100_000_000_000_000_000: (3, "microseconds")
      default: (0, "nanoseconds")
      }
    if whole > 0 { sink.timeUnits.insert(unit) }
    return number.whole(timesTenTo: scale) ?? 0
  }

  private static func decodeTags(
    _ reader: inout JSONReader, _ span: inout SpanRecord, _ extra: inout ExtraFields,
    _ extras: inout Extras, into sink: inout SpanSink
  ) throws(JSONFault) {
    guard try reader.enterObjectOrSkip() else { return }
    let start = sink.table.attributes.count
    while let key = try reader.nextKey() {
      let symbol = sink.table.symbols.intern(key.base, count: key.count)
      guard symbol.index <= Attribute.largestKey else {
        try reader.skipValue()
        continue
      }
      let place = sink.table.attributes.count
      try PlainJSON.appendAttribute(symbol, &reader, into: &sink)
      let value = sink.table.attributes[place]
      guard value.type == .text, symbol.index < AttributeKey.count else { continue }
      if NativeTag.take(
        symbol, Symbol(value.payload), &span, &extra, &extras.taggedService, in: sink.table)
      {
        sink.table.attributes.truncate(to: place)
      }
    }
    if sink.table.dropRepeatedKeys(from: start) { span.traits.insert(.duplicateAttribute) }
    span.takeAttributes(from: start, of: sink.table)
  }

  private static func decodeLogs(
    _ reader: inout JSONReader, _ span: inout SpanRecord, _ extra: inout ExtraFields,
    into sink: inout SpanSink
  ) throws(JSONFault) {
    guard try reader.enterArrayOrSkip() else { return }
    let first = sink.table.events.count
    while try reader.nextElement() {
      guard try reader.enterObjectOrSkip() else { continue }
      var event = SpanEvent()
      event.name = sink.table.symbols.intern("log")
      while let key = try reader.nextKey() {
        if key == "timestamp" {
          event.time = UnixNanoseconds(try time(&reader, in: &sink))
        } else if key == "fields" {
          try decodeFields(&reader, &event, into: &sink)
        } else {
          try reader.skipValue()
        }
      }
      if event.name == AttributeKey.exception { span.traits.insert(.exceptionEvent) }
      sink.table.events.append(event)
    }
    extra.takeEvents(from: first, of: sink.table)
  }

  private static func decodeFields(
    _ reader: inout JSONReader, _ event: inout SpanEvent, into sink: inout SpanSink
  ) throws(JSONFault) {
    guard try reader.enterObjectOrSkip() else { return }
    let start = sink.table.attributes.count
    while let key = try reader.nextKey() {
      let symbol = sink.table.symbols.intern(key.base, count: key.count)
      guard symbol.index <= Attribute.largestKey else {
        try reader.skipValue()
        continue
      }
      let place = sink.table.attributes.count
      try PlainJSON.appendAttribute(symbol, &reader, into: &sink)
      let value = sink.table.attributes[place]
      if symbol == AttributeKey.event, value.type == .text {
        event.name = Symbol(value.payload)
        sink.table.attributes.truncate(to: place)
      }
    }
    _ = sink.table.dropRepeatedKeys(from: start)
    event.takeAttributes(from: start, of: sink.table)
  }
}

/// Tags of a native span that say something about the span itself.
enum NativeTag {
  /// True when the tag was taken over and need not be kept as an attribute.
  static func take(
    _ key: Symbol, _ value: Symbol, _ span: inout SpanRecord, _ extra: inout ExtraFields,
    _ service: inout Symbol, in table: borrowing SpanTable
  ) -> Bool {
    let bytes = table.symbols.bytes(whileReading: value)
    let text = JSONText(base: bytes.baseAddress ?? JSONText.nowhere, count: bytes.count)
    if key == AttributeKey.serviceName {
      service = value
    } else if key == AttributeKey.spanKind {
      var probe = SpanRecord()
      let kind = KindName.kind(text, &probe)
      guard kind != .unspecified else { return false }
      span.kind = kind
    } else if key == AttributeKey.statusCode, text.equalsIgnoringCase("error") {
      span.reportedStatus = .error
    } else if key == AttributeKey.statusCode, text.equalsIgnoringCase("ok") {
      span.reportedStatus = .ok
    } else if key == AttributeKey.statusDescription {
      extra.statusMessage = value
    } else {
      return false
    }
    return true
  }
}

/// Ids of native spans: hex, UUIDs without their dashes, and anything else by its FNV-1a hash.
enum NativeID {
  static func traceID(_ text: JSONText, in sink: inout SpanSink) -> TraceID {
    if let id = uuid(text) { return id }
    switch IdentifierText.traceID(text, allowsBase64: false) {
    case .id(let id): return id
    case .absent: return .absent
    case .invalid:
      sink.summary.diagnostics.add(.nonHexID, at: sink.baseOffset, "text ids were hashed")
      return hash128(text)
    }
  }

  static func spanID(_ text: JSONText, in sink: inout SpanSink) -> SpanID {
    switch IdentifierText.spanID(text, allowsBase64: false) {
    case .id(let id): return id
    case .absent: return .absent
    case .invalid:
      sink.summary.diagnostics.add(.nonHexID, at: sink.baseOffset, "text ids were hashed")
      return SpanID(hash64(text))
    }
  }

  /// The digits of a UUID: 36 characters with dashes in fixed places.
  private static func uuid(_ text: JSONText) -> TraceID? {
    guard text.count == 36, text.base[8] == 0x2d, text.base[13] == 0x2d, text.base[18] == 0x2d,
      text.base[23] == 0x2d
    else { return nil }
    var value: UInt128 = 0
    for byte in text.bytes where byte != 0x2d {
      guard let digit = Digits.hexValue(byte) else { return nil }
      value = value << 4 | UInt128(digit)
    }
    return TraceID(high: UInt64(truncatingIfNeeded: value >> 64), low: UInt64(truncatingIfNeeded: value))
  }

  /// FNV-1a, 64 bits (www.isthe.com/chongo/tech/comp/fnv).
  private static func hash64(_ text: JSONText) -> UInt64 {
    text.bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
  }

  /// FNV-1a, 128 bits: the prime is 2^88 + 2^8 + 0x3b.
  private static func hash128(_ text: JSONText) -> TraceID {
    let prime: UInt128 = 1 << 88 | 0x13b
    var state: UInt128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d
    for byte in text.bytes { state = (state ^ UInt128(byte)) &* prime }
    return TraceID(high: UInt64(truncatingIfNeeded: state >> 64), low: UInt64(truncatingIfNeeded: state))
  }
}
