import TraceModel

/// Traces as a list of Zipkin v2 spans, by OpenTelemetry's mapping to Zipkin.
///
/// Times are those that were reported, in microseconds; a length below one becomes one, as Zipkin wants. All values
/// are texts; attributes of the resource, scope, status and state become tags of the span, links the tags
/// `otlp.link.N` of the OpenTelemetry Collector. An event with attributes becomes an annotation that holds their JSON.
struct ZipkinTraceWriting: TraceWriting {
  static let frame = TraceArchiveFrame(head: "[\n", separator: ",\n", tail: "\n]\n")

  private let store: SpanStore
  private let values: PlainValues

  init(store: SpanStore) {
    self.store = store
    values = PlainValues(store: store)
  }

  func append(_ trace: Trace, to writer: inout JSONWriter) {
    for span in trace.spans {
      append(span, of: trace, to: &writer)
      writer.endPiece()
    }
  }

  private func append(_ span: TraceSpan, of trace: Trace, to writer: inout JSONWriter) {
    let record = span.record
    writer.object { writer in
      writer.key("traceId")
      writer.id(trace.id)
      let parent = trace.namedParent(of: span)
      if !parent.isAbsent, parent != record.spanID {
        writer.key("parentId")
        writer.id(parent)
      }
      writer.key("id")
      writer.id(record.spanID)
      if record.kind != .unspecified, record.kind != .internal {
        writer.key("kind")
        writer.string(record.kind.name)
      }
      writer.member("name", record.name, in: store)
      appendTimes(of: record, to: &writer)
      let pair = trace.endpoints(of: span, in: store)
      append(pair.local, service: span.service, as: "localEndpoint", to: &writer)
      append(pair.remote, service: peer(of: span, in: trace), as: "remoteEndpoint", to: &writer)
      appendAnnotations(of: span, in: trace, to: &writer)
      appendTags(of: span, in: trace, to: &writer)
      append(record.traits.contains(.debug), "debug", to: &writer)
      append(record.traits.contains(.shared), "shared", to: &writer)
    }
  }

  private func append(_ isSet: Bool, _ key: StaticString, to writer: inout JSONWriter) {
    guard isSet else { return }
    writer.key(key)
    writer.boolean(true)
  }

  private func appendTimes(of record: SpanRecord, to writer: inout JSONWriter) {
    if record.start.rawValue >= 1_000 {
      writer.key("timestamp")
      writer.integer(record.start.rawValue / 1_000)
    }
    if let length = record.reportedMicroseconds {
      writer.key("duration")
      writer.integer(max(1, length))
    }
  }

  // MARK: Endpoints

  private func append(
    _ endpoint: Endpoint, service: Symbol, as key: StaticString, to writer: inout JSONWriter
  ) {
    let service = endpoint.service.isEmpty ? service : endpoint.service
    let isUnknown = service.isEmpty && endpoint.isNamedUnknown
    guard !service.isEmpty || isUnknown || !endpoint.isAbsent else { return }
    writer.key(key)
    writer.object { writer in
      if isUnknown {
        writer.key("serviceName")
        writer.string("unknown")
      }
      writer.member("serviceName", service, in: store)
      writer.member("ipv4", endpoint.ipv4, in: store)
      writer.member("ipv6", endpoint.ipv6, in: store)
      if endpoint.port > 0 {
        writer.key("port")
        writer.integer(endpoint.port)
      }
    }
  }

  /// The service that a span names as the one it calls.
  private func peer(of span: TraceSpan, in trace: Trace) -> Symbol {
    guard span.record.kind == .client || span.record.kind == .producer else { return .empty }
    let keys = [AttributeKey.symbol("service.peer.name"), AttributeKey.symbol("peer.service")]
    guard let peer = trace.attribute(keys, of: span, in: store), peer.type == .text else { return .empty }
    return Symbol(peer.payload)
  }

  // MARK: Annotations

  private func appendAnnotations(of span: TraceSpan, in trace: Trace, to writer: inout JSONWriter) {
    let events = trace.events(of: span, in: store)
    guard !events.isEmpty else { return }
    writer.key("annotations")
    writer.array { writer in
      for event in events {
        writer.object { writer in
          if event.time.rawValue >= 1_000 {
            writer.key("timestamp")
            writer.integer(event.time.rawValue / 1_000)
          }
          writer.key("value")
          appendValue(of: event, span.record, to: &writer)
        }
        writer.endPiece()
      }
    }
  }

