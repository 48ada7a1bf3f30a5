import TraceModel

/// A trace built by hand, as assembly would leave it: spans in display order, parents before children.
struct TraceFixture {
  struct Span {
    var service: String
    var name: String
    /// The place of the parent in the list; −1 for a root.
    var parent: Int
    /// Milliseconds since the trace began.
    var start: Double
    var end: Double
    var kind: SpanKind = .internal
    var error: String?
    var attributes: [(String, String)] = []
    var events: [(name: String, at: Double, attributes: [(String, String)])] = []
  }

  static let begin: Int64 = 1_795_208_862_318_000_000

  let store: SpanStore
  let trace: Trace

  init(_ spans: [Span], id: TraceID = TraceID(high: 0x7c1e_0b6a_94f2_483d, low: 0x9a05_e8d1_f3b2_6c47)) {
    var table = SpanTable(number: 0)
    var resources: [String: UInt32] = [:]
    for (place, span) in spans.enumerated() {
      let resource: UInt32
      if let known = resources[span.service] {
        resource = known
      } else {
        resource = Self.addResource(span.service, to: &table)
        resources[span.service] = resource
      }
      var record = SpanRecord()
      var extra = ExtraFields()
      record.traceID = id
      record.spanID = SpanID(UInt64(place + 1) &* 0x9e37_79b9_7f4a_7c15)
      if span.parent >= 0 { record.parentSpanID = SpanID(UInt64(span.parent + 1) &* 0x9e37_79b9_7f4a_7c15) }
      record.start = Self.moment(span.start)
      record.end = Self.moment(span.end)
      record.kind = span.kind
      record.name = table.symbols.intern(span.name)
      record.resource = resource
      if let error = span.error {
        record.reportedStatus = .error
        extra.statusMessage = table.symbols.intern(error)
      }
      record.attributeStart = UInt32(table.attributes.count)
      for (key, value) in span.attributes {
        table.appendAttribute(table.symbols.intern(key), text: table.symbols.intern(value))
      }
      record.attributeCount = UInt32(span.attributes.count)
      Self.addEvents(span, to: &extra, &table)
      table.setExtraFields(extra, of: &record)
      table.append(record)
    }
    let store = SpanStore(joining: [.init(table)], archives: [ArchiveSummary(path: "fixture.jsonl.gz")])
    self.store = store
    trace = Self.assembled(spans, store: store, id: id)
  }

  private static func addResource(_ service: String, to table: inout SpanTable) -> UInt32 {
    var resource = Resource()
    resource.serviceName = table.symbols.intern(service)
    resource.table = 0
    resource.attributeStart = UInt32(table.sharedAttributes.count)
    for (key, value) in [
      ("service.name", service), ("service.version", "3.18.0"), ("k8s.pod.name", service + "-6d8f9"),
    ] {
      table.sharedAttributes.append(
        Attribute(key: table.symbols.intern(key), type: .text, payload: table.symbols.intern(value).index))
    }
    resource.attributeCount = 3
    table.resources.append(resource)
    return UInt32(table.resources.count - 1)
  }

  private static func addEvents(_ span: Span, to extra: inout ExtraFields, _ table: inout SpanTable) {
    var events: [SpanEvent] = []
    for event in span.events {
      var one = SpanEvent()
      one.time = moment(event.at)
      one.name = table.symbols.intern(event.name)
      one.attributeStart = UInt32(table.attributes.count)
      one.attributeCount = UInt32(event.attributes.count)
      for (key, value) in event.attributes {
        table.appendAttribute(table.symbols.intern(key), text: table.symbols.intern(value))
      }
      events.append(one)
    }
    extra.eventStart = UInt32(table.events.count)
    extra.eventCount = UInt32(events.count)
    for event in events { table.events.append(event) }
  }

  static func moment(_ milliseconds: Double) -> UnixNanoseconds {
    UnixNanoseconds(begin + Int64(milliseconds * 1e6))
  }

