import TraceModel

/// A Zipkin span while it is read, in any of its forms, up to its acceptance.
struct ZipkinSpan {
  var span = SpanRecord()
  var parts = SpanParts()
  var pair = EndpointPair()
  /// Start in nanoseconds since 1970; 0 when it is not known.
  var start: Int64 = 0
  /// Length in nanoseconds; 0 when it is not known.
  var duration: Int64 = 0

  init() {
    span.traits = [.zipkin, .microseconds]
    parts.allowsBase64 = false
  }

  /// Puts the span, whose tags and annotations are in the table, into the sink, or refuses it.
  mutating func accept(
    at position: Int, to end: Int, since mark: SpanTable.Mark, into sink: inout SpanSink
  ) {
    if let problem = parts.problem {
      return sink.quarantine(problem.code, at: position, backTo: mark, of: span.traceID, problem.message)
    }
    if span.kind == .client { span.traits.remove(.shared) }
    if span.kind == .internal { span.kind = .unspecified }
    parts.settle(start: start, duration: duration > 0 ? duration : nil, &span)
    span.resource = Self.service(pair.local.service, in: &sink)
    if pair != EndpointPair() || pair.local.isNamedUnknown || pair.remote.isNamedUnknown {
      sink.table.endpoints.append(pair)
      parts.extra.endpoints = UInt32(truncatingIfNeeded: sink.table.endpoints.count - 1)
    }
    if parts.extra.eventCount > 1 { settleAnnotations(in: &sink) }
    sink.accept(span, parts, at: position, to: end, since: mark)
  }

  /// Sorts annotations by time and text and keeps equal ones once, as Zipkin does.
  private mutating func settleAnnotations(in sink: inout SpanSink) {
    let first = Int(parts.extra.eventStart)
    var events = Array(sink.table.events.elements(from: first, count: Int(parts.extra.eventCount)))
    events.sort {
      $0.time != $1.time
        ? $0.time < $1.time : sink.table.symbols.isOrdered($0.name, before: $1.name)
    }
    sink.table.events.truncate(to: first)
    for (place, event) in events.enumerated() {
      if place > 0, events[place - 1].time == event.time, events[place - 1].name == event.name { continue }
      sink.table.events.append(event)
    }
    parts.extra.takeEvents(from: first, of: sink.table)
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
  static func nanoseconds(_ microseconds: Int64?) -> Int64 {
    guard let microseconds, microseconds > 0 else { return 0 }
    let (product, overflow) = microseconds.multipliedReportingOverflow(by: 1_000)
    return overflow ? 0 : product
  }

  /// A name; `unknown` means none.
  static func name(_ text: JSONText, in sink: inout SpanSink) -> Symbol {
    text == "unknown" ? .empty : sink.symbol(text)
  }

  /// Puts a service name into an endpoint; `unknown` means none.
  static func takeService(_ text: JSONText, _ endpoint: inout Endpoint, in sink: inout SpanSink) {
    endpoint.isNamedUnknown = text == "unknown"
    endpoint.service = endpoint.isNamedUnknown ? .empty : sink.symbol(text)
  }

  /// Puts a port into an endpoint; one that cannot be is dropped and marked.
  mutating func takePort(_ port: Int64, _ endpoint: inout Endpoint) {
    if port > 65_535 { span.traits.insert(.droppedField) }
    endpoint.port = port > 0 ? UInt16(exactly: port) ?? 0 : 0
  }
}
