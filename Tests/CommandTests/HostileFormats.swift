import TestSupport

/// Hostile texts in every text field of every format.
enum HostileFormats {
  /// A value of a megabyte.
  static let large = String(repeating: "<script>alert(99)</script>\u{202E}", count: 1 << 20 / 29)
  /// A name of ten thousand characters that is markup.
  static let longName = "<script>alert(98)</script>" + HostileStrings.long

  /// One span, log record or the like that holds a text wherever the format has one.
  struct Sample {
    var number: Int
    /// The text as a JSON literal, where it is a name.
    var text: String
    /// The text as a JSON literal, where it is a value.
    var value: String

    var spanID: String { SpanLines.hex(UInt64(number + 1)) }
    /// Ten spans a trace, the others under the first.
    var isRoot: Bool { number % 10 == 0 }
    var rootID: String { SpanLines.hex(UInt64(number / 10 * 10 + 1)) }
    var microseconds: Int { 1_793_577_600_000_000 + number * 1_000 }
    var length: Int { isRoot ? 90_000 : 800 }

    func traceID(_ family: UInt64) -> String {
      SpanLines.hex(0xF0 + family) + SpanLines.hex(UInt64(number / 10 + 1))
    }
    /// Members that are absent in roots.
    func parent(_ json: String) -> String { isRoot ? "" : json }
  }

  /// Makes one archive of a format.
  typealias Maker = @Sendable ([Sample]) -> String

  static let makers: [(name: String, make: Maker)] = [
    ("jaeger.json", jaeger), ("jaeger-es.jsonl", elasticsearch), ("jaeger-proto.jsonl", jaegerProto),
    ("zipkin.json", zipkin), ("zipkin-v1.json", zipkinV1), ("native.jsonl", native), ("xray.json", xray),
    ("xray-traces.json", xrayTraces), ("datadog.json", datadog), ("tempo-meta.json", tempo),
    ("jaeger-v3.json", jaegerV3), ("tempo.json", tempoTrace),
  ]

  /// Writes an archive of each format; a file's name is hostile as well.
  static func write(into folder: TemporaryFolder) throws {
    let texts = HostileStrings.all + [longName]
    let samples = texts.enumerated().map { number, text in
      Sample(number: number, text: HostileStrings.json(text), value: HostileStrings.json(text))
    }
    var largest = samples[samples.count - 1]
    largest.value = HostileStrings.json(large)
    for (name, make) in makers {
      // Values of a megabyte in one form of each family are enough.
      let isLarge = ["jaeger.json", "zipkin.json", "native.jsonl"].contains(name)
      try folder.write("archives/\(name)", make(isLarge ? samples.dropLast() + [largest] : samples))
    }
    try HostileProtobuf.write(into: folder)
    let lines = HostileTextTests.archive().spans.map { SpanLines.line([$0]) }
    try folder.write("archives/<img src=x onerror=alert(70)>&\"'.jsonl", SpanLines.file(lines))
    try folder.write("logs/<script>alert(71).jsonl", samples.map(log).joined(separator: "\n"))
  }

  private static func tags(_ t: String, _ v: String) -> String {
    [
      "\"http.route\"", "\"db.query.text\"", "\"url.full\"", "\"span.kind\"", "\"otel.status_description\"",
      t,
    ]
    .map { "{\"key\":\($0),\"type\":\"string\",\"value\":\(v)}" }.joined(separator: ",")
  }

  private static func jaegerSpan(_ s: Sample, _ rest: String) -> String {
    let (t, v) = (s.text, s.value)
    let reference = "{\"refType\":\"CHILD_OF\",\"traceID\":\"\(s.traceID(1))\",\"spanID\":\"\(s.rootID)\"}"
    return "{\"traceID\":\"\(s.traceID(1))\",\"spanID\":\"\(s.spanID)\",\"operationName\":\(t),"
      + "\"references\":[\(s.parent(reference))],\"startTime\":\(s.microseconds),\"duration\":\(s.length),"
      + "\"tags\":[\(tags(t, v)),{\"key\":\"error\",\"value\":true}],\"logs\":[{\"timestamp\":\(s.microseconds),\"fields\":["
      + "{\"key\":\"event\",\"value\":\(v)},{\"key\":\(t),\"value\":\(v)},{\"key\":\"exception.message\",\"value\":\(v)}]}],"
      + "\"warnings\":[\(t)],\(rest)}"
  }

