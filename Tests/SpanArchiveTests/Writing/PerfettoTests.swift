import SpanArchive
import TestSupport
import Testing
import TraceModel

/// Traces in the trace event format.
@Suite struct PerfettoTests {
  private static let picture = """
    {"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},"scopeSpans":[{\
    "spans":[\(span(1, 0, 0, 1_000)),\(span(2, 1, 100, 500)),\(span(3, 1, 300, 900)),\(span(4, 2, 100, 500_000, unit: 1))\
    ]}]},{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"stock"}}]},"scopeSpans":[{"spans":[\
    \(span(5, 3, 400, 800))]}]}]}
    """

  private static func span(_ id: Int, _ parent: Int, _ start: Int, _ end: Int, unit: Int = 1_000) -> String {
    let begin = 1_700_000_000_000_000_000
    let last = unit == 1 ? begin + 100_000 + end : begin + end * 1_000
    return "{\"traceId\":\"1\",\"spanId\":\"\(id)\",\"parentSpanId\":\"\(parent)\",\"name\":\"s\(id)\","
      + "\"startTimeUnixNano\":\"\(begin + start * 1_000)\",\"endTimeUnixNano\":\"\(min(last, begin + 500_001))\"}"
  }

  @Test("children lie within their parents on one lane, what overlaps lies on another")
  func lanes() throws {
    let document = try JSONValue(parsing: Reading(Self.picture).archive(.perfetto))
    #expect(TraceEventCheck.faults(in: document) == [])
    let events = document["traceEvents"].elements
    let slices = Dictionary(
      events.filter { $0["ph"] == "X" }.map { ($0["name"].text ?? "", $0) }, uniquingKeysWith: { $1 })
    #expect(slices.count == 5)
    let lane = slices.mapValues { $0["tid"] }
    #expect(lane["s1"] == lane["s2"])
    #expect(lane["s1"] != lane["s3"])
    #expect(slices["s1"]?["ts"] == 0)
    #expect(slices["s2"]?["ts"] == 100)
    let names = events.filter { $0["name"] == "process_name" }.map { $0["args"]["name"].text ?? "" }
    #expect(names == ["shop", "stock"])
    // The call from one service to the other is an arrow.
    let flows = events.filter { $0["ph"] == "s" || $0["ph"] == "f" }
    #expect(flows.map { $0["ph"] } == ["s", "f"])
    #expect(flows.first?["id"] == flows.last?["id"])
    #expect(flows.first?["tid"] == lane["s3"])
  }

  @Test("slices nest, follow the format, and keep every span")
  func shop() throws {
    let reading = Reading(try Files.read(Repository.path("samples/formats/few-otlp-collector.proto.zst")))
    let document = try JSONValue(parsing: try reading.archive(.perfetto))
    #expect(TraceEventCheck.faults(in: document) == [])
    let slices = document["traceEvents"].elements.filter { $0["ph"] == "X" }
    #expect(slices.count == reading.store.spanCount)
    #expect(Set(slices.map { $0["args"]["spanId"] }).count == slices.count)
  }
}

/// What the trace event format demands, and what Perfetto drops when it is not so.
enum TraceEventCheck {
  /// The faults of a document, each in a few words; none for a good one.
  static func faults(in document: JSONValue) -> [String] {
    var faults: Set<String> = []
    var named: Set<JSONValue> = []
    var open: [JSONValue: [Double]] = [:]
    var lastStart: [JSONValue: Double] = [:]
    var flows: [JSONValue: String] = [:]
    for event in document["traceEvents"].elements {
      guard let phase = event["ph"].text, event["pid"].number != nil else {
        faults.insert("an event without phase or process")
        continue
      }
      if phase == "M" {
        if event["args"]["name"].text != nil {
          named.insert(event["tid"] == .null ? event["pid"] : event["tid"])
        }
        continue
      }
      guard let start = event["ts"].number, start >= 0 else {
        faults.insert("\(phase) without a time")
        continue
      }
      if !named.isSuperset(of: [event["pid"], event["tid"]]) { faults.insert("a lane without a name") }
      // Viewers bind an arrow or an instant to the slice around it.
      if phase != "X", !(open[event["tid"]] ?? []).contains(where: { start <= $0 + 0.001 }) {
        faults.insert("\(phase) outside any slice")
      }
      switch phase {
      case "X":
        guard let length = event["dur"].number, length >= 0, event["name"].text != nil else {
          faults.insert("a slice without length or name")
          continue
        }
        let lane = event["tid"]
        if start < lastStart[lane] ?? 0 { faults.insert("slices out of order") }
        lastStart[lane] = start
        // To a part of a microsecond's thousandth: sums of doubles are not exact.
        while let end = open[lane]?.last, end <= start + 0.0001 { open[lane]?.removeLast() }
        if let end = open[lane]?.last, start + length > end + 0.001 { faults.insert("slices overlap") }
        open[lane, default: []].append(start + length)
      case "i": if event["s"] != "t" { faults.insert("an instant without scope") }
      case "s":
        if flows.updateValue("s", forKey: event["id"]) != nil { faults.insert("a flow that begins twice") }
      case "f":
        if flows.updateValue("f", forKey: event["id"]) != "s" { faults.insert("a flow that ends unbegun") }
      default: faults.insert("phase \(phase)")
      }
    }
    if flows.values.contains("s") { faults.insert("a flow without end") }
    return faults.sorted()
  }
}
