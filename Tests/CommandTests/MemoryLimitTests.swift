import TestSupport
import Testing

/// What commands take of memory within a limit, when texts take more than it.
///
/// Some 300 MB of JSON for each field, so it takes minutes: only with LARGE_TESTS=1.
@Suite(
  "Memory within a limit",
  .serialized,
  .enabled(
    if: ProcessEnvironment.inherited["LARGE_TESTS"] == "1"
      && CommandRunner.knows("report", "simulate", "dependencies", "inspect", "search", "compare"),
    "set LARGE_TESTS=1 to run it"))
struct MemoryLimitTests {
  private static let traces = 25_000

  enum Field: String, CaseIterable, Sendable {
    case service, name, message
  }

  /// Traces of one failed span, each with a text of its own of 12 kB.
  private static func archive(_ field: Field) -> [UInt8] {
    let padding = [UInt8](repeating: 0x78, count: 12_000)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(traces * (padding.count + 500))
    for number in 1...traces {
      let start = 1_793_577_600_000_000_000 + number * 1_000_000
      var span = SpanLines.Span(
        traceID: SpanLines.hex(3) + SpanLines.hex(UInt64(number)), spanID: SpanLines.hex(UInt64(number)),
        service: "front", name: "GET /", startUnixNano: start, endUnixNano: start + 900_000)
      span.statusCode = 2
      let text = "text \(number * 7_919 % traces) "
      switch field {
      case .service: span.service = text
      case .name: span.name = text
      case .message: span.statusMessage = text
      }
      let line = SpanLines.line([span])
      let parts = line.split(separator: text, maxSplits: 1)
      bytes += Array(parts[0].utf8) + Array(text.utf8) + padding + Array(parts[1].utf8) + [0x0a]
    }
    return Gzip.compress(bytes, level: 1)
  }

  @Test(
    "texts of any length leave memory, and no command takes more than was given", arguments: Field.allCases)
  func longTexts(_ field: Field) async throws {
    let folder = try TemporaryFolder()
    try folder.write("spans.jsonl.gz", Self.archive(field))
    for arguments in [
      ["report", "spans.jsonl.gz", "-o", "site"], ["simulate", "spans.jsonl.gz", "--sampler", "go:0.1"],
      ["dependencies", "spans.jsonl.gz"], ["dependencies", "spans.jsonl.gz", "--rule", "zipkin"],
      ["inspect", "spans.jsonl.gz"], ["search", "spans.jsonl.gz", "status:error"],
      ["compare", "--baseline", "spans.jsonl.gz", "--memory", "256M", "--", "spans.jsonl.gz"],
    ] {
      try await Self.expectWithinMemory(arguments, in: folder.path)
    }
  }