  private static func jaeger(_ samples: [Sample]) -> String {
    let traces = samples.map { s in
      let process = "{\(s.text):{\"serviceName\":\(s.text),\"tags\":[\(tags(s.text, s.value))]}}"
      return
        "{\"traceID\":\"\(s.traceID(1))\",\"spans\":[\(jaegerSpan(s, "\"processID\":\(s.text)"))],\"processes\":\(process)}"
    }
    return "{\"data\":[\(traces.joined(separator: ","))]}"
  }

  private static func elasticsearch(_ samples: [Sample]) -> String {
    samples.map { s in
      let (t, v) = (s.text, s.value)
      let rest =
        "\"startTimeMillis\":1,\"tag\":{\(t):\(v)},\"process\":{\"serviceName\":\(t),\"tags\":[],\"tag\":{\(t):\(v)}}"
      return jaegerSpan(s, rest).replacing(s.traceID(1), with: s.traceID(2))
    }.joined(separator: "\n")
  }

  private static func jaegerProto(_ samples: [Sample]) -> String {
    samples.map { s in
      let (t, v) = (s.text, s.value)
      return "{\"traceId\":\"\(s.traceID(3))\",\"spanId\":\"\(s.spanID)\",\"operationName\":\(t),"
        + "\"startTime\":\"2026-11-01T00:00:00.\(100 + s.number)Z\",\"duration\":\"5ms\","
        + "\"tags\":[{\"key\":\(t),\"vStr\":\(v)}],\"logs\":[{\"timestamp\":\"2026-11-01T00:00:00.5Z\","
        + "\"fields\":[{\"key\":\(t),\"vStr\":\(v)}]}],\"process\":{\"serviceName\":\(t),\"tags\":[{\"key\":\(t),\"vStr\":\(v)}]}}"
    }.joined(separator: "\n")
  }

  private static func zipkin(_ samples: [Sample]) -> String {
    let spans = samples.map { s in
      let (t, v) = (s.text, s.value)
      return
        "{\"traceId\":\"\(s.traceID(4))\",\"id\":\"\(s.spanID)\",\(s.parent("\"parentId\":\"\(s.rootID)\","))"
        + "\"name\":\(t),\"kind\":\"CLIENT\",\"timestamp\":\(s.microseconds),\"duration\":\(s.length),"
        + "\"localEndpoint\":{\"serviceName\":\(t),\"ipv4\":\(t)},\"remoteEndpoint\":{\"serviceName\":\(t)},"
        + "\"annotations\":[{\"timestamp\":\(s.microseconds),\"value\":\(v)}],"
        + "\"tags\":{\(t):\(v),\"error\":\(v),\"http.path\":\(v)}}"
    }
    return "[\(spans.joined(separator: ","))]"
  }

  private static func zipkinV1(_ samples: [Sample]) -> String {
    let spans = samples.map { s in
      let (t, v) = (s.text, s.value)
      let endpoint = "\"endpoint\":{\"serviceName\":\(t),\"ipv4\":\(t)}"
      return
        "{\"traceId\":\"\(s.traceID(5))\",\"id\":\"\(s.spanID)\",\(s.parent("\"parentId\":\"\(s.rootID)\","))"
        + "\"name\":\(t),\"timestamp\":\(s.microseconds),\"duration\":\(s.length),\"annotations\":["
        + "{\"timestamp\":\(s.microseconds),\"value\":\"sr\",\(endpoint)},{\"timestamp\":\(s.microseconds),\"value\":\(v),\(endpoint)}],"
        + "\"binaryAnnotations\":[{\"key\":\(t),\"value\":\(v),\(endpoint)},{\"key\":\"error\",\"value\":\(v),\(endpoint)}]}"
    }
    return "[\(spans.joined(separator: ","))]"
  }

  private static func native(_ samples: [Sample]) -> String {
    samples.map { s in
      let (t, v) = (s.text, s.value)
      return
        "{\"trace_id\":\(t),\"span_id\":\(t),\"parent_span_id\":\(s.isRoot ? "null" : t),\"operation_name\":\(t),"
        + "\"start_time\":\(s.microseconds),\"duration\":\(s.length),\"service\":\(t),\"tags\":{\(t):\(v),\"service.name\":\(t)},"
        + "\"logs\":[{\"timestamp\":\(s.microseconds),\"fields\":{\"event\":\(t),\(t):\(v)}}]}"
    }.joined(separator: "\n")
  }

  private static func xray(_ samples: [Sample]) -> String {
    samples.map { s in
      let (t, v) = (s.text, s.value)
      let trace = "1-\(s.traceID(6).prefix(8))-\(s.traceID(6).dropFirst(8))"
      return "{\"trace_id\":\"\(trace)\",\"id\":\"\(s.spanID)\",\"name\":\(t),"
        + "\"start_time\":1793577600.\(100 + s.number),\"end_time\":1793577601.5,\"fault\":true,"
        + "\"http\":{\"request\":{\"method\":\(t),\"url\":\(v),\"user_agent\":\(v)},\"response\":{\"status\":500}},"
        + "\"aws\":{\"operation\":\(t)},\"annotations\":{\(t):\(v)},\"sql\":{\"url\":\(v),\"sanitized_query\":\(v)},"
        + "\"cause\":{\"exceptions\":[{\"id\":\(t),\"type\":\(t),\"message\":\(v)}]}}"
    }.joined(separator: "\n")
  }

  /// What X-Ray's interface gives: segments as JSON in a text.
  private static func xrayTraces(_ samples: [Sample]) -> String {
    let traces = samples.map { s in
      let document = HostileStrings.json(xray([s]).replacing("1-000000", with: "1-100000"))
      return "{\"Id\":\(s.text),\"Segments\":[{\"Id\":\(s.text),\"Document\":\(document)}]}"
    }
    return "{\"Traces\":[\(traces.joined(separator: ","))]}"
  }

  /// OTLP as Jaeger's third interface wraps it.
  private static func jaegerV3(_ samples: [Sample]) -> String {
    samples.map { "{\"result\":{\"resourceSpans\":[\(otlp($0, family: 7))]}}" }.joined(separator: "\n")
  }

  /// OTLP as Tempo's interface gives it.
  private static func tempoTrace(_ samples: [Sample]) -> String {
    "{\"batches\":[\(samples.map { otlp($0, family: 10) }.joined(separator: ","))]}"
  }

  private static func otlp(_ s: Sample, family: UInt64) -> String {
    let (t, v) = (s.text, s.value)
    func attribute(_ key: String, _ value: String) -> String { "{\"key\":\(key),\"value\":\(value)}" }
    let text = "{\"stringValue\":\(v)}"
    let list =
      "{\"arrayValue\":{\"values\":[\(text),{\"kvlistValue\":{\"values\":[\(attribute(t, text))]}}]}}"
    let attributes =
      [attribute(t, text), attribute("\"list\"", list), attribute("\"url.full\"", text)]
      .joined(separator: ",")
    let resource = attribute("\"service.name\"", "{\"stringValue\":\(t)}") + "," + attributes
    return
      "{\"resource\":{\"attributes\":[\(resource)]},\"schemaUrl\":\(t),\"scopeSpans\":[{\"scope\":{\"name\":\(t),"
      + "\"version\":\(t),\"attributes\":[\(attributes)]},\"schemaUrl\":\(t),\"spans\":[{\"traceId\":\"\(s.traceID(family))\","
      + "\"spanId\":\"\(s.spanID)\",\(s.parent("\"parentSpanId\":\"\(s.rootID)\","))\"traceState\":\(t),\"name\":\(t),\"kind\":2,"
      + "\"startTimeUnixNano\":\"\(s.microseconds)000\",\"endTimeUnixNano\":\"\(s.microseconds + s.length)000\","
      + "\"attributes\":[\(attributes)],\"events\":[{\"timeUnixNano\":\"\(s.microseconds)000\",\"name\":\(t),\"attributes\":[\(attributes)]}],"
      + "\"links\":[{\"traceId\":\"\(s.traceID(family))\",\"spanId\":\"\(s.rootID)\",\"traceState\":\(t),\"attributes\":[\(attributes)]}],"
      + "\"status\":{\"code\":2,\"message\":\(v)}}]}]}"
  }

  private static func datadog(_ samples: [Sample]) -> String {
    let traces = samples.map { s in
      let (t, v) = (s.text, s.value)
      return
        "[{\"trace_id\":\(700 + s.number),\"span_id\":\(s.number + 1),\"parent_id\":0,\"start\":\(s.microseconds)000,"
        + "\"duration\":\(s.length)000,\"service\":\(t),\"resource\":\(t),\"name\":\(t),\"type\":\(t),\"error\":1,"
        + "\"meta\":{\(t):\(v),\"error.msg\":\(v),\"error.type\":\(t),\"error.stack\":\(v),\"span.kind\":\(t)},\"metrics\":{\(t):1.5}}]"
    }
    return "[\(traces.joined(separator: ","))]"
  }

  private static func tempo(_ samples: [Sample]) -> String {
    samples.map { s in
      let t = s.text
      return
        "{\"format\":\(t),\"blockID\":\(t),\"tenantID\":\(t),\"startTime\":\(t),\"endTime\":\"2026-11-01T00:00:00Z\","
        + "\"totalObjects\":1,\"size\":5,\"compactionLevel\":0,\"encoding\":\(t)}"
    }.joined(separator: "\n")
  }

  private static func log(_ s: Sample) -> String {
    let (t, v) = (s.text, s.value)
    return
      "{\"timestamp\":\"2026-11-01T00:00:00.2Z\",\"trace_id\":\"\(s.traceID(4))\",\"span_id\":\"\(s.spanID)\","
      + "\"level\":\(t),\"message\":\(v),\"service\":\(t),\"logger\":\(t),\(t):\(v)}"
  }
}