  private static func assembled(_ spans: [Span], store: SpanStore, id: TraceID) -> Trace {
    var trace = Trace()
    trace.id = id
    var ends = Array(repeating: 0, count: spans.count)
    for place in spans.indices.reversed() {
      ends[place] = max(ends[place], place + 1)
      let parent = spans[place].parent
      if parent >= 0 { ends[parent] = max(ends[parent], ends[place]) }
    }
    for (place, span) in spans.enumerated() {
      var one = TraceSpan(record: store.shards[0].table.spans[place])
      one.service = store.service(of: one.record)
      one.start = moment(span.start)
      one.end = moment(span.end)
      one.parent = Int32(span.parent)
      one.subtreeEnd = Int32(ends[place])
      one.depth = span.parent >= 0 ? trace.spans[span.parent].depth + 1 : 0
      if span.parent >= 0 { trace.spans[span.parent].childCount += 1 } else { trace.roots.append(place) }
      trace.spans.append(one)
    }
    for place in spans.indices {
      trace.depth = max(trace.depth, Int(trace.spans[place].depth) + 1)
      measureSelfTime(of: place, in: &trace)
      let children = trace.children(of: place)
      if trace.spans[place].isError, !children.contains(where: { trace.spans[$0].isError }) {
        trace.spans[place].traits.insert(.rootCause)
      }
    }
    trace.start = trace.spans.map(\.start).min() ?? .unknown
    trace.end = trace.spans.map(\.end).max() ?? .unknown
    return trace
  }

  /// Self time, and a critical path that is simply all self time of the first root: good enough to look at.
  private static func measureSelfTime(of place: Int, in trace: inout Trace) {
    let span = trace.spans[place]
    var reached = span.start
    var own = Nanoseconds.zero
    func gap(_ start: UnixNanoseconds, _ end: UnixNanoseconds) {
      own += end - start
      trace.criticalPath.append(CriticalPathSection(span: Int32(place), start: start, end: end))
    }
    for child in trace.children(of: place) {
      let other = trace.spans[child]
      if other.start > reached { gap(reached, min(other.start, span.end)) }
      reached = max(reached, other.end)
    }
    if reached < span.end { gap(reached, span.end) }
    trace.spans[place].selfTime = own
    trace.spans[place].criticalPathTime = own
  }
}

extension TraceFixture {
  /// An order whose payment times out: the shop's second scenario.
  static let failedOrder = TraceFixture([
    Span(
      service: "frontend", name: "POST /api/orders", parent: -1, start: 0, end: 1843, kind: .server,
      error: "502", attributes: [("http.request.method", "POST"), ("http.route", "/api/orders")]),
    Span(service: "frontend", name: "validate basket", parent: 0, start: 3, end: 9),
    Span(
      service: "frontend", name: "POST /orders", parent: 0, start: 11, end: 1836, kind: .client, error: "504"),
    Span(
      service: "order", name: "POST /orders", parent: 2, start: 14, end: 1833, kind: .server,
      error: "payment answered 504"),
    Span(service: "order", name: "GET /users/{id}", parent: 3, start: 20, end: 84, kind: .client),
    Span(service: "user", name: "GET /users/{id}", parent: 4, start: 22, end: 82, kind: .server),
    Span(
      service: "user", name: "SELECT users", parent: 5, start: 25, end: 52, kind: .client,
      attributes: [("db.system.name", "postgresql"), ("db.query.text", "SELECT * FROM users WHERE id = ?")]),
    Span(
      service: "order", name: "POST /charge", parent: 3, start: 150, end: 1466, kind: .client, error: "504"),
    Span(
      service: "payment", name: "POST /charge", parent: 7, start: 154, end: 1462, kind: .server,
      error: "charge failed"),
    Span(
      service: "payment", name: "score risk", parent: 8, start: 156, end: 202,
      events: [("scored", 200, [("risk.score", "0.13")])]),
    Span(
      service: "payment", name: "POST /v2/charges", parent: 8, start: 230, end: 1030, kind: .client,
      error: "Payment gateway timeout",
      attributes: [("server.address", "api.paylane.example"), ("error.type", "timeout")],
      events: [
        (
          "exception", 1030,
          [("exception.type", "GatewayTimeout"), ("exception.message", "no answer in 800 ms")]
        )
      ]),
    Span(
      service: "order", name: "orders.failed publish", parent: 3, start: 1500, end: 1510, kind: .producer,
      attributes: [("messaging.system", "kafka")]),
    Span(
      service: "email", name: "orders.failed process", parent: 11, start: 1936, end: 2200, kind: .consumer),
  ])
}
