/// What the fields of log records are called, by many loggers, and what each says.
///
/// Looked up by length first, so that most fields cost one look at a short list.
enum LogKey: UInt8 {
  case trace
  case span
  case traceParent
  case time
  case severity
  case severityNumber
  case message
  case service

  /// What a field says; nil for one that says nothing to us.
  static func role(of key: JSONText) -> LogKey? {
    guard key.count < byLength.count else { return nil }
    for (name, role) in byLength[key.count] where key == name { return role }
    return nil
  }

  /// Objects whose members are looked at under their own names as well: contexts that loggers add.
  static func isContext(_ key: JSONText) -> Bool {
    for name in contexts where key == name { return true }
    return false
  }

  /// Objects whose members are looked at under `object.member`.
  static func isGroup(_ key: JSONText) -> Bool {
    for name in groups where key == name { return true }
    return false
  }

  private static let contexts: [StaticString] = [
    "mdc", "MDC", "contextMap", "context", "attributes", "fields", "extra", "Properties", "properties",
    "labels", "resource", "thread_context", "@fields",
  ]

  private static let groups: [StaticString] = [
    "trace", "span", "transaction", "dd", "log", "service", "error", "event", "http", "url", "host",
  ]

  private static let names: [(StaticString, LogKey)] = [
    ("traceId", .trace), ("trace_id", .trace), ("traceid", .trace), ("traceID", .trace), ("TraceId", .trace),
    ("TraceID", .trace), ("trace.id", .trace), ("dd.trace_id", .trace), ("otelTraceID", .trace),
    ("logging.googleapis.com/trace", .trace), ("mdc.traceId", .trace), ("X-B3-TraceId", .trace),
    ("@tr", .trace), ("xray_trace_id", .trace), ("AWS-XRAY-TRACE-ID", .trace), ("x_trace_id", .trace),
    ("spanId", .span), ("span_id", .span), ("spanid", .span), ("spanID", .span), ("SpanId", .span),
    ("SpanID", .span), ("span.id", .span), ("dd.span_id", .span), ("otelSpanID", .span),
    ("logging.googleapis.com/spanId", .span), ("mdc.spanId", .span), ("X-B3-SpanId", .span), ("@sp", .span),
    ("transaction.id", .span), ("traceparent", .traceParent), ("ActivityId", .traceParent),
    ("timestamp", .time), ("@timestamp", .time), ("time", .time), ("ts", .time), ("@t", .time),
    ("timeUnixNano", .time), ("date", .time), ("datetime", .time), ("eventTime", .time), ("Timestamp", .time),
    ("asctime", .time),
    ("severity", .severity), ("level", .severity), ("severity_text", .severity), ("severityText", .severity),
    ("log.level", .severity), ("levelname", .severity), ("@l", .severity), ("Level", .severity),
    ("lvl", .severity), ("loglevel", .severity),
    ("severityNumber", .severityNumber), ("severity_number", .severityNumber),
    ("message", .message), ("msg", .message), ("body", .message), ("@m", .message), ("@mt", .message),
    ("RenderedMessage", .message), ("log", .message), ("text", .message), ("short_message", .message),
    ("Message", .message),
    ("service.name", .service), ("service", .service), ("serviceName", .service), ("dd.service", .service),
    ("service_name", .service), ("otelServiceName", .service), ("app", .service), ("application", .service),
  ]

  private static let byLength: [[(StaticString, LogKey)]] = {
    var lists = [[(StaticString, LogKey)]](repeating: [], count: 32)
    for entry in names { lists[entry.0.utf8CodeUnitCount].append(entry) }
    return lists
  }()
}
