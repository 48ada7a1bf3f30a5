package import TraceModel

/// One reconstructed trace as a line of JSON: what `tracebook inspect` prints.
///
/// Keys, their order and their forms are the contract's.
package enum InspectLine {
  /// Appends the object of a trace, without an end of line.
  ///
  /// - Parameter detailed: false leaves out `spans` and `criticalPath`, as `search` does.
  /// - Complexity: O(spans).
  package static func append(
    _ trace: Trace, in store: SpanStore, detailed: Bool = true, to writer: inout JSONWriter
  ) {
    let root = trace.spans[trace.primaryRoot]
    writer.object { writer in
      writer.key("traceId")
      writer.id(trace.id)
      writer.key("rootService")
      writer.string(store.symbols.bytes(root.service))
      writer.key("rootOperation")
      writer.string(store.symbols.bytes(root.record.name))
      writer.key("startUnixNano")
      writer.decimalText(trace.start.rawValue)
      writer.key("durationNano")
      writer.decimalText(trace.duration.rawValue)
      writer.key("spanCount")
      writer.integer(trace.spans.count)
      writer.key("errorCount")
      writer.integer(trace.errorCount)
      writer.key("serviceCount")
      writer.integer(serviceCount(trace))
      writer.key("depth")
      writer.integer(trace.depth)
      writer.key("complete")
      writer.boolean(trace.isComplete)
      writer.key("warnings")
      writer.array { writer in
        for warning in trace.warnings {
          append(warning, of: trace, to: &writer)
          writer.endPiece()
        }
      }
      guard detailed else { return }
      writer.key("spans")
      writer.array { writer in
        for span in trace.spans {
          append(span, of: trace, in: store, to: &writer)
          writer.endPiece()
        }
      }
      writer.key("criticalPath")
      writer.array { writer in
        for section in trace.criticalPath {
          append(section, of: trace, to: &writer)
          writer.endPiece()
        }
      }
    }
  }

  private static func serviceCount(_ trace: Trace) -> Int {
    var services: Set<Symbol> = []
    for span in trace.spans where !span.service.isEmpty { services.insert(span.service) }
    return services.count
  }

  private static func append(_ warning: TraceWarning, of trace: Trace, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.key("code")
      writer.string(warning.code.rawValue)
      writer.key("spanId")
      writer.id(warning.span.map { trace.spans[$0].record.spanID } ?? .absent)
      writer.key("message")
      writer.string(warning.message)
    }
  }

  private static func append(
    _ span: TraceSpan, of trace: Trace, in store: SpanStore, to writer: inout JSONWriter
  ) {
    writer.object { writer in
      writer.key("spanId")
      writer.id(span.record.spanID)
      appendMarks(span, to: &writer)
      writer.key("parentSpanId")
      writer.id(span.isRoot ? .absent : trace.spans[Int(span.parent)].record.spanID)
      writer.key("service")
      writer.string(store.symbols.bytes(span.service))
      writer.key("operation")
      writer.string(store.symbols.bytes(span.record.name))
      writer.key("kind")
      writer.string(span.record.kind.name)
      writer.key("status")
      writer.string(span.record.status.name)
      writer.key("startUnixNano")
      writer.decimalText(span.start.rawValue)
      writer.key("endUnixNano")
      writer.decimalText(span.end.rawValue)
      writer.key("adjustedByNano")
      writer.decimalText(span.adjustedBy.rawValue)
      writer.key("selfTimeNano")
      writer.decimalText(span.selfTime.rawValue)
      writer.key("criticalPathNano")
      writer.decimalText(span.criticalPathTime.rawValue)
      writer.key("depth")
      writer.integer(span.depth)
      writer.key("childCount")
      writer.integer(span.childCount)
      writer.key("isRootCause")
      writer.boolean(span.traits.contains(.rootCause))
      if let count = AdjustedCount.ofSpan(span, in: trace, store) {
        writer.key("adjustedCount")
        writer.double(count)
      }
    }
  }

  private static func append(
    _ section: CriticalPathSection, of trace: Trace, to writer: inout JSONWriter
  ) {
    let span = trace.spans[Int(section.span)]
    writer.object { writer in
      writer.key("spanId")
      writer.id(span.record.spanID)
      appendMarks(span, to: &writer)
      writer.key("startUnixNano")
      writer.decimalText(section.start.rawValue)
      writer.key("endUnixNano")
      writer.decimalText(section.end.rawValue)
    }
  }

  /// What tells a span apart from others of its id.
  private static func appendMarks(_ span: TraceSpan, to writer: inout JSONWriter) {
    if span.traits.contains(.shared) {
      writer.key("shared")
      writer.boolean(true)
    }
    if span.ordinal > 0 {
      writer.key("ordinal")
      writer.integer(span.ordinal)
    }
  }
}