  private static func expectWithinMemory(_ arguments: [String], in folder: String) async throws {
    var command = CommandRunner(in: folder)
    command.timeout = .seconds(600)
    let limit = arguments.contains("--memory") ? [] : ["--memory", "256M"]
    let result = try await command.run(arguments + limit)
    #expect(result.status == 0, "\(arguments): \(result.errorOutput.prefix(300))")
    #expect(
      (1 << 20..<256 << 20).contains(result.peakMemory), "\(arguments): \(result.peakMemory >> 20) MB")
  }

  /// Spans of traces of their own, each with a service, a host, a scope and a name that no other has.
  private static func ownNames(_ count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    for number in 1...count {
      let start = 1_793_577_600_000_000_000 + number * 1_000_000
      let trace = (UInt64(number) &* 0x9e37_79b9_7f4a_7c15) | 1
      bytes += Array(
        """
        {"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"s\(number)"}},\
        {"key":"host.name","value":{"stringValue":"h\(number)"}}]},"scopeSpans":[{"scope":{"name":"c\(number)"},\
        "spans":[{"traceId":"\(SpanLines.hex(3))\(SpanLines.hex(trace))","spanId":"\(SpanLines.hex(trace))",\
        "name":"op\(number)","kind":2,"startTimeUnixNano":"\(start)","endTimeUnixNano":"\(start + 900_000)"}]}]}]}

        """.utf8)
    }
    return Gzip.compress(bytes, level: 1)
  }

  /// One trace with as many spans as there is room for, in chains, each with a service, a name and a message of its own.
  private static func largeTrace(_ count: Int) -> [UInt8] {
    var lines: [String] = []
    for number in 1...count {
      let start = 1_793_577_600_000_000_000 + number * 1_000
      var span = SpanLines.Span(
        traceID: SpanLines.hex(3) + SpanLines.hex(3), spanID: SpanLines.hex(UInt64(number)),
        service: "s\(number)", name: "op\(number)", startUnixNano: start, endUnixNano: start + 900_000)
      if number > 1 { span.parentSpanID = SpanLines.hex(UInt64(number % 1_000 == 2 ? 1 : number - 1)) }
      span.statusCode = 2
      span.statusMessage = "m\(number)"
      lines.append(SpanLines.line([span]))
    }
    return Gzip.compress(SpanLines.file(lines), level: 1)
  }

  @Test("the largest trace that is not refused is put together, concluded about and written")
  func largestTrace() async throws {
    let folder = try TemporaryFolder()
    try folder.write("spans.jsonl.gz", Self.largeTrace(131_072))
    for arguments in [
      ["report", "spans.jsonl.gz", "-o", "site"], ["inspect", "spans.jsonl.gz"],
      ["search", "spans.jsonl.gz", "status:error", "--format", "jaeger-json"],
      ["search", "spans.jsonl.gz", "status:error", "--format", "perfetto"],
      ["dependencies", "spans.jsonl.gz"], ["simulate", "spans.jsonl.gz", "--sampler", "go:0.1"],
    ] {
      try await Self.expectWithinMemory(arguments, in: folder.path)
    }
  }

  /// X-Ray segments of a million annotations and some exceptions, all with texts that nothing else has, a line for each.
  private static func largeSegments(_ count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    for segment in 1...count {
      let annotations = (0..<1_000_000).map { "\"k\(segment)_\($0)\":\"v\(segment)_\($0)\"" }
      let exceptions = (0..<100_000).map {
        "{\"id\":\"\(SpanLines.hex(UInt64($0 + 1)))\",\"type\":\"t\(segment)_\($0)\",\"message\":\"m\(segment)_\($0)\"}"
      }
      bytes += Array(
        """
        {"id":"\(SpanLines.hex(UInt64(segment)))","name":"s\(segment)",\
        "trace_id":"1-5759e988-\(SpanLines.hex(UInt64(segment)))00000000","start_time":1795644406.1,"end_time":1795644407.1,\
        "fault":true,"annotations":{\(annotations.joined(separator: ","))},\
        "cause":{"exceptions":[\(exceptions.joined(separator: ","))]}}

        """.utf8)
    }
    return Gzip.compress(bytes, level: 1)
  }

  @Test("texts of one span leave memory while it is read")
  func largeSpans() async throws {
    let folder = try TemporaryFolder()
    try folder.write("segments.jsonl.gz", Self.largeSegments(3))
    for arguments in [["report", "segments.jsonl.gz", "-o", "site"], ["inspect", "segments.jsonl.gz"]] {
      try await Self.expectWithinMemory(arguments, in: folder.path)
    }
  }

  /// Spans of traces of a hundred, one after another in no order.
  private static func shuffledSpans(_ count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    for step in 0..<count {
      let number = step * 7_919_011 % count
      let trace = (UInt64(number / 100) &* 0x9e37_79b9_7f4a_7c15) | 1
      let parent =
        number % 100 == 0 ? "" : "\"parent_id\":\"\(SpanLines.hex(UInt64(number / 100 * 100 + 1)))\","
      bytes += Array(
        """
        {"trace_id":"\(SpanLines.hex(3))\(SpanLines.hex(trace))","span_id":"\(SpanLines.hex(UInt64(number + 1)))",\(parent)\
        "service":"s\(number % 40)","name":"op\(number % 300)","start_time":\(1_793_577_600_000_000_000 + number * 1_000),\
        "duration":1000000,"tags":{"user":"u\(number)","route":"/\(number % 50)"}}

        """.utf8)
    }
    return Gzip.compress(bytes, level: 1)
  }

  @Test("spans that lie anywhere leave memory while traces are put together")
  func shuffledSpans() async throws {
    let folder = try TemporaryFolder()
    try folder.write("spans.jsonl.gz", Self.shuffledSpans(3_000_000))
    try await Self.expectWithinMemory(["report", "spans.jsonl.gz", "-o", "site"], in: folder.path)
  }

  /// One document of OTLP JSON whose spans are all in one list, with their resource behind them.
  private static func oneDocument(_ count: Int) -> [UInt8] {
    var bytes = Array("{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[".utf8)
    for number in 0..<count {
      let trace = (UInt64(number / 10) &* 0x9e37_79b9_7f4a_7c15) | 1
      bytes += Array(
        """
        {"traceId":"\(SpanLines.hex(5))\(SpanLines.hex(trace))","spanId":"\(SpanLines.hex(UInt64(number + 1)))","name":"op\(number % 300)",\
        "startTimeUnixNano":"\(1_793_577_600_000_000_000 + number * 1_000)","endTimeUnixNano":"\(1_793_577_600_001_000_000 + number * 1_000)"},
        """.utf8)
    }
    bytes.removeLast()
    let resource = "{\"attributes\":[{\"key\":\"service.name\",\"value\":{\"stringValue\":\"a\"}}]}"
    return Gzip.compress(bytes + Array("]}],\"resource\":\(resource)}]}".utf8), level: 1)
  }

  @Test("spans of one large document leave memory while it is read")
  func largeDocument() async throws {
    let folder = try TemporaryFolder()
    try folder.write("spans.json.gz", Self.oneDocument(4_000_000))
    try await Self.expectWithinMemory(["report", "spans.json.gz", "-o", "site"], in: folder.path)
  }

  @Test("texts that are nearly all new are found without a place of each in memory")
  func newTexts() async throws {
    let folder = try TemporaryFolder()
    try folder.write("spans.jsonl.gz", Self.ownNames(1_000_000))
    for arguments in [
      ["report", "spans.jsonl.gz", "-o", "site"], ["dependencies", "spans.jsonl.gz", "--rule", "zipkin"],
    ] {
      try await Self.expectWithinMemory(arguments, in: folder.path)
    }
  }
}
