import SpanArchive
import TestSupport
import Testing
import TraceModel

/// What is written in another format and read again must hold what that format can carry.
@Suite struct RoundTripTests {
  /// A span with everything that OTLP knows, and its parent.
  private static let rich = """
    {"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"cart"}},\
    {"key":"host.cpus","value":{"intValue":"8"}}]},"scopeSpans":[{"scope":{"name":"http","version":"1.2"},"spans":[\
    {"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"00f067aa0ba902b7","name":"GET /","kind":2,\
    "startTimeUnixNano":"1700000000000001000","endTimeUnixNano":"1700000000000901000","flags":1,"status":{"code":1}},\
    {"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"b7ad6b7169203331","parentSpanId":"00f067aa0ba902b7",\
    "traceState":"ot=th:8","flags":257,"name":"put \\"it\\"","kind":3,"startTimeUnixNano":"1700000000000101000",\
    "endTimeUnixNano":"1700000000000201000","attributes":[{"key":"text","value":{"stringValue":"a\\u0001<b>"}},\
    {"key":"yes","value":{"boolValue":true}},{"key":"small","value":{"intValue":"-7"}},\
    {"key":"wide","value":{"intValue":"9223372036854775807"}},{"key":"half","value":{"doubleValue":0.5}},\
    {"key":"whole","value":{"doubleValue":3}},{"key":"nan","value":{"doubleValue":"NaN"}},\
    {"key":"bytes","value":{"bytesValue":"AP8="}},{"key":"none","value":{}},\
    {"key":"list","value":{"arrayValue":{"values":[{"stringValue":"x"},{"intValue":"9007199254740993"},{},\
    {"arrayValue":{"values":[{"boolValue":false}]}}]}}},\
    {"key":"map","value":{"kvlistValue":{"values":[{"key":"k","value":{"doubleValue":1.5}},\
    {"key":"l","value":{"kvlistValue":{"values":[]}}}]}}}],"droppedAttributesCount":2,\
    "events":[{"timeUnixNano":"1700000000000111000","name":"retry","attributes":[{"key":"n","value":{"intValue":"1"}}]},\
    {"timeUnixNano":"1700000000000112000","name":"done"}],\
    "links":[{"traceId":"11111111111111111111111111111111","spanId":"2222222222222222","traceState":"a=b",\
    "attributes":[{"key":"why","value":{"stringValue":"batch"}}]}],"status":{"code":2,"message":"no room"}}]}]}]}
    """

  private static func child(_ reading: Reading) throws -> ArchivedSpan {
    try #require(try reading.spans().first { $0.spanID == "b7ad6b7169203331" })
  }

  @Test("OTLP JSON loses nothing")
  func otlp() throws {
    let reading = Reading(Self.rich)
    #expect(reading.summary.error == nil)
    #expect(Reading(try reading.archive(.otlpJSON)).lines == reading.lines)
  }

  @Test(
    "flags of up to 32 bits come out as they went in", arguments: [1, 257, 65_535, 65_536, 4_294_967_295])
  func flags(_ flags: UInt32) throws {
    let json = Reading(Self.rich.replacing("\"flags\":257", with: "\"flags\":\(flags)"))
    let binary = Reading(ProtobufText.request([ProtobufText.span(1, extra: Self.flagsField(flags))]))
    let redacted = SpanStore.redacted(json.traces(), of: json.store, by: Redactor())
    let copied = Reading(try Reading.archive(of: redacted, .otlpJSON).bytes)
    for span in [try Self.child(json), try #require(try binary.spans().first), try Self.child(copied)] {
      #expect(span.span["flags"].number == Double(flags))
    }
    // What else is rare stays beside them.
    #expect(try Self.child(json).span["droppedAttributesCount"].number == 2)
  }

  @Test(
    "records that differ in one flag, however high, are two spans", arguments: [2, 65_537, 2_147_483_649])
  func differentFlags(_ flags: UInt32) {
    let archive = [1, flags].map { ProtobufText.span(1, extra: Self.flagsField($0)) }
    let reading = Reading(ProtobufText.request(archive))
    #expect(reading.duplicateSpans == 0)
    #expect(reading.traces().map(\.spans.count) == [2])
  }

  private static func flagsField(_ flags: UInt32) -> [UInt8] {
    [0x85, 0x01] + (0..<4).map { UInt8(truncatingIfNeeded: flags >> ($0 * 8)) }
  }

  @Test("Jaeger JSON keeps ids, times, kinds, status, scope, state, typed tags, logs and references")
  func jaeger() throws {
    let before = try Self.child(Reading(Self.rich))
    let again = Reading(try Reading(Self.rich).archive(.jaegerJSON))
    #expect(again.summary.error == nil)
    #expect(again.summary.format == "jaeger-json")
    let after = try Self.child(again)
    for key in [
      "traceId", "spanId", "parentSpanId", "name", "kind", "start", "end", "traceState", "status",
      "resource", "scope", "events",
    ] {
      #expect(after.comparable[key] == before.comparable[key], "\(key)")
    }
    #expect(after.span["links"].elements.map { $0["spanId"] } == ["2222222222222222"])
    for key in ["text", "yes", "small", "wide", "half", "whole", "nan", "bytes"] {
      #expect(after.attribute(key) == before.attribute(key), "\(key)")
    }
    // What Jaeger has no type for is the JSON of it.
    #expect(after.attribute("none") == ["string", ""])
    #expect(after.attribute("list") == ["string", #"["x","9007199254740993",null,[false]]"#])
    #expect(after.attribute("map") == ["string", #"{"k":1.5,"l":{}}"#])
    #expect(after.attribute("error") == ["bool", true])
    #expect(after.attribute("otel.dropped_attributes_count") == ["int", "2"])
  }

