import TraceAnalysis
import TraceModel

/// What happened when, over all traces of an incident: where failures began and passed, and what was logged.
struct IncidentTimeline {
  struct Row {
    var time: UnixNanoseconds
    var trace: TraceID
    var span: SpanID
    var service: String
    /// `failed`, `error passed through`, `WARN`, `ERROR`.
    var what: String
    var text: String
    var isError: Bool
  }

  let rows: [Row]
  let total: Int

  init(_ views: [TraceView], limit: Int) {
    var rows: [Row] = []
    for view in views {
      rows += Self.failures(view) + Self.logs(view)
    }
    rows.sort { left, right in
      if left.time != right.time { return left.time < right.time }
      return (left.trace, left.span, left.text) < (right.trace, right.span, right.text)
    }
    total = rows.count
    self.rows = Array(rows.prefix(limit))
  }

  private static func failures(_ view: TraceView) -> [Row] {
    view.trace.spans.indices.filter { view.trace.spans[$0].isError }.map { place in
      let span = view.trace.spans[place]
      let isOrigin = span.traits.contains(.rootCause)
      let message = view.errorText(of: place)
      return Row(
        time: span.end, trace: view.trace.id, span: span.record.spanID, service: view.serviceName(of: place),
        what: isOrigin ? "failed" : "error passed through",
        text: view.operation(of: place).cut(80) + (message.isEmpty ? "" : ": " + message.cut(300)),
        isError: isOrigin)
    }
  }

  private static func logs(_ view: TraceView) -> [Row] {
    view.logs.entries.filter { $0.record.severity >= LogSeverity(number: 13) }.map { entry in
      Row(
        time: entry.time, trace: view.trace.id,
        span: entry.place.map { view.trace.spans[$0].record.spanID } ?? .absent,
        service: entry.record.service, what: "log " + entry.record.severity.name,
        text: entry.record.message.cut(300), isError: entry.record.severity.isError)
    }
  }
}
