import TraceModel

/// The arguments of slices and instants: what a viewer shows of the one that is chosen.
struct PerfettoArguments {
  private let store: SpanStore
  private let values: PlainValues

  init(store: SpanStore) {
    self.store = store
    values = PlainValues(store: store)
  }

  /// Appends `"args":{…}` of a span.
  func append(of span: TraceSpan, in trace: Trace, to writer: inout JSONWriter) {
    let record = span.record
    writer.key("args")
    writer.object { writer in
      writer.key("traceId")
      writer.id(trace.id)
      writer.key("spanId")
      writer.id(record.spanID)
      let parent = trace.namedParent(of: span)
      if !parent.isAbsent {
        writer.key("parentSpanId")
        writer.id(parent)
      }
      writer.key("status")
      writer.string(record.status.name)
      writer.member("statusMessage", trace.statusMessage(of: span, in: store), in: store)
      writer.key("startUnixNano")
      writer.decimalText(record.start.rawValue)
      if span.adjustedBy != .zero {
        writer.key("adjustedByNano")
        writer.decimalText(span.adjustedBy.rawValue)
      }
      writer.member("traceState", trace.traceState(of: span, in: store), in: store)
      trace.withAttributes(of: span, in: store) {
        values.append($0, table: record.table, as: "attributes", to: &writer)
      }
      appendLinks(of: span, in: trace, to: &writer)
      writer.member("scope", store.scope(at: record.scope).name, in: store)
      let resource = store.resource(at: record.resource)
      values.append(store.attributes(of: resource), table: resource.table, as: "resource", to: &writer)
    }
  }

  /// Appends `"args":{…}` of an event that has attributes.
  func append(of event: SpanEvent, _ record: SpanRecord, to writer: inout JSONWriter) {
    guard event.attributeCount > 0 else { return }
    let attributes = store.attributes(from: event.attributeStart, count: event.attributeCount, of: record)
    values.append(attributes, table: record.table, as: "args", to: &writer)
  }

  private func appendLinks(of span: TraceSpan, in trace: Trace, to writer: inout JSONWriter) {
    let links = trace.links(of: span, in: store)
    guard !links.isEmpty else { return }
    writer.key("links")
    writer.array { writer in
      for link in links {
        writer.object { writer in
          writer.key("traceId")
          writer.id(link.traceID.isAbsent ? trace.id : link.traceID)
          writer.key("spanId")
          writer.id(link.spanID)
        }
      }
    }
  }
}
