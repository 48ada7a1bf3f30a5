/// Spans as OTLP JSON, put together by tests that want many archives of the same spans.
package struct SpanLines: Sendable {
  /// One span with all that belongs to its batch; every text is put into JSON by `HostileStrings.json`.
  package struct Span: Sendable {
    package var traceID: String
    package var spanID: String
    package var parentSpanID = ""
    package var service: String
    package var name: String
    package var kind = 2
    package var startUnixNano: Int
    package var endUnixNano: Int
    /// 2 is an error.
    package var statusCode = 0
    package var statusMessage = ""
    package var attributes: [(key: String, value: String)] = []
    package var eventName: String?
    package var eventAttributes: [(key: String, value: String)] = []
    package var resourceAttributes: [(key: String, value: String)] = []
    package var scopeName = "tests"
    package var scopeVersion = ""
    package var traceState = ""

    package init(
      traceID: String, spanID: String, service: String, name: String, startUnixNano: Int, endUnixNano: Int
    ) {
      self.traceID = traceID
      self.spanID = spanID
      self.service = service
      self.name = name
      self.startUnixNano = startUnixNano
      self.endUnixNano = endUnixNano
    }
  }

  package var spans: [Span]

  package init(spans: [Span]) {
    self.spans = spans
  }

  /// Traces of a made-up shop: the same for the same seed.
  package init(traces: Int, seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let services = ["gateway", "orders", "payment", "inventory", "users", "search"]
    spans = []
    for number in 0..<traces {
      let traceID = Self.hex(random.next() | 1) + Self.hex(random.next())
      let start = 1_793_577_600_000_000_000 + number * 1_000_000_000
      var open = [
        (id: "", start: start, end: start + Int.random(in: 50_000_000...900_000_000, using: &random))
      ]
      for place in 0..<Int.random(in: 1...25, using: &random) {
        let parent = place == 0 ? open[0] : open[Int.random(in: 1..<open.count, using: &random)]
        let length = parent.end - parent.start
        let from = place == 0 ? parent.start : parent.start + Int.random(in: 0...(length / 2), using: &random)
        let to = place == 0 ? parent.end : from + Int.random(in: 1...(length / 2 + 1), using: &random)
        let spanID = Self.hex(random.next() | 1)
        let service = place == 0 ? 0 : Int.random(in: 0..<services.count, using: &random)
        var span = Span(
          traceID: traceID, spanID: spanID, service: services[service],
          name: "\(services[service]) operation \(Int.random(in: 0...2, using: &random))",
          startUnixNano: from,
          endUnixNano: to)
        span.parentSpanID = parent.id
        span.kind = place == 0 ? 2 : Int.random(in: 1...3, using: &random)
        if Int.random(in: 0..<20, using: &random) == 0 {
          span.statusCode = 2
          span.statusMessage = "no answer"
          span.eventName = "exception"
          span.eventAttributes = [("exception.type", "Timeout"), ("exception.message", "no answer")]
        }
        span.attributes = [("customer.id", "c-\(Int.random(in: 0...99, using: &random))")]
        spans.append(span)
        open.append((id: spanID, start: from, end: to))
      }
    }
  }

  /// One line for each group of spans of one service that follow one another, in the order of the spans.
  package func lines(batch: Int = 7) -> [String] {
    var waiting: [String: [Span]] = [:]
    var lines: [String] = []
    for span in spans {
      waiting[span.service, default: []].append(span)
      if waiting[span.service, default: []].count >= batch {
        lines.append(Self.line(waiting.removeValue(forKey: span.service) ?? []))
      }
    }
    for service in waiting.keys.sorted() { lines.append(Self.line(waiting[service] ?? [])) }
    return lines
  }

  /// The lines as the bytes of one file.
  package static func file(_ lines: some Sequence<String>) -> [UInt8] {
    lines.flatMap { Array($0.utf8) + [UInt8(ascii: "\n")] }
  }

  /// An export request with the spans of one service.
  package static func line(_ spans: [Span]) -> String {
    guard let first = spans.first else { return #"{"resourceSpans":[]}"# }
    let resource = attributes([("service.name", first.service)] + first.resourceAttributes)
    let scope = "{\"name\":\(text(first.scopeName)),\"version\":\(text(first.scopeVersion))}"
    let list = spans.map(json).joined(separator: ",")
    return "{\"resourceSpans\":[{\"resource\":{\"attributes\":\(resource)},"
      + "\"scopeSpans\":[{\"scope\":\(scope),\"spans\":[\(list)]}]}]}"
  }

  private static func json(_ span: Span) -> String {
    var fields = [
      "\"traceId\":\"\(span.traceID)\"", "\"spanId\":\"\(span.spanID)\"",
      "\"traceState\":\(text(span.traceState))",
      "\"parentSpanId\":\"\(span.parentSpanID)\"", "\"name\":\(text(span.name))", "\"kind\":\(span.kind)",
      "\"startTimeUnixNano\":\"\(span.startUnixNano)\"", "\"endTimeUnixNano\":\"\(span.endUnixNano)\"",
      "\"attributes\":\(attributes(span.attributes))",
    ]
    if let eventName = span.eventName {
      fields.append(
        "\"events\":[{\"timeUnixNano\":\"\(span.startUnixNano + 1)\",\"name\":\(text(eventName)),"
          + "\"attributes\":\(attributes(span.eventAttributes))}]")
    }
    fields.append("\"status\":{\"code\":\(span.statusCode),\"message\":\(text(span.statusMessage))}")
    return "{" + fields.joined(separator: ",") + "}"
  }

  private static func attributes(_ list: [(key: String, value: String)]) -> String {
    let entries = list.map { "{\"key\":\(text($0.key)),\"value\":{\"stringValue\":\(text($0.value))}}" }
    return "[" + entries.joined(separator: ",") + "]"
  }

  private static func text(_ text: String) -> String {
    HostileStrings.json(text)
  }

  /// Sixteen hex digits.
  package static func hex(_ number: UInt64) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
