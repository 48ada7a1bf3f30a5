import TraceModel

/// Datadog's trace JSON: a list of traces, each a list of spans; one span a document, lists are taken apart before.
///
/// Source: dd-trace-api and the contrib Datadog receiver. Ids are decimal numbers of 64 bits; the high half of a trace
/// id stands as hex in `meta["_dd.p.tid"]`. The operation is the `resource`.
enum DatadogJSON: JSONSpanFormat {
  static let label = FormatLabel.datadogJSON
  static let order = 9

  static func recognises(_ document: DocumentKeys) -> Bool { document.contains(.numericTraceID) }

  static func decode(_ reader: inout JSONReader, into sink: inout SpanSink) throws(JSONFault) {
    let position = reader.position
    try sink.whole { (sink, mark) throws(JSONFault) in
      try decodeSpan(&reader, position, mark, into: &sink)
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
  }

  private static func decodeSpan(
    _ reader: inout JSONReader, _ position: Int, _ mark: SpanTable.Mark, into sink: inout SpanSink
  ) throws(JSONFault) {
    var span = SpanRecord()
    var extras = Extras()
    var parts = SpanParts()
    let firstAttribute = sink.table.attributes.count
    try reader.enterObject()
    while let key = try reader.nextKey() {
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
        try decodeMeta(&reader, &span, &extras, into: &sink)
      } else if key == "metrics" {
        try decodeMetrics(&reader, &span, into: &sink)
      } else {
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
    span.attributeStart = UInt32(truncatingIfNeeded: firstAttribute)
    span.attributeCount = UInt32(truncatingIfNeeded: sink.table.attributes.count - firstAttribute)
    parts.settle(start: extras.start, duration: extras.duration, &span)
    span.resource = ZipkinSpan.service(extras.service, in: &sink)
    sink.accept(span, at: position, to: reader.position, since: mark)
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
    _ reader: inout JSONReader, _ span: inout SpanRecord, _ extras: inout Extras, into sink: inout SpanSink
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
      let value = sink.table.symbols.intern(text.base, count: text.count)
      if isMessage { span.statusMessage = value }
      if symbol.index <= Attribute.largestKey { sink.table.appendAttribute(symbol, text: value) }
    }
  }

  /// Reads numbers: tags, among them what the sampler decided.
  private static func decodeMetrics(
    _ reader: inout JSONReader, _ span: inout SpanRecord, into sink: inout SpanSink
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
      if isPriority, let priority = Digits.integer(text), priority > 0 { span.flags |= 1 }
      PlainJSON.appendNumber(symbol, text, into: &sink)
    }
  }
}
