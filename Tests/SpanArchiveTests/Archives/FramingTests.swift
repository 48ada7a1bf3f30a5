import SpanArchive
import TestSupport
import Testing
import TraceModel

/// How JSON documents lie in an archive must not matter.
@Suite struct FramingTests {
  private static let lines = SpanLines(traces: 12, seed: 21).lines()
  private static let whole = Reading(SpanLines.file(lines))

  /// Limits so small that everything is read in many pieces and documents are taken apart.
  static let smallest: ReadingLimits = {
    var limits = ReadingLimits()
    limits.windowBytes = 256
    limits.streamedBytes = 1_024
    limits.recordBytes = 1 << 16
    return limits
  }()

  private static let layouts: [(name: String, text: String)] = [
    ("lines", lines.map { $0 + "\n" }.joined()), ("no last end of line", lines.joined(separator: "\n")),
    ("carriage returns", lines.joined(separator: "\r\n") + "\r\n"),
    ("blank lines", "\n\n" + lines.joined(separator: "\n\n \n") + "\n"),
    ("byte order mark", "\u{feff}" + lines.joined(separator: "\n")),
    ("byte order marks between", lines.map { "\u{feff}" + $0 + "\n" }.joined()),
    ("joined", lines.joined()), ("blanks between", lines.joined(separator: "  ")),
    ("array", "[" + lines.joined(separator: ",") + "]"),
    ("array over lines", "[\n" + lines.joined(separator: ",\n") + "\n]\n"),
    ("array of arrays", "[[" + lines.joined(separator: "],[") + "]]"),
    ("one document", document(lines, "")), ("pretty", document(lines, "\n")),
    ("wrapped", "{\"result\":" + document(lines, "") + "}"),
    ("padding behind", lines.joined(separator: "\n") + String(repeating: "\0", count: 300)),
    (
      "lines, then an array, then joined",
      lines[0] + "\n" + "[" + lines[1...].prefix(3).joined(separator: ",") + "]"
        + lines[4...].joined()
    ),
  ]

