import TraceModel

/// Traces as Jaeger's query service answers them, and as its UI downloads and uploads them.
///
/// Times and status are those that were reported; names of tags are those of OpenTelemetry's mapping to Jaeger. The form
/// cannot carry nanoseconds, attributes, state and flags of links, attributes of scopes, schema addresses, and arrays
/// and maps, which become their JSON. An OTLP link is a FOLLOWS_FROM reference: of a span without a parent, one into
/// its own trace is read as its parent. A failed span gets the tag `error`, for which Jaeger's UI looks.
struct JaegerTraceWriting: TraceWriting {
  static let frame = TraceArchiveFrame(
    head: "{\"data\":[\n", separator: ",\n",
    tail: "\n],\"total\":0,\"limit\":0,\"offset\":0,\"errors\":null}\n")

  private let store: SpanStore
  private let tags: JaegerTagWriting

  init(store: SpanStore) {
    self.store = store
    tags = JaegerTagWriting(store: store)
  }

  func append(_ trace: Trace, to writer: inout JSONWriter) {
    // Resources in the order of their first spans.
    var numbers: [UInt32: Int] = [:]
    var resources: [UInt32] = []
    writer.object { writer in
      writer.key("traceID")
      writer.id(trace.id)
      writer.key("spans")
      writer.array { writer in
        for span in trace.spans {
          let resource = span.record.resource
          let number = numbers[resource] ?? resources.count
          if number == resources.count {
            numbers[resource] = number
            resources.append(resource)
          }
          append(span, of: trace, process: number, to: &writer)
          writer.endPiece()
        }
      }
      writer.key("processes")
      writer.object { writer in
        for (number, resource) in resources.enumerated() {
          writer.key("p\(number + 1)")
          append(store.resource(at: resource), to: &writer)
        }
      }
      writer.key("warnings")
      writer.null()
    }
  }

  private func append(_ resource: Resource, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.key("serviceName")
      if resource.serviceName.isEmpty {
        writer.string("OTLPResourceNoServiceName")
      } else {
        writer.string(store.symbols.bytes(resource.serviceName))
      }
      writer.key("tags")
      writer.array { writer in
        for attribute in store.attributes(of: resource)
        where attribute.key != AttributeKey.serviceName {
          tags.append(attribute, table: resource.table, to: &writer)
          writer.endPiece()
        }
      }
    }
  }

  private func append(
    _ span: TraceSpan, of trace: Trace, process: Int, to writer: inout JSONWriter
  ) {
    let record = span.record
    writer.object { writer in
      writer.key("traceID")
      writer.id(trace.id)
      writer.key("spanID")
      writer.id(record.spanID)
      let flags = Self.flags(of: record)
      if flags > 0 {
        writer.key("flags")
        writer.integer(flags)
      }
      writer.key("operationName")
      writer.string(store.symbols.bytes(record.name))
      appendReferences(of: span, in: trace, to: &writer)
      appendTimes(of: record, to: &writer)
      tags.append(of: span, in: trace, to: &writer)
      appendLogs(of: span, in: trace, to: &writer)
      writer.key("processID")
      writer.string("p\(process + 1)")
      writer.key("warnings")
      writer.null()
    }
  }

  /// Jaeger's flags: sampled and firehose as they are; its debug bit means something else in W3C's flags.
  private static func flags(of record: SpanRecord) -> UInt32 {
    UInt32(record.lowerFlags) & 0b1001 | (record.traits.contains(.debug) ? 0b10 : 0)
  }

  private func appendTimes(of record: SpanRecord, to writer: inout JSONWriter) {
    writer.key("startTime")
    writer.integer(max(0, record.start.rawValue) / 1_000)
    if let length = record.reportedMicroseconds {
      writer.key("duration")
      writer.integer(length)
    }
  }

  private func appendReferences(of span: TraceSpan, in trace: Trace, to writer: inout JSONWriter) {
    writer.key("references")
    writer.array { writer in
      let parent = trace.namedParent(of: span)
      if !parent.isAbsent {
        append(trace.parentKind(of: span, in: store), trace.id, parent, to: &writer)
      }
      for link in trace.links(of: span, in: store) {
        append(link.kind, link.traceID.isAbsent ? trace.id : link.traceID, link.spanID, to: &writer)
        writer.endPiece()
      }
    }
  }

  private func append(
    _ kind: SpanLinkKind, _ trace: TraceID, _ span: SpanID, to writer: inout JSONWriter
  ) {
    writer.object { writer in
      writer.key("refType")
      writer.string(kind == .childOf ? "CHILD_OF" : "FOLLOWS_FROM")
      writer.key("traceID")
      writer.id(trace)
      writer.key("spanID")
      writer.id(span)
    }
  }

  private func appendLogs(of span: TraceSpan, in trace: Trace, to writer: inout JSONWriter) {
    writer.key("logs")
    writer.array { writer in
      for event in trace.events(of: span, in: store) {
        writer.object { writer in
          writer.key("timestamp")
          writer.integer(max(0, event.time.rawValue) / 1_000)
          writer.key("fields")
          writer.array { writer in
            if !event.name.isEmpty {
              tags.append("event", text: store.symbols.bytes(event.name), to: &writer)
            }
            guard event.attributeCount > 0 else { return }
            let attributes = store.attributes(
              from: event.attributeStart, count: event.attributeCount, of: span.record)
            // The field of this name is the name of the event.
            for attribute in attributes where attribute.key != AttributeKey.event || event.name.isEmpty {
              tags.append(attribute, table: span.record.table, to: &writer)
            }
          }
        }
        writer.endPiece()
      }
    }
  }
}

extension SpanRecord {
  /// The reported length in whole microseconds, cut; nil when none was reported.
  var reportedMicroseconds: Int64? {
    if traits.contains(.missingEnd) { return nil }
    if traits.contains(.durationOnly) { return max(0, end.rawValue) / 1_000 }
    let (length, overflow) = end.rawValue.subtractingReportingOverflow(max(0, start.rawValue))
    return overflow ? nil : max(0, length) / 1_000
  }
}

extension Trace {
  /// What the reference to the parent of a span says.
  fileprivate func parentKind(of span: TraceSpan, in store: SpanStore) -> SpanLinkKind {
    if span.record.traits.contains(.followsFrom) { return .followsFrom }
    guard span.record.traits.contains(.references), !span.traits.contains(.fused) else { return .childOf }
    let parent = namedParent(of: span)
    let reference = store.links(of: span.record).first { $0.kind != .link && $0.spanID == parent }
    return reference?.kind ?? .childOf
  }
}
