import SpanArchive
import TestSupport
import Testing
import TraceModel

/// Formats that are met less often: X-Ray, Datadog, Tempo's metadata, and the wrappers of the query APIs.
@Suite struct RareFormatTests {
  private static let segment = #"""
    {"trace_id":"1-5f29ab21-d4ebf299219a65bd5c31d6da","id":"88ad1df59cd7a7be","name":"DDB",
     "start_time":1596566305.535414001,"end_time":1596566305.5928545,"fault":true,
     "http":{"request":{"method":"GET","url":"http://a/"},"response":{"status":502}},
     "annotations":{"tier":"gold"},"metadata":{"left":"out"},
     "cause":{"exceptions":[{"type":"Missing","message":"gone","stack":[{"path":"a.go","line":3,"label":"f"}]}]},
     "subsegments":[{"id":"7df694142c905d8d","name":"call","namespace":"remote","start_time":1596566305.54,
       "end_time":1596566305.55,"error":true,
       "subsegments":[{"id":"1","name":"inner","start_time":1596566305.541,"in_progress":true}]}]}
    """#

  @Test("an X-Ray segment is a span of its service, with its subsegments below it")
  func segments() throws {
    let reading = Reading(Self.segment)
    #expect(reading.summary.error == nil)
    #expect(reading.summary.format == "xray-json")
    #expect(reading.summary.spansRead == 3)
    let trace = try #require(reading.traces().first)
    #expect(trace.id.description == "5f29ab21d4ebf299219a65bd5c31d6da")
    #expect(trace.spans.map(\.depth) == [0, 1, 2])
    #expect(trace.spans.map(\.record.kind) == [.server, .client, .internal])
    #expect(trace.spans.map(\.record.status) == [.error, .error, .unset])
    #expect(trace.spans[0].start.rawValue == 1_596_566_305_535_414_001)
    #expect(trace.spans[2].record.traits.contains(.missingEnd))
    // Each without those that lie in it, whose lists have brackets.
    let bytes = trace.spans.map { Int($0.record.byteCount) }
    #expect(
      bytes[2] == #"{"id":"1","name":"inner","start_time":1596566305.541,"in_progress":true}"#.utf8.count)
    #expect(bytes.reduce(0, +) == Self.segment.utf8.count - 2 * 2)
    let spans = try reading.spans()
    #expect(spans.allSatisfy { $0.service == "DDB" })
    let root = try #require(spans.first { $0.spanID == "88ad1df59cd7a7be" })
    #expect(root.attribute("http.response.status_code") == ["int", "502"])
    #expect(root.attribute("tier") == ["string", "gold"])
    #expect(root.span["events"][0]["name"] == "exception")
    let call = try #require(spans.first { $0.spanID == "7df694142c905d8d" })
    #expect(call.attribute("service.peer.name") == ["string", "call"])
  }

  @Test("a BatchGetTraces reply holds segments as texts")
  func reply() {
    let document = HostileStrings.json(Self.segment)
    let reply =
      #"{"Traces":[{"Duration":1,"Id":"1-a","Segments":[{"Id":"x","Document":\#(document)}]}],"NextToken":null}"#
    let bare = #"{"Id":"1-a","Segments":[{"Id":"x","Document":\#(document)}]}"#
    let original = Reading(Self.segment)
    for text in [reply, bare] {
      let reading = Reading(text)
      #expect(reading.summary.error == nil)
      #expect(reading.summary.format == "xray-json")
      #expect(reading.lines == original.lines)
    }
    let broken = Reading(#"{"Traces":[{"Id":"1-a","Segments":[{"Id":"x","Document":"{\"id\":"}]}]}"#)
    #expect(broken.summary.error != nil)
  }

  @Test("a subsegment that stands alone is work of its segment's service, whichever comes first")
  func subsegmentsAlone() throws {
    func document(_ id: String, _ parent: String?, _ name: String, _ more: String = "") -> String {
      #"{"trace_id":"1-5f29ab21-d4ebf299219a65bd5c31d6da","id":"\#(id)","name":"\#(name)","#
        + #""start_time":1596566305.5,"end_time":1596566306.5\#(parent.map { ",\"parent_id\":\"\($0)\"" } ?? "")\#(more)}"#
    }
    let alone = #","type":"subsegment""#
    let nested = #"{"id":"0000000000000005","name":"e","start_time":1596566306,"end_time":1596566306.1}"#
    let documents = [
      document("0000000000000006", "0000000000000005", "f", alone),
      document("0000000000000003", "0000000000000002", "c", alone),
      document("0000000000000004", "0000000000000003", "d", alone + #","subsegments":[\#(nested)]"#),
      document("0000000000000002", "0000000000000001", "b", alone),
      document("0000000000000001", nil, "shop"),
    ]
    for order in [documents, Array(documents.reversed())] {
      let header = #"{"format":"json","version":1}"# + "\n"
      let reading = Reading(order.map { header + $0 }.joined(separator: "\n"))
      #expect(reading.summary.error == nil)
      #expect(reading.summary.format == "xray-json" && reading.summary.spansRead == 6)
      #expect(try reading.spans().map(\.service) == Array(repeating: "shop", count: 6))
      #expect(reading.store.resources.count <= 2)
    }
    let orphan = Reading(document("0000000000000002", "0000000000000009", "b", alone))
    #expect(try orphan.spans().map(\.service) == [""])
  }

  @Test(
    "the samples of the X-Ray receiver are read", .enabled(if: Reach.has("data/samples/xray")),
    arguments: Reach.path("data/samples/xray").map { Files.names(in: $0) } ?? [])
  func samples(_ file: String) throws {
    let path = try #require(Reach.path("data/samples/xray/" + file))
    let reading = Reading(try Files.read(path))
    #expect(reading.summary.format == "xray-json" || file == "segmentValidationFailed.txt")
    #expect(reading.summary.spansRead >= 1 || file == "segmentValidationFailed.txt")
  }

  @Test("Datadog's lists of traces are read, ids from their digits")
  func datadog() throws {
    let reading = Reading(
      #"""
      [[{"trace_id":18446744073709551615,"span_id":9007199254740993,"parent_id":0,"start":1700000000000000001,
         "duration":5000,"service":"web","resource":"GET /","name":"http.request","type":"web","error":1,
         "meta":{"span.kind":"server","_dd.p.tid":"64f0000000000000","error.message":"boom","http.status_code":"500"},
         "metrics":{"_sampling_priority_v1":2,"_dd.rule_psr":0.5}},
        {"trace_id":18446744073709551615,"span_id":2,"parent_id":9007199254740993,"start":1700000000000000002,
         "duration":1,"service":"db","resource":"SELECT"}],
       [{"trace_id":1,"span_id":18446744073709551616,"service":"x"}]]
      """#)
    #expect(reading.summary.error == nil)
    #expect(reading.summary.format == "datadog-json")
    #expect(reading.summary.spansRead == 3 && reading.summary.spansQuarantined == 1)
    let trace = try #require(reading.traces().first)
    #expect(trace.id.description == "64f0000000000000ffffffffffffffff")
    #expect(trace.spans.count == 2)
    #expect(trace.spans[0].record.spanID.description == "0020000000000001")
    #expect(trace.spans[0].record.status == .error)
    let span = try #require(try reading.spans().first)
    #expect(span.span["name"] == "GET /" && span.span["kind"] == 2)
    #expect(span.span["status"]["message"] == "boom")
    #expect(span.attribute("_dd.rule_psr") == ["double", .number(0.5)])
  }

  @Test("Datadog's printed traces have hex ids; links and events are kept")
  func datadogPrinted() throws {
    let reading = Reading(
      #"""
      {"traces": [[{"trace_id": "096FF94E3CE2471F", "parent_id": "0000000000000000", "span_id": "19A7B465890CDA5C",
        "service": "web", "resource": "GET /", "name": "flask.request", "start": 1700000000000000001, "duration": 9,
        "span_events": [{"name": "exception", "time_unix_nano": 1700000000000000005,
                         "attributes": {"exception.type": "E", "n": 3}}],
        "meta": {"_dd.p.tid": "64f0000000000000", "a": "b"},
        "span_links": [{"trace_id": "1234567890abcdef1234567890abcdef", "span_id": "0000000000000009",
                        "tracestate": "a=b", "attributes": {"k": "v"}}],
        "metrics": {"m": 1}},
       {"trace_id": "096FF94E3CE2471F", "parent_id": "19A7B465890CDA5C", "span_id": "000000000000004D",
        "service": "web", "resource": "work", "name": "work", "start": 1700000000000000002, "duration": 1},
       7]]}
      {"traces": [[{"trace_id": "XYZ", "span_id": "1"}]]}
      {"traces": []}
      """#)
    #expect(reading.summary.error == nil)
    #expect(reading.summary.format == "datadog-json")
    #expect(reading.summary.spansRead == 4 && reading.summary.spansQuarantined == 2)
    let trace = try #require(reading.traces().first)
    #expect(trace.id.description == "64f0000000000000096ff94e3ce2471f")
    #expect(trace.spans.map(\.depth) == [0, 1])
    let span = try #require(try reading.spans().first { $0.spanID == "19a7b465890cda5c" })
    #expect(span.attribute("a") == ["string", "b"] && span.attribute("m") == ["int", "1"])
    let event = span.span["events"][0]
    #expect(event["timeUnixNano"] == "1700000000000000005" && event["attributes"].elements.count == 2)
    let link = span.span["links"][0]
    #expect(link["traceId"] == "1234567890abcdef1234567890abcdef" && link["traceState"] == "a=b")
    #expect(link["attributes"].elements.count == 1)
  }

  @Test("Tempo's block metadata gives numbers by day and no spans")
  func tempo() {
    let block =
      #"{"format":"vParquet4","blockID":"a","tenantID":"t","startTime":"2023-11-14T22:13:20Z","totalObjects":7,"size":1000}"#
    let index = #"{"created_at":"2023-11-15T00:00:00Z","meta":[\#(block),\#(block)],"compacted":[\#(block)]}"#
    for (text, blocks) in [(block, 1), (index, 2)] {
      let summary = Reading.summary(Array(text.utf8))
      #expect(summary.format == "tempo-meta")
      #expect(summary.error == nil && summary.spansRead == 0)
      #expect(summary.storedBlocks.byDay.map(\.day) == [19_675])
      #expect(summary.storedBlocks.byDay.first?.blocks.blocks == blocks)
      #expect(summary.storedBlocks.byDay.first?.blocks.bytes == Int64(blocks) * 1_000)
    }
  }

  @Test("answers of the query APIs are OTLP, and a partial one says so")
  func queryAPIs() {
    let span =
      #"{"traceId":"W47/95gDgQPSabYzgT/GDA==","spanId":"7uGbfsPBsXQ=","name":"a","kind":"SPAN_KIND_SERVER"}"#
    let inside = #"{"resource":{},"scopeSpans":[{"spans":[\#(span)]}]}"#
    for text in [
      #"{"batches":[\#(inside)]}"#, #"{"trace":{"resourceSpans":[\#(inside)]},"status":"PARTIAL"}"#,
      #"{"result":{"resourceSpans":[\#(inside)]}}"#,
      #"{"status":"PARTIAL","trace":{"batches":[\#(inside)]}}"#,
    ] {
      let reading = Reading(text)
      #expect(reading.summary.format == "otlp-json" && reading.summary.spansRead == 1, "\(text)")
      #expect(reading.traces().first?.id.description == "5b8efff798038103d269b633813fc60c")
      #expect((reading.summary.diagnostics[.traceCut].count == 1) == text.contains("PARTIAL"))
    }
  }

  @Test("what is packed or written otherwise is refused by name")
  func refused() {
    let forms: [([UInt8], String)] = [
      (Array("PAR1xxxx".utf8), "Tempo data.parquet is not read; give meta.json for storage numbers"),
      ([0x50, 0x4b, 3, 4], "zip"), (Array("BZh91AY".utf8), "bzip2"),
      ([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0], "xz"),
      ([4, 0x22, 0x4d, 0x18], "lz4"), ([0xff, 6, 0, 0] + Array("sNaPpY".utf8), "snappy"),
      ([0xff, 0xfe, 0x7b, 0], "UTF-16"), ([0x0c, 0, 0, 0, 1], "Thrift"), ([0x0b, 0, 1], "Thrift"),
      ([UInt8](repeating: 0x61, count: 257) + Array("ustar".utf8) + [0, 0x30], "tar"),
    ]
    for (bytes, word) in forms {
      let summary = Reading.summary(bytes)
      #expect(summary.diagnostics[.unsupportedFormat].count == 1, "\(word)")
      #expect(summary.error?.contains(word) == true, "\(summary.error ?? "")")
      #expect(summary.format == "unknown")
    }
    for bytes in [
      [0x00], [0x7f, 0x45, 0x4c, 0x46, 2, 1], Array("plain text".utf8), [0xde, 0xad, 0xbe, 0xef],
    ] as [[UInt8]] {
      let summary = Reading.summary(bytes)
      #expect(summary.error != nil || bytes == [0], "\(bytes)")
    }
  }
}
