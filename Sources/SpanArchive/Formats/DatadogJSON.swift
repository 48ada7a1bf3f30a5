import TraceModel

/// Datadog's trace JSON: a list of traces, each a list of spans; one span a document, lists are taken apart before.
///
/// Source: dd-trace-api, dd-trace-py and the contrib Datadog receiver. Ids are decimal numbers of 64 bits; the high half
/// of a trace id stands as hex in `meta["_dd.p.tid"]`, often of the first span only. The operation is the `resource`.
/// What tracers print where there is no agent, `{"traces":[[…]]}`, has hex ids.
enum DatadogJSON: JSONSpanFormat {
  static let label = FormatLabel.datadogJSON
  static let order = 9

  static func recognises(_ document: DocumentKeys) -> Bool {
    document.contains(.numericTraceID) || document.contains(.datadogTraces)
  }

  static func decode(
    _ reader: inout JSONReader, _ keys: DocumentKeys, into sink: inout SpanSink
  ) throws(JSONFault) {
    if keys.contains(.datadogTraces) {
      try decodeTraces(&reader, into: &sink)
    } else {
      try decodeOne(&reader, areIDsHex: false, into: &sink)
    }
  }

  /// Reads `{"traces":[[span, …], …]}`.
  private static func decodeTraces(_ reader: inout JSONReader, into sink: inout SpanSink) throws(JSONFault) {
    try reader.enterObject()
    while let key = try reader.nextKey() {
      guard key == "traces" else {
        try reader.skipValue()
        continue
      }
      guard try reader.enterArrayOrSkip() else { continue }
      while try reader.nextElement() {
        guard try reader.enterArrayOrSkip() else { continue }
        while try reader.nextElement() { try decodeOne(&reader, areIDsHex: true, into: &sink) }
      }
    }
  }

  private static func decodeOne(
    _ reader: inout JSONReader, areIDsHex: Bool, into sink: inout SpanSink
  ) throws(JSONFault) {
    let position = reader.position
    try sink.whole { (sink, mark) throws(JSONFault) in
      try decodeSpan(&reader, position, mark, areIDsHex, into: &sink)
    }
    sink.count(spans: 1, of: label)
  }

  /// What a span says besides the fields of a record.
  private struct Extras {
    var start: Int64 = 0
    var duration: Int64?
    var service = Symbol.empty
    var highTraceID: UInt64 = 0
    var name = Symbol.empty
    var type = Symbol.empty
    /// Where links and events stand: they are read behind the attributes, which lie together.
    var links: JSONReader?
    var events: JSONReader?
  }

  private static func decodeSpan(
    _ reader: inout JSONReader, _ position: Int, _ mark: SpanTable.Mark, _ areIDsHex: Bool,
    into sink: inout SpanSink
  ) throws(JSONFault) {
    guard try reader.enterObjectOrSkip() else {
      return sink.quarantine(.invalidField, at: position, backTo: mark, "a span is not an object")
    }
    var span = SpanRecord()
    var extras = Extras()
    var parts = SpanParts()
    parts.allowsBase64 = false
    let firstAttribute = sink.table.attributes.count
    while let key = try reader.nextKey() {
      if areIDsHex, try decodeHexID(key, &reader, &span, &parts, into: &sink) { continue }
      if key == "trace_id" {
        span.traceID = TraceID(high: 0, low: try number(&reader, &parts))
      } else if key == "span_id" {
        span.spanID = SpanID(try number(&reader, &parts))
      } else if key == "parent_id" {
        guard let text = try reader.lenientText() else { continue }
        span.parentSpanID = SpanID(Digits.decimal(text.base, text.count) ?? 0)
      } else if key == "resource" {
        span.name = try OTLPJSON.symbol(&reader, in: &sink)
      } else if key == "name" {
        extras.name = try OTLPJSON.symbol(&reader, in: &sink)
      } else if key == "type" {
        extras.type = try OTLPJSON.symbol(&reader, in: &sink)
      } else if key == "service" {
        extras.service = try OTLPJSON.symbol(&reader, in: &sink)
      } else if key == "start" {
        extras.start = try reader.lenientInteger() ?? 0
      } else if key == "duration" {
        extras.duration = try reader.lenientInteger()
      } else if key == "error" {
        if try reader.lenientInteger() ?? 0 != 0 { span.reportedStatus = .error }
      } else if key == "meta" {
        try decodeMeta(&reader, &span, &parts.extra, &extras, into: &sink)
      } else if key == "metrics" {
        try decodeMetrics(&reader, &parts, into: &sink)
      } else {
        if key == "span_links" { extras.links = reader }
        if key == "span_events" { extras.events = reader }
        try reader.skipValue()
      }
    }
    if !span.traceID.isAbsent { span.traceID = TraceID(high: extras.highTraceID, low: span.traceID.low) }
    if let problem = parts.problem {
      return sink.quarantine(problem.code, at: position, backTo: mark, of: span.traceID, problem.message)
    }
    if span.name.isEmpty { span.name = extras.name }
    if !extras.name.isEmpty { append("operation.name", extras.name, into: &sink) }
    if !extras.type.isEmpty { append("span.type", extras.type, into: &sink) }
    if sink.table.dropRepeatedKeys(from: firstAttribute) { span.traits.insert(.duplicateAttribute) }
    span.takeAttributes(from: firstAttribute, of: sink.table)
    parts.settle(start: extras.start, duration: extras.duration, &span)
    if var links = extras.links { try DatadogParts.decodeLinks(&links, &parts.extra, into: &sink) }
    if var events = extras.events { try DatadogParts.decodeEvents(&events, &span, &parts.extra, into: &sink) }
    span.resource = ZipkinSpan.service(extras.service, in: &sink)
    sink.accept(span, parts, at: position, to: reader.position, since: mark)
  }

