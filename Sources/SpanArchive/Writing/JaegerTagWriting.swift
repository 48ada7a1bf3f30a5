import TraceModel

/// Writes Jaeger's `{key, type, value}` tags.
struct JaegerTagWriting {
  private let store: SpanStore
  private let values: PlainValues

  init(store: SpanStore) {
    self.store = store
    values = PlainValues(store: store)
  }

  /// Appends the tags of a span: what a Jaeger span has no field for, then its attributes.
  func append(of span: TraceSpan, in trace: Trace, to writer: inout JSONWriter) {
    let record = span.record
    writer.key("tags")
    writer.array { writer in
      if record.kind != .unspecified {
        append("span.kind", text: record.kind.name.lowercased(), to: &writer)
      }
      let scope = store.scope(at: record.scope)
      append("otel.scope.name", symbol: scope.name, to: &writer)
      append("otel.scope.version", symbol: scope.version, to: &writer)
      if record.reportedStatus != .unset {
        append("otel.status_code", text: record.reportedStatus.name, to: &writer)
      }
      append("otel.status_description", symbol: trace.statusMessage(of: span, in: store), to: &writer)
      append("w3c.tracestate", symbol: trace.traceState(of: span, in: store), to: &writer)
      appendDropped(trace.rareFields(of: span, in: store), to: &writer)
      trace.withAttributes(of: span, in: store) { attributes in
        if record.reportedStatus == .error, !attributes.contains(where: { $0.key == AttributeKey.error }) {
          append("error", type: "bool", to: &writer) { $0.boolean(true) }
        }
        for attribute in attributes {
          append(attribute, table: record.table, to: &writer)
          writer.endPiece()
        }
      }
      append(remote: trace.endpoints(of: span, in: store).remote, to: &writer)
    }
  }

  /// Appends a tag with its type; what Jaeger has no type for becomes its JSON.
  func append(_ attribute: Attribute, table: UInt16, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.key("key")
      writer.string(store.symbols.bytes(attribute.key))
      writer.key("type")
      writer.string(Self.type(of: attribute.type))
      writer.key("value")
      switch attribute.type {
      case .empty, .array, .map: values.appendText(attribute, table: table, to: &writer)
      default: values.append(attribute, table: table, to: &writer)
      }
    }
  }

  /// Appends a tag that holds a text.
  func append(_ key: StaticString, text: UnsafeBufferPointer<UInt8>, to writer: inout JSONWriter) {
    append(key, type: "string", to: &writer) { $0.string(text) }
  }

  private func append(_ key: StaticString, text: String, to writer: inout JSONWriter) {
    append(key, type: "string", to: &writer) { $0.string(text) }
  }

  private func append(_ key: StaticString, symbol: Symbol, to writer: inout JSONWriter) {
    if !symbol.isEmpty { append(key, text: store.symbols.bytes(symbol), to: &writer) }
  }

  private func append(_ key: StaticString, count: UInt32, to writer: inout JSONWriter) {
    if count > 0 { append(key, type: "int64", to: &writer) { $0.integer(count) } }
  }

  private func append(
    _ key: StaticString, type: StaticString, to writer: inout JSONWriter,
    value: (inout JSONWriter) -> Void
  ) {
    writer.object { writer in
      writer.key("key")
      writer.string(key.description)
      writer.key("type")
      writer.string(type.description)
      writer.key("value")
      value(&writer)
    }
  }

  private func appendDropped(_ rare: RareFields, to writer: inout JSONWriter) {
    append("otel.dropped_attributes_count", count: rare.droppedAttributes, to: &writer)
    append("otel.dropped_events_count", count: rare.droppedEvents, to: &writer)
    append("otel.dropped_links_count", count: rare.droppedLinks, to: &writer)
  }

  /// Whom a Zipkin span talked to, as Jaeger's own translation names it.
  private func append(remote: Endpoint, to writer: inout JSONWriter) {
    append("peer.service", symbol: remote.service, to: &writer)
    append("peer.ipv4", symbol: remote.ipv4, to: &writer)
    append("peer.ipv6", symbol: remote.ipv6, to: &writer)
    append("peer.port", count: UInt32(remote.port), to: &writer)
  }

  private static func type(of type: AttributeType) -> String {
    switch type {
    case .boolean: "bool"
    case .smallInteger, .integer: "int64"
    case .double: "float64"
    case .bytes: "binary"
    case .text, .empty, .array, .map: "string"
    }
  }
}