  @Test("Zipkin JSON keeps ids, times, kinds, service, effective status, and the rest as texts")
  func zipkin() throws {
    let before = try Self.child(Reading(Self.rich))
    let again = Reading(try Reading(Self.rich).archive(.zipkinJSON))
    #expect(again.summary.error == nil)
    #expect(again.summary.format == "zipkin-json")
    let after = try Self.child(again)
    for key in ["traceId", "spanId", "parentSpanId", "name", "kind", "start", "end"] {
      #expect(after.comparable[key] == before.comparable[key], "\(key)")
    }
    #expect(after.service == "cart")
    let texts = [
      "text": "a\u{1}<b>", "yes": "true", "small": "-7", "wide": "9223372036854775807", "half": "0.5",
      "whole": "3.0", "nan": "NaN", "bytes": "AP8=", "none": "", "host.cpus": "8",
      "list": #"["x","9007199254740993",null,[false]]"#, "map": #"{"k":1.5,"l":{}}"#,
      "otel.scope.name": "http", "otel.scope.version": "1.2", "w3c.tracestate": "ot=th:8",
      "otel.status_code": "ERROR", "error": "no room", "otel.dropped_attributes_count": "2",
      "otlp.link.0": #"11111111111111111111111111111111|2222222222222222|a=b|{"why":"batch"}|0"#,
    ]
    for (key, text) in texts { #expect(after.attribute(key) == ["string", .text(text)], "\(key)") }
    #expect(after.span["events"].elements.map { $0["name"] } == [#""retry":{"n":1}"#, "done"])
    let status = again.traces().flatMap(\.spans).map(\.record.status)
    #expect(status == [.ok, .error])
  }

  private static let sampleFiles =
    Files.names(in: Repository.path("samples/formats")).filter { $0.hasPrefix("few-") }.map {
      "samples/formats/" + $0
    }
    + CutTests.smallFiles

  @Test(
    "a sample written in another format holds the same traces: ids, parents, names, services, kinds, times, status",
    arguments: [TraceArchiveFormat.jaegerJSON, .zipkinJSON], sampleFiles)
  func samples(_ format: TraceArchiveFormat, _ file: String) throws {
    let first = Reading(try Files.read(Repository.path(file)))
    let second = Reading(try first.archive(format))
    #expect(second.summary.error == nil)
    #expect(second.summary.spansQuarantined == 0)
    // Zipkin knows no length below a microsecond.
    let shortest: Int64 = format == .zipkinJSON ? 1 : 0
    let (before, after) = (Self.essence(first, shortest), Self.essence(second, shortest))
    #expect(before == after, "\(file)")
    // What was lost is lost at the first writing.
    #expect(try second.archive(format) == Reading(try second.archive(format)).archive(format))
  }

  private static func essence(_ reading: Reading, _ shortest: Int64) -> [String] {
    reading.traces().flatMap { trace in
      trace.spans.map { span in
        let store = reading.store
        let record = span.record
        return "\(trace.id) \(record.spanID) \(record.parentSpanID) \(store.symbols.text(record.name)) "
          + "\(store.symbols.text(span.service)) \(record.kind.name) \(record.status.name) "
          + "\(span.start.rawValue / 1_000) \(max(shortest, span.duration.rawValue / 1_000))"
      }
    }
  }

  @Test("an archive without traces is one that can be read", arguments: TraceArchiveFormat.allCases)
  func empty(_ format: TraceArchiveFormat) throws {
    let bytes = try Reading("").archive(format)
    guard !bytes.isEmpty else { return }
    _ = try JSONValue(parsing: bytes)
  }

  @Test("whatever was read is written as valid JSON with every span", arguments: TraceArchiveFormat.allCases)
  func anything(_ format: TraceArchiveFormat) throws {
    var random = SeededGenerator(seed: 4_711)
    for round in 0..<60 {
      let store = SpanStore.of(RandomTraces.broken(&random))
      let (bytes, spans) = try Reading.archive(of: store, format)
      if format == .otlpJSON {
        #expect(try JSONValue.lines(bytes).flatMap { ArchivedSpan.all(in: $0) }.count == spans, "\(round)")
        continue
      }
      let document = try JSONValue(parsing: bytes)
      let count =
        switch format {
        case .otlpJSON: spans
        case .jaegerJSON: document["data"].elements.reduce(0) { $0 + $1["spans"].elements.count }
        case .zipkinJSON: document.elements.count
        case .perfetto: document["traceEvents"].elements.filter { $0["ph"] == "X" }.count
        }
      #expect(count == spans, "\(round)")
      if format == .perfetto { #expect(TraceEventCheck.faults(in: document) == [], "\(round)") }
    }
  }
}