  /// Reads an id in hex; false, with nothing read, for other members.
  private static func decodeHexID(
    _ key: JSONText, _ reader: inout JSONReader, _ span: inout SpanRecord, _ parts: inout SpanParts,
    into sink: inout SpanSink
  ) throws(JSONFault) -> Bool {
    if key == "trace_id" {
      try parts.readTraceID(&reader, &span)
    } else if key == "span_id" {
      try parts.readSpanID(&reader, &span)
    } else if key == "parent_id" {
      try parts.readParentID(&reader, &span, in: &sink)
    } else {
      return false
    }
    return true
  }

  /// An unsigned number of 64 bits, never by way of a double; anything else refuses the span.
  private static func number(
    _ reader: inout JSONReader, _ parts: inout SpanParts
  ) throws(JSONFault) -> UInt64 {
    guard let text = try reader.lenientText() else { return 0 }
    if let value = Digits.decimal(text.base, text.count) { return value }
    if parts.problem == nil, text.count > 0 {
      let excerpt = String(decoding: text.bytes.prefix(120), as: UTF8.self)
      parts.problem = SpanParts.Problem(
        code: .invalidID, message: "id \(excerpt) is not a decimal number of 64 bits")
    }
    return 0
  }

  private static func append(_ key: String, _ value: Symbol, into sink: inout SpanSink) {
    let symbol = sink.table.symbols.intern(key)
    if symbol.index <= Attribute.largestKey { sink.table.appendAttribute(symbol, text: value) }
  }

  /// Reads texts: tags, some of which say something about the span itself.
  private static func decodeMeta(
    _ reader: inout JSONReader, _ span: inout SpanRecord, _ extra: inout ExtraFields,
    _ extras: inout Extras, into sink: inout SpanSink
  ) throws(JSONFault) {
    guard try reader.enterObjectOrSkip() else { return }
    while let key = try reader.nextKey() {
      if key == "_dd.p.tid" {
        guard let text = try reader.lenientText(), text.count == 16 else { continue }
        extras.highTraceID = Digits.hex16(text.base) ?? 0
        continue
      }
      let isKind = key == "span.kind"
      let isMessage = key == "error.message" || key == "error.msg"
      let symbol = sink.table.symbols.intern(key.base, count: key.count)
      guard let text = try reader.lenientText() else { continue }
      if isKind {
        span.kind = KindName.kind(text, &span)
        continue
      }
      let value = sink.table.valueSymbol(of: symbol, text.base, count: text.count)
      if isMessage { extra.statusMessage = value }
      if symbol.index <= Attribute.largestKey { sink.table.appendAttribute(symbol, text: value) }
    }
  }

  /// Reads numbers: tags, among them what the sampler decided.
  private static func decodeMetrics(
    _ reader: inout JSONReader, _ parts: inout SpanParts, into sink: inout SpanSink
  ) throws(JSONFault) {
    guard try reader.enterObjectOrSkip() else { return }
    while let key = try reader.nextKey() {
      let isPriority = key == "_sampling_priority_v1"
      let symbol = sink.table.symbols.intern(key.base, count: key.count)
      guard reader.peekKind() == .number, symbol.index <= Attribute.largestKey else {
        try reader.skipValue()
        continue
      }
      let text = try reader.readNumber()
      if isPriority, let priority = Digits.integer(text), priority > 0 { parts.flags |= 1 }
      PlainJSON.appendNumber(symbol, text, into: &sink)
    }
  }
}