  /// All batches in one request.
  private static func document(_ lines: [String], _ separator: String) -> String {
    let batches = lines.map { $0.dropFirst(#"{"resourceSpans":["#.utf8.count).dropLast(2) }
    let text = "{\"resourceSpans\":[" + batches.joined(separator: ",") + "]}"
    guard !separator.isEmpty else { return text }
    // Break the line at every bracket, as pretty printers do.
    return text.replacing("{", with: "{" + separator + "  ").replacing("}", with: separator + "}")
  }

  @Test("every layout gives the same spans", arguments: layouts)
  func layout(_ name: String, _ text: String) {
    for limits in [ReadingLimits(), Self.smallest] {
      let reading = Reading(text, limits: limits)
      #expect(reading.summary.error == nil)
      #expect(reading.summary.format == "otlp-json")
      #expect(reading.summary.spansRead == Self.whole.summary.spansRead)
      #expect(reading.lines == Self.whole.lines)
    }
  }

  @Test("a resource that ends beyond the bytes at hand, or beyond the archive, leaves no texts but its own")
  func cutResource() throws {
    let attributes = (0..<60).map {
      "{\"key\":\"key.\($0)\",\"value\":{\"stringValue\":\"value \($0 * 7)\"}}"
    }
    let resource = "{\"resource\":{\"attributes\":[" + attributes.joined(separator: ",") + "]},"
    let span = "{\"traceId\":\"1\",\"spanId\":\"2\",\"name\":\"GET\"}"
    let batch = resource + "\"scopeSpans\":[{\"spans\":[" + span + "]}]}"
    let document = "{\"resourceSpans\":[" + Array(repeating: batch, count: 4).joined(separator: ",") + "]}"
    var cuts = Array(stride(from: document.utf8.count - batch.utf8.count, to: document.utf8.count, by: 97))
    cuts.append(document.utf8.count)
    let other = Self.lines.joined(separator: "\n")
    for cut in cuts {
      let text = String(decoding: document.utf8.prefix(cut), as: UTF8.self)
      let store = ArchiveSet(
        inputs: [.bytes(Array(text.utf8), path: "a"), .bytes(Array(other.utf8), path: "b")],
        limits: Self.smallest
      ).read(threads: 1)
      #expect(store.archives[1].error == nil)
      for symbol in SymbolTable().count..<store.symbols.count {
        let name = store.symbols.text(Symbol(UInt32(symbol)))
        #expect((text + other).contains("\"\(name)\"") || name.hasPrefix("["), "cut at \(cut)")
      }
    }
  }

  @Test("a bad line costs itself and nothing else")
  func badLine() {
    let good = Reading(SpanLines.file([Self.lines[0], Self.lines[2]]))
    for bad in [
      "{", "}", "nonsense", "{\"resourceSpans\":[{]}", "\"text\"", "{\"resourceSpans\":tru}", "[[", "\u{1}",
    ] {
      let reading = Reading(SpanLines.file([Self.lines[0], bad, Self.lines[2]]))
      #expect(reading.summary.error != nil, "\(bad)")
      #expect(reading.lines == good.lines, "\(bad)")
    }
  }

  @Test("a line cut anywhere costs itself and nothing else, be it the first or a later one")
  func cutLine() {
    let short = Array(SpanLines(traces: 3, seed: 22).lines(batch: 1).prefix(4))
    for place in [0, 1] {
      let good = Reading(SpanLines.file(short.enumerated().filter { $0.offset != place }.map(\.element)))
      let line = short[place]
      for count in 1..<line.utf8.count {
        var lines = short
        lines[place] = String(decoding: line.utf8.prefix(count), as: UTF8.self)
        let reading = Reading(SpanLines.file(lines))
        #expect(reading.summary.error != nil, "line \(place) cut at \(count)")
        #expect(reading.lines == good.lines, "line \(place) cut at \(count)")
      }
    }
  }

  @Test("one document cut anywhere keeps every span before the cut")
  func cutDocument() throws {
    let short = Array(SpanLines(traces: 3, seed: 23).lines(batch: 2).prefix(4))
    let text = Self.document(short, "")
    let ends = Self.spanEnds(text)
    for limits in [ReadingLimits(), Self.smallest] {
      for count in 1..<text.utf8.count {
        let summary = Reading.summary(Array(text.utf8.prefix(count)), limits: limits)
        #expect(summary.spansRead == ends.count { $0 <= count }, "cut at \(count)")
        #expect(summary.diagnostics[.truncatedStream].count == 1)
      }
    }
  }

  /// Where the spans of a document end, by the text that ends them.
  private static func spanEnds(_ text: String) -> [Int] {
    let bytes = Array(text.utf8)
    let sign = Array("\"status\":{".utf8)
    return bytes.indices.filter { bytes[$0...].starts(with: sign) }.compactMap { start in
      bytes[start...].firstIndex(of: 0x7d).map { $0 + 2 }
    }
  }

  @Test("other signals between spans are passed over without error")
  func otherSignals() {
    let others = [
      #"{"resourceMetrics":[]}"#, #"{"resourceLogs":[{"a":1}]}"#,
      #"{"data":[{"parent":"a","child":"b","callCount":1}]}"#,
      #"{"index":{"_index":"jaeger-span"}}"#, #"{"serviceName":"a","operationName":"b"}"#,
    ]
    let reading = Reading(SpanLines.file([Self.lines[0]] + others + [Self.lines[1]]))
    #expect(reading.summary.error == nil)
    #expect(reading.summary.diagnostics[.otherSignal].count == others.count)
    #expect(reading.lines == Reading(SpanLines.file(Self.lines[..<2])).lines)
  }

  @Test("a span that is larger than what is taken apart is read whole, in every format of single spans")
  func largeSpans() {
    let long = String(repeating: "x", count: 5_000)
    for span in [
      #"{"traceId":"1","id":"2","name":"n","tags":{"a":"\#(long)"}}"#,
      #"{"traceId":"1","id":"2","annotations":[],"binaryAnnotations":[{"key":"a","value":"\#(long)"}]}"#,
      #"{"trace_id":"1","span_id":"2","operation_name":"n","tags":{"a":"\#(long)"}}"#,
      #"{"traceID":"1","spanID":"2","startTimeMillis":1,"tags":[{"key":"a","value":"\#(long)"}],"process":{}}"#,
      #"{"tags":[{"key":"a","vStr":"\#(long)"}],"traceId":"1","spanId":"2","operationName":"n"}"#,
      #"{"trace_id":"1-5759e988-bd862e3fe1be46a994272793","id":"0000000000000002","start_time":1,"metadata":{"a":"\#(long)"}}"#,
    ] {
      for text in [span, "[\(span),\(span)]", span + "\n" + span] {
        let summary = Reading.summary(Array(text.utf8), limits: Self.smallest)
        #expect(summary.error == nil, "\(span.prefix(40))")
        #expect(summary.spansRead == (text == span ? 1 : 2), "\(span.prefix(40))")
      }
    }
  }

  @Test("a record over the limit is refused, and reading goes on at the next line")
  func tooLarge() {
    let long =
      "{\"resourceSpans\":[{\"resource\":{\"attributes\":[{\"key\":\""
      + String(repeating: "x", count: 1 << 17)
      + "\"}]}}]}"
    let reading = Reading(
      SpanLines.file([Self.lines[0], long, Self.lines[1]]), limits: Self.smallest)
    #expect(reading.summary.diagnostics[.recordTooLarge].count == 1)
    #expect(reading.lines == Reading(SpanLines.file(Self.lines[..<2])).lines)
  }

  @Test("nesting a million levels deep is refused and costs one line")
  func deep() {
    for opener in [
      "[", "{\"a\":",
      "{\"resourceSpans\":[{\"resource\":{\"attributes\":[{\"key\":\"k\",\"value\":{\"arrayValue\":{\"values\":[",
    ] {
      let deep = String(repeating: opener, count: 1_000_000 / opener.utf8.count)
      let reading = Reading(SpanLines.file([Self.lines[0], deep, Self.lines[1]]))
      #expect(reading.summary.error != nil)
      #expect(reading.lines == Reading(SpanLines.file(Self.lines[..<2])).lines)
    }
  }

  @Test("the same archives give the same spans on one thread and on four")
  func threads() {
    let inputs = Self.lines.enumerated().map { number, line in
      ArchiveInput.bytes(Array(line.utf8), path: "archive-\(number)")
    }
    let one = Reading(inputs: inputs, threads: 1)
    let four = Reading(inputs: inputs, threads: 4)
    #expect(one.lines == Self.whole.lines)
    #expect(four.lines == one.lines)
    #expect(four.store.archives.map(\.path) == inputs.map(\.path))
  }
}