  /// Appends `name`, or `"name":{"key":"value"}` as a text.
  private func appendValue(of event: SpanEvent, _ record: SpanRecord, to writer: inout JSONWriter) {
    guard event.attributeCount > 0 else { return writer.string(store.symbols.bytes(event.name)) }
    let attributes = store.attributes(from: event.attributeStart, count: event.attributeCount, of: record)
    var text = JSONWriter()
    text.key(store.symbols.bytes(event.name))
    values.append(attributes, table: record.table, to: &text)
    text.bytes.withUnsafeBufferPointer { writer.string($0) }
  }

  // MARK: Tags

  private func appendTags(of span: TraceSpan, in trace: Trace, to writer: inout JSONWriter) {
    let record = span.record
    writer.key("tags")
    writer.object { writer in
      trace.withAttributes(of: span, in: store) { attributes in
        var own = Set(attributes.map(\.key))
        own.insert(AttributeKey.serviceName)
        appendShared(of: record, without: own, to: &writer)
        appendStatus(of: span, in: trace, without: own, to: &writer)
        for (number, link) in trace.links(of: span, in: store).enumerated() {
          writer.key("otlp.link.\(number)")
          append(link, of: record, in: trace, to: &writer)
          writer.endPiece()
        }
        for attribute in attributes {
          writer.key(store.symbols.bytes(attribute.key))
          values.appendText(attribute, table: record.table, to: &writer)
          writer.endPiece()
        }
      }
    }
  }

  /// What a span shares with others; its own attributes take precedence.
  private func appendShared(of record: SpanRecord, without own: Set<Symbol>, to writer: inout JSONWriter) {
    let resource = store.resource(at: record.resource)
    for attribute in store.attributes(of: resource) where !own.contains(attribute.key) {
      writer.key(store.symbols.bytes(attribute.key))
      values.appendText(attribute, table: resource.table, to: &writer)
      writer.endPiece()
    }
    let scope = store.scope(at: record.scope)
    if !own.contains(AttributeKey.scopeName) { writer.member("otel.scope.name", scope.name, in: store) }
    if !own.contains(AttributeKey.scopeVersion) {
      writer.member("otel.scope.version", scope.version, in: store)
    }
  }

  private func appendStatus(
    of span: TraceSpan, in trace: Trace, without own: Set<Symbol>, to writer: inout JSONWriter
  ) {
    let record = span.record
    if !own.contains(AttributeKey.traceState) {
      writer.member("w3c.tracestate", trace.traceState(of: span, in: store), in: store)
    }
    if record.reportedStatus != .unset, !own.contains(AttributeKey.statusCode) {
      writer.key("otel.status_code")
      writer.string(record.reportedStatus.name)
    }
    if record.reportedStatus == .error, !own.contains(AttributeKey.error) {
      writer.key("error")
      writer.string(store.symbols.bytes(trace.statusMessage(of: span, in: store)))
    }
    let rare = trace.rareFields(of: span, in: store)
    append(count: rare.droppedAttributes, "otel.dropped_attributes_count", to: &writer)
    append(count: rare.droppedEvents, "otel.dropped_events_count", to: &writer)
    append(count: rare.droppedLinks, "otel.dropped_links_count", to: &writer)
  }

  private func append(count: UInt32, _ key: StaticString, to writer: inout JSONWriter) {
    guard count > 0 else { return }
    writer.key(key)
    writer.decimalText(Int64(count))
  }

  /// Appends `trace id|span id|state|attributes|dropped`, which the collector's Zipkin receiver reads as a link.
  private func append(
    _ link: SpanLink, of record: SpanRecord, in trace: Trace, to writer: inout JSONWriter
  ) {
    var json = JSONWriter()
    let attributes =
      link.attributeCount > 0
      ? store.attributes(from: link.attributeStart, count: link.attributeCount, of: record)
      : UnsafeBufferPointer(start: nil, count: 0)
    values.append(attributes, table: record.table, to: &json)
    let target = link.traceID.isAbsent ? trace.id : link.traceID
    let object = String(decoding: json.bytes, as: UTF8.self)
    writer.string(
      "\(target)|\(link.spanID)|\(store.symbols.text(link.traceState))|\(object)|\(link.droppedAttributes)"
    )
  }
}
