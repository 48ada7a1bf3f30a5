import TraceModel

/// Links and events of Datadog spans.
///
/// Source: dd-trace-py, `SpanLink.to_dict` and `SpanEvent`: ids of links are hex, times nanoseconds, values plain JSON.
enum DatadogParts {
  /// Reads `span_links`.
  static func decodeLinks(
    _ reader: inout JSONReader, _ extra: inout ExtraFields, into sink: inout SpanSink
  ) throws(JSONFault) {
    guard try reader.enterArrayOrSkip() else { return }
    let first = sink.table.links.count
    while try reader.nextElement() {
      guard try reader.enterObjectOrSkip() else { continue }
      var link = SpanLink()
      while let key = try reader.nextKey() {
        if key == "trace_id" {
          guard let text = try reader.lenientText() else { continue }
          if case .id(let id) = IdentifierText.traceID(text, allowsBase64: false) { link.traceID = id }
        } else if key == "span_id" {
          guard let text = try reader.lenientText() else { continue }
          if case .id(let id) = IdentifierText.spanID(text, allowsBase64: false) { link.spanID = id }
        } else if key == "tracestate" {
          link.traceState = try OTLPJSON.symbol(&reader, in: &sink)
        } else if key == "flags" {
          link.flags = try reader.lenientCount()
        } else if key == "dropped_attributes_count" {
          link.droppedAttributes = try reader.lenientCount()
        } else if key == "attributes" {
          let start = sink.table.attributes.count
          try decodeAttributes(&reader, into: &sink)
          link.takeAttributes(from: start, of: sink.table)
        } else {
          try reader.skipValue()
        }
      }
      if !link.spanID.isAbsent { sink.table.links.append(link) }
    }
    extra.takeLinks(from: first, of: sink.table)
  }

  /// Reads `span_events`.
  static func decodeEvents(
    _ reader: inout JSONReader, _ span: inout SpanRecord, _ extra: inout ExtraFields,
    into sink: inout SpanSink
  ) throws(JSONFault) {
    guard try reader.enterArrayOrSkip() else { return }
    let first = sink.table.events.count
    while try reader.nextElement() {
      guard try reader.enterObjectOrSkip() else { continue }
      var event = SpanEvent()
      while let key = try reader.nextKey() {
        if key == "name" {
          event.name = try OTLPJSON.symbol(&reader, in: &sink)
        } else if key == "time_unix_nano" {
          event.time = UnixNanoseconds(max(0, try reader.lenientInteger() ?? 0))
        } else if key == "attributes" {
          let start = sink.table.attributes.count
          try decodeAttributes(&reader, into: &sink)
          event.takeAttributes(from: start, of: sink.table)
        } else {
          try reader.skipValue()
        }
      }
      if event.name == AttributeKey.exception { span.traits.insert(.exceptionEvent) }
      sink.table.events.append(event)
    }
    extra.takeEvents(from: first, of: sink.table)
  }

  /// Appends the attributes in an object of plain values.
  private static func decodeAttributes(
    _ reader: inout JSONReader, into sink: inout SpanSink
  ) throws(JSONFault) {
    let start = sink.table.attributes.count
    guard try reader.enterObjectOrSkip() else { return }
    while let key = try reader.nextKey() {
      let symbol = sink.table.symbols.intern(key.base, count: key.count)
      guard symbol.index <= Attribute.largestKey else {
        try reader.skipValue()
        continue
      }
      try PlainJSON.appendAttribute(symbol, &reader, into: &sink)
    }
    _ = sink.table.dropRepeatedKeys(from: start)
  }
}
