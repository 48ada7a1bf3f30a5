import TraceModel

/// Zipkin v2 JSON: one span a document; lists are taken apart before.
///
/// Source: zipkin-api `zipkin2-api.yaml`; read leniently: one odd field never costs the span.
enum ZipkinJSON: JSONSpanFormat {
  static let label = "zipkin-json"
  static let order = 3

  static func recognises(_ document: DocumentKeys) -> Bool { document.isSuperset(of: [.traceID, .id]) }

  static func decode(_ reader: inout JSONReader, into sink: inout SpanSink) throws(JSONFault) {
    let position = reader.position
    let mark = sink.table.mark
    do {
      try decodeSpan(&reader, position, mark, into: &sink)
    } catch {
      sink.table.rollBack(to: mark)
      throw error
    }
    sink.count(spans: 1, of: label)
  }

  private static func decodeSpan(
    _ reader: inout JSONReader, _ position: Int, _ mark: SpanTable.Mark, into sink: inout SpanSink
  ) throws(JSONFault) {
    var span = SpanRecord()
    span.traits = [.zipkin, .microseconds]
    var parts = SpanParts()
    parts.allowsBase64 = false
    var pair = EndpointPair()
    var start: Int64 = 0
    var duration: Int64 = 0
    try reader.enterObject()
    while let key = try reader.nextKey() {
      if key == "traceId" {
        try parts.readTraceID(&reader, &span)
      } else if key == "id" {
        try parts.readSpanID(&reader, &span)
      } else if key == "parentId" {
        try parts.readParentID(&reader, &span, in: &sink)
      } else if key == "name" {
        span.name = try knownName(&reader, in: &sink)
      } else if key == "kind" {
        if let text = try reader.lenientText() { span.kind = KindName.kind(text, &span) }
      } else if key == "timestamp" {
        start = try nanoseconds(&reader)
      } else if key == "duration" {
        duration = try nanoseconds(&reader)
      } else if key == "localEndpoint" {
        pair.local = try endpoint(&reader, &span, in: &sink)
      } else if key == "remoteEndpoint" {
        pair.remote = try endpoint(&reader, &span, in: &sink)
      } else if key == "annotations" {
        try decodeAnnotations(&reader, &span, into: &sink)
      } else if key == "tags" {
        try decodeTags(&reader, &span, into: &sink)
      } else if key == "shared" {
        if try reader.lenientBoolean() == true { span.traits.insert(.shared) }
      } else if key == "debug" {
        if try reader.lenientBoolean() == true { span.traits.insert(.debug) }
      } else {
        try reader.skipValue()
      }
    }
    if let problem = parts.problem {
      return sink.quarantine(
        problem.code, at: position, backTo: mark, of: span.traceID, problem.message)
    }
    if span.kind == .client { span.traits.remove(.shared) }
    if span.kind == .internal { span.kind = .unspecified }
    parts.settle(start: start, duration: duration > 0 ? duration : nil, &span)
    span.resource = service(pair.local.service, in: &sink)
    if pair != EndpointPair() || pair.local.isNamedUnknown || pair.remote.isNamedUnknown {
      sink.table.endpoints.append(pair)
      span.endpoints = UInt32(truncatingIfNeeded: sink.table.endpoints.count - 1)
    }
    if parts.hasRareFields { span.rare = parts.appendRareFields(&sink) }
    sink.accept(span, at: position, since: mark)
  }

  /// The place of the resource that only names a service.
  static func service(_ name: Symbol, in sink: inout SpanSink) -> UInt32 {
    guard !name.isEmpty else { return 0 }
    let start = sink.table.attributes.count
    sink.table.appendAttribute(AttributeKey.serviceName, text: name)
    var resource = Resource()
    resource.serviceName = name
    return sink.table.internResource(resource, attributesFrom: start)
  }

  /// Microseconds as nanoseconds; 0 for none, a negative or an overflowing value.
  private static func nanoseconds(_ reader: inout JSONReader) throws(JSONFault) -> Int64 {
    guard let value = try reader.lenientInteger(), value > 0 else { return 0 }
    let (product, overflow) = value.multipliedReportingOverflow(by: 1_000)
    return overflow ? 0 : product
  }

  /// A name; `unknown` means none.
  private static func knownName(
    _ reader: inout JSONReader, in sink: inout SpanSink
  ) throws(JSONFault) -> Symbol {
    guard let text = try reader.lenientText(), !(text == "unknown") else { return .empty }
    return sink.table.symbols.intern(text.base, count: text.count)
  }

  private static func endpoint(
    _ reader: inout JSONReader, _ span: inout SpanRecord, in sink: inout SpanSink
  ) throws(JSONFault) -> Endpoint {
    var endpoint = Endpoint()
    guard try reader.enterObjectOrSkip() else { return endpoint }
    while let key = try reader.nextKey() {
      if key == "serviceName" {
        guard let text = try reader.lenientText() else { continue }
        endpoint.isNamedUnknown = text == "unknown"
        if !endpoint.isNamedUnknown {
          endpoint.service = sink.table.symbols.intern(text.base, count: text.count)
        }
      } else if key == "ipv4" || key == "ipv6" {
        guard let text = try reader.lenientText() else { continue }
        switch IPAddress.read(text) {
        case .v4(let address): endpoint.ipv4 = sink.table.symbols.intern(address)
        case .v6(let address): endpoint.ipv6 = sink.table.symbols.intern(address)
        case .none: break
        }
      } else if key == "port" {
        let port = try reader.lenientInteger() ?? 0
        if port > 65_535 { span.traits.insert(.droppedField) }
        endpoint.port = port > 0 ? UInt16(exactly: port) ?? 0 : 0
      } else {
        try reader.skipValue()
      }
    }
    return endpoint
  }

  private static func decodeAnnotations(
    _ reader: inout JSONReader, _ span: inout SpanRecord, into sink: inout SpanSink
  ) throws(JSONFault) {
    guard try reader.enterArrayOrSkip() else { return }
    let first = sink.table.events.count
    while try reader.nextElement() {
      guard try reader.enterObjectOrSkip() else { continue }
      var event = SpanEvent()
      var hasValue = false
      while let key = try reader.nextKey() {
        if key == "timestamp" {
          event.time = UnixNanoseconds(try nanoseconds(&reader))
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
    settleAnnotations(from: first, in: &sink)
    span.eventStart = UInt32(truncatingIfNeeded: first)
    span.eventCount = UInt32(truncatingIfNeeded: sink.table.events.count - first)
  }

  /// Sorts annotations by time and text and keeps equal ones once, as Zipkin does.
  static func settleAnnotations(from first: Int, in sink: inout SpanSink) {
    guard sink.table.events.count - first > 1 else { return }
    var events = Array(sink.table.events.elements(from: first, count: sink.table.events.count - first))
    events.sort {
      $0.time != $1.time
        ? $0.time < $1.time : sink.table.symbols.isOrdered($0.name, before: $1.name)
    }
    sink.table.events.truncate(to: first)
    for (place, event) in events.enumerated() {
      if place > 0, events[place - 1].time == event.time, events[place - 1].name == event.name { continue }
      sink.table.events.append(event)
    }
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
        sink.table.appendAttribute(symbol, text: sink.table.symbols.intern(text.base, count: text.count))
      }
    }
    if sink.table.dropRepeatedKeys(from: start) { span.traits.insert(.duplicateAttribute) }
    span.attributeStart = UInt32(truncatingIfNeeded: start)
    span.attributeCount = UInt32(truncatingIfNeeded: sink.table.attributes.count - start)
  }
}
