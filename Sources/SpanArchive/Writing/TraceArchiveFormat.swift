package import TraceModel

/// The formats in which traces are written as a new archive, by the names of `--format`.
package enum TraceArchiveFormat: String, CaseIterable, Sendable {
  /// OTLP JSON, one trace a line: loses nothing.
  case otlpJSON = "otlp-json"
  /// What Jaeger's query service answers, and its UI uploads.
  case jaegerJSON = "jaeger-json"
  /// A list of Zipkin v2 spans, as its collector and its UI take them.
  case zipkinJSON = "zipkin-json"
  /// The trace event format, for the viewers of Perfetto and Chrome.
  case perfetto

  fileprivate func writing(_ store: SpanStore) -> any TraceWriting {
    switch self {
    case .otlpJSON: OTLPTraceLine(store: store)
    case .jaegerJSON: JaegerTraceWriting(store: store)
    case .zipkinJSON: ZipkinTraceWriting(store: store)
    case .perfetto: PerfettoTraceWriting(store: store)
    }
  }
}

/// What stands around the traces of an archive.
struct TraceArchiveFrame {
  /// Before all traces.
  var head: StaticString = ""
  /// Between two traces.
  var separator: StaticString = ""
  /// Behind every trace.
  var terminator: StaticString = ""
  /// Behind all traces.
  var tail: StaticString = ""
}

/// Writes traces in one format.
protocol TraceWriting {
  /// What stands around the traces.
  static var frame: TraceArchiveFrame { get }
  /// Appends one trace: one or several JSON values, which are parted by commas.
  mutating func append(_ trace: Trace, to writer: inout JSONWriter)
}

/// An archive that is being written, trace after trace: `begin`, `append` for each trace, `end`.
package struct TraceArchiveWriter {
  private var writing: any TraceWriting
  private var isFirst = true

  /// Writes spans of a store.
  package init(_ format: TraceArchiveFormat, store: SpanStore) { writing = format.writing(store) }

  /// Appends what stands before all traces.
  package func begin(_ writer: inout JSONWriter) { writer.verbatim(type(of: writing).frame.head) }

  /// Appends a trace; traces come in the order of their start.
  package mutating func append(_ trace: Trace, to writer: inout JSONWriter) {
    let frame = type(of: writing).frame
    if !isFirst { writer.verbatim(frame.separator) }
    isFirst = false
    writing.append(trace, to: &writer)
    writer.verbatim(frame.terminator)
  }

  /// Appends what stands behind all traces.
  package func end(_ writer: inout JSONWriter) { writer.verbatim(type(of: writing).frame.tail) }
}

extension OTLPTraceLine: TraceWriting {
  static let frame = TraceArchiveFrame(terminator: "\n")
}

extension Trace {
  /// The parent that a span names: of several Jaeger references the one that became its parent.
  func namedParent(of span: TraceSpan) -> SpanID {
    let record = span.record
    if span.parent >= 0, record.traits.contains(.references), !span.traits.contains(.shared) {
      return spans[Int(span.parent)].record.spanID
    }
    return record.parentSpanID
  }
}
