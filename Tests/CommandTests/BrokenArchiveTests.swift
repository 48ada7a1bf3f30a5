import TestSupport
import Testing

/// An archive in which nearly everything is wrong, seen on the quality page.
@Suite("A broken archive", .enabled(if: CommandRunner.knows("report")))
struct BrokenArchiveTests {
  private static let start = 1_793_577_600_000_000_000

  private static func span(
    _ trace: Int, _ span: Int, parent: Int = 0, _ service: String, _ name: String, from: Int = 0,
    length: Int = 1_000_000
  ) -> SpanLines.Span {
    var made = SpanLines.Span(
      traceID: SpanLines.hex(0xBAD) + SpanLines.hex(UInt64(trace) << 33 | 1),
      spanID: SpanLines.hex(UInt64(trace * 1_000 + span)), service: service, name: name,
      startUnixNano: start + trace * 1_000_000_000 + from,
      endUnixNano: start + trace * 1_000_000_000 + from + length)
    if parent > 0 { made.parentSpanID = SpanLines.hex(UInt64(trace * 1_000 + parent)) }
    return made
  }

  /// Hosts five seconds apart, missing parents, old keys, secrets, ids in names, a traceparent that is none.
  private static func lines() -> [String] {
    var lines: [String] = []
    for trace in 1...30 {
      var root = span(trace, 1, "gateway", "GET /orders/\(4_000 + trace)", length: 90_000_000)
      root.resourceAttributes = [("host.name", "host-a")]
      root.scopeName = "io.opentelemetry.tomcat-10.0"
      root.attributes = [
        ("http.method", "GET"), ("http.request.header.traceparent", "00-XYZ-1-01"),
        ("http.request.header.authorization", "Bearer abcdef"), ("customerName", "bob"),
      ]
      var call = span(trace, 2, parent: 1, "gateway", "call", from: 10_000_000, length: 70_000_000)
      call.kind = 3
      call.resourceAttributes = root.resourceAttributes
      var order = span(
        trace, 3, parent: 2, "orders", "list orders", from: -5_000_000_000, length: 40_000_000)
      order.resourceAttributes = [("host.name", "host-b")]
      let lost = span(trace, 4, parent: 99, "billing", "charge")
      lines += [root, call, order, lost].map { SpanLines.line([$0]) }
    }
    var unnamed = span(40, 1, "", "")
    unnamed.traceID = SpanLines.hex(0) + SpanLines.hex(0xABCDEF)
    lines.append(SpanLines.line([unnamed]))
    return lines
  }

  /// 1970, 2200, an end before the start, no length, and lengths that overflow.
  private static func timeLines() -> [String] {
    let times: [(Int, Int)] = [
      (1, 2), (7_258_118_400_000_000_000, 7_258_118_400_000_000_900), (start, start - 5), (start, start),
      (-9_223_372_036_854_775_807, 9_223_372_036_854_775_807), (0, 0), (start, 9_223_372_036_854_775_807),
    ]
    return times.enumerated().map { number, time in
      var made = span(50 + number, 1, "clock", "tick")
      made.startUnixNano = time.0
      made.endUnixNano = time.1
      return SpanLines.line([made])
    }
  }

  private static let site = Task {
    let folder = try TemporaryFolder()
    let sound = lines() + timeLines()
    let refused =
      #"{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"no hex","spanId":"1","name":"q"}]}]}]}"#
    _ = try folder.write(
      "archives/a.jsonl", SpanLines.file(sound + [refused, "{ this is not JSON"] + sound.prefix(8)))
    let packed = Gzip.compress(SpanLines.file(SpanLines(traces: 40, seed: 9).lines()))
    _ = try folder.write("archives/b.jsonl.gz", Array(packed.prefix(packed.count / 2)))
    let out = try TemporaryFolder()
    let result = try await CommandRunner(in: out.path).run(["report", folder.path("archives"), "-o", "site"])
    return (out, result.status, try JSONValue(parsing: try Files.read(out.path("site/report.json"))))
  }

  @Test("the report is written, says 3, and its accounting closes for each archive and in all")
  func accounting() async throws {
    let (_, status, report) = try await Self.site.value
    #expect(status == 3)
    let input = report["input"]
    func number(_ value: JSONValue, _ key: String) -> Int { Int(value[key].number ?? -1) }
    #expect(
      number(input, "spansRead") == number(input, "spansAccepted") + number(input, "spansQuarantined")
        + number(input, "duplicateSpans"))
    #expect(number(input, "duplicateSpans") == 8)
    #expect(number(input, "spansQuarantined") == 1)
    let archives = input["archives"].elements
    #expect(archives.count == 2)
    #expect(archives.allSatisfy { $0["error"].text != nil })
    #expect(archives.map { number($0, "duplicates") } == [8, 0])
    #expect(archives.reduce(0) { $0 + number($1, "spans") } == number(input, "spansRead"))
  }

  @Test("report.json says what was found, with evidence")
  func findings() async throws {
    let (_, _, report) = try await Self.site.value
    let quality = report["quality"]
    let checks = Set(quality["audits"].elements.compactMap { $0["check"].text })
    #expect(
      checks.isSuperset(of: [
        "audit-missing-service", "audit-orphans", "audit-propagation", "audit-sensitive", "audit-name-has-id",
        "audit-empty-name", "audit-clock", "audit-duplicate", "audit-old-keys", "audit-own-keys",
        "audit-no-version", "audit-long-span",
      ]), "\(checks.sorted())")
    #expect(quality["hostPairs"][0]["host"].text == "host-b")
    #expect(quality["hostPairs"][0]["against"].text == "host-a")
    let orphans = quality["propagation"].elements.first { $0["sign"].text == "missing-caller" }
    #expect(orphans?["service"].text == "billing")
    #expect(quality["traceIds"]["bits64"].number == 1)
    let kinds = Set(report["findings"].elements.compactMap { $0["kind"].text })
    #expect(kinds.isSuperset(of: ["audit-orphans", "audit-sensitive", "audit-propagation"]), "\(kinds)")
    let gateway = quality["instrumentation"].elements.first { $0["service"].text == "gateway" }
    #expect((gateway?["automaticSpans"].number ?? 0) > 0)
  }

  @Test("the quality page has every part, with examples that lead to pages")
  func page() async throws {
    let (folder, _, _) = try await Self.site.value
    let page = try XPathDocument(xml: try Files.read(folder.path("site/quality.html")))
    for part in ["accounting", "warnings", "clocks", "propagation", "audit", "instrumentation", "archives"] {
      #expect(page.count("//section[@id='\(part)']//table") > 0, "\(part)")
    }
    #expect(page.count("//section[@id='audit']//a[starts-with(@href, 'traces/')]") > 0)
    // A secret's key is shown, its value never.
    #expect(page.count("//*[contains(text(), 'Bearer abcdef')]") == 0)
    #expect(page.count("//*[contains(text(), 'http.request.header.authorization')]") > 0)
  }

  @Test("the quality page opens without an error or sideways scrolling", .enabled(if: Chromium.isAvailable))
  func browser() async throws {
    let (folder, _, _) = try await Self.site.value
    try await Chromium.withBrowser { browser in
      for view in BrowserTests.views {
        let faults = try await browser.open(file: folder.path("site/quality.html"), view: view)
        #expect(faults == [], "\(view)")
        let width = try await browser.evaluate("document.documentElement.scrollWidth").number ?? 0
        #expect(width <= Double(view.width), "\(width) px wide, \(view)")
      }
    }
  }
}
