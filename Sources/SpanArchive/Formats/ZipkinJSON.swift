import TraceModel

/// Zipkin v2 JSON: one span a document; lists are taken apart before.
///
/// Source: zipkin-api `zipkin2-api.yaml`; read leniently: one odd field never costs the span.
enum ZipkinJSON: JSONSpanFormat {
  static let label = FormatLabel.zipkinJSON
  static let order = 4

  static func recognises(_ document: DocumentKeys) -> Bool {
    document.isSuperset(of: [.traceID, .id]) && !document.isZipkinV1
  }

  static func decode(
    _ reader: inout JSONReader, _ keys: DocumentKeys, into sink: inout SpanSink
  ) throws(JSONFault) {
    let position = reader.position
    try sink.whole { (sink, mark) throws(JSONFault) in
      try decodeSpan(&reader, position, mark, into: &sink)
    }
    sink.count(spans: 1, of: label)
  }

  private static func decodeSpan(
    _ reader: inout JSONReader, _ position: Int, _ mark: SpanTable.Mark, into sink: inout SpanSink
  ) throws(JSONFault) {
    var draft = ZipkinSpan()
    try reader.enterObject()
    while let key = try reader.nextKey() {
      if key == "traceId" {
        try draft.parts.readTraceID(&reader, &draft.span)
      } else if key == "id" {
        try draft.parts.readSpanID(&reader, &draft.span)
      } else if key == "parentId" {
        try draft.parts.readParentID(&reader, &draft.span, in: &sink)
      } else if key == "name" {
        draft.span.name = try name(&reader, in: &sink)
      } else if key == "kind" {
        if let text = try reader.lenientText() { draft.span.kind = KindName.kind(text, &draft.span) }
      } else if key == "timestamp" {
        draft.start = ZipkinSpan.nanoseconds(try reader.lenientInteger())
      } else if key == "duration" {
        draft.duration = ZipkinSpan.nanoseconds(try reader.lenientInteger())
      } else if key == "localEndpoint" {
        draft.pair.local = try endpoint(&reader, &draft, in: &sink)
      } else if key == "remoteEndpoint" {
        draft.pair.remote = try endpoint(&reader, &draft, in: &sink)
      } else if key == "annotations" {
        try decodeAnnotations(&reader, &draft.parts.extra, into: &sink)
      } else if key == "tags" {
        try decodeTags(&reader, &draft.span, into: &sink)
      } else if key == "shared" {
        if try reader.lenientBoolean() == true { draft.span.traits.insert(.shared) }
      } else if key == "debug" {
        if try reader.lenientBoolean() == true { draft.span.traits.insert(.debug) }
      } else {
        try reader.skipValue()
      }
    }
    draft.accept(at: position, to: reader.position, since: mark, into: &sink)
  }

  /// A name; `unknown` means none.
  static func name(_ reader: inout JSONReader, in sink: inout SpanSink) throws(JSONFault) -> Symbol {
    guard let text = try reader.lenientText(), !(text == "unknown") else { return .empty }
    return sink.table.symbols.intern(text.base, count: text.count)
  }

  /// Reads the endpoint that begins here.
  static func endpoint(
    _ reader: inout JSONReader, _ draft: inout ZipkinSpan, in sink: inout SpanSink
  ) throws(JSONFault) -> Endpoint {
    var endpoint = Endpoint()
    guard try reader.enterObjectOrSkip() else { return endpoint }
    while let key = try reader.nextKey() {
      if key == "serviceName" {
        guard let text = try reader.lenientText() else { continue }
        ZipkinSpan.takeService(text, &endpoint, in: &sink)
      } else if key == "ipv4" || key == "ipv6" {
        if let text = try reader.lenientText() { IPAddress.take(text, &endpoint, in: &sink) }
      } else if key == "port" {
        draft.takePort(try reader.lenientInteger() ?? 0, &endpoint)
      } else {
        try reader.skipValue()
      }
    }
    return endpoint
  }

  private static func decodeAnnotations(
    _ reader: inout JSONReader, _ extra: inout ExtraFields, into sink: inout SpanSink
  ) throws(JSONFault) {
    guard try reader.enterArrayOrSkip() else { return }
    let first = sink.table.events.count
    while try reader.nextElement() {
      guard try reader.enterObjectOrSkip() else { continue }
      var event = SpanEvent()
      var hasValue = false
      while let key = try reader.nextKey() {
        if key == "timestamp" {
          event.time = UnixNanoseconds(ZipkinSpan.nanoseconds(try reader.lenientInteger()))
        } else if key == "value" {
          guard let text = try reader.lenientText() else { continue }
          event.name = sink.table.symbols.intern(text.base, count: text.count)
          hasValue = true
        } else {
          try reader.skipValue()
        }
      }
      if hasValue { sink.table.events.append(event) }
    }
    extra.takeEvents(from: first, of: sink.table)
  }

  private static func decodeTags(
    _ reader: inout JSONReader, _ span: inout SpanRecord, into sink: inout SpanSink
  ) throws(JSONFault) {
    guard try reader.enterObjectOrSkip() else { return }
    let start = sink.table.attributes.count
    while let key = try reader.nextKey() {
      let symbol = sink.table.symbols.intern(key.base, count: key.count)
      if reader.peekKind() == .object || reader.peekKind() == .array {
        try reader.skipValue()
        span.traits.insert(.droppedField)
      } else if let text = try reader.lenientText(), symbol.index <= Attribute.largestKey {
        let value = sink.table.valueSymbol(of: symbol, text.base, count: text.count)
        sink.table.appendAttribute(symbol, text: value)
      }
    }
    if sink.table.dropRepeatedKeys(from: start) { span.traits.insert(.duplicateAttribute) }
    span.takeAttributes(from: start, of: sink.table)
  }
}
