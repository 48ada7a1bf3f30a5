import TestSupport
import Testing

/// Text from archives reaches a page only as text.
@Suite("Hostile text", .enabled(if: CommandRunner.knows("report")))
struct HostileTextTests {
  /// A trace in which every field of some span holds each hostile text.
  static func archive() -> SpanLines {
    var spans: [SpanLines.Span] = []
    let start = 1_793_577_600_000_000_000
    for (number, text) in HostileStrings.all.enumerated() {
      // Every tenth text begins a trace of its own, so that texts meet root spans too.
      let traceID = SpanLines.hex(0xABC) + SpanLines.hex(UInt64(1 + number / 10))
      var span = SpanLines.Span(
        traceID: traceID, spanID: SpanLines.hex(UInt64(number + 1)), service: text, name: text,
        startUnixNano: start + number * 1_000_000, endUnixNano: start + 900_000_000 - number * 1_000_000)
      if number % 10 != 0 { span.parentSpanID = SpanLines.hex(UInt64(number)) }
      span.statusCode = number % 3 == 0 ? 2 : 0
      span.statusMessage = text
      span.attributes = [(text, text), ("http.route", text), ("db.query.text", text), ("url.full", text)]
      span.eventName = number % 2 == 0 ? text : "exception"
      span.eventAttributes = [
        ("exception.type", text), ("exception.message", text), ("exception.stacktrace", text),
      ]
      span.resourceAttributes = [("service.version", text), ("k8s.pod.name", text), (text, text)]
      span.scopeName = text
      span.scopeVersion = text
      span.traceState = text
      spans.append(span)
    }
    return SpanLines(spans: spans)
  }

  private static let site = Task {
    let folder = try TemporaryFolder()
    let broken = HostileStrings.brokenLiterals.enumerated().map { number, literal in
      #"{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":\#(literal)}}]},"#
        + #""scopeSpans":[{"spans":[{"traceId":"\#(SpanLines.hex(0xBAD))\#(SpanLines.hex(1))","#
        + #""spanId":"\#(SpanLines.hex(UInt64(0xF000 + number)))","name":\#(literal),"kind":2,"#
        + #""startTimeUnixNano":"1793577600000000000","endTimeUnixNano":"1793577600000000009"}]}]}]}"#
    }
    let lines = archive().spans.map { SpanLines.line([$0]) } + broken
    return try await SampleSite(archive: try folder.write("spans.jsonl", SpanLines.file(lines)))
  }

  @Test("every page stays well-formed and holds no script, handler or link that an archive brought")
  func pagesStayOurs() async throws {
    let site = try await Self.site.value
    #expect(site.pages.contains { $0.hasPrefix("traces/") })
    // Scripts that run are those of a report about nothing.
    let folder = try TemporaryFolder()
    let plain = try await SampleSite(
      archive: try folder.write("spans.jsonl", SpanLines.file(SpanLines(traces: 3, seed: 4).lines())))
    let active = "//script[not(@type='application/json') and not(@type='application/octet-stream')]"
    let ours = Set(try plain.pages.flatMap { try plain.document($0).strings(active) })
    for page in site.pages {
      let document = try site.document(page)
      let foreign = Set(document.strings(active)).subtracting(ours)
      #expect(foreign == [], "\(page)")
      #expect(document.count("//@*[starts-with(name(), 'on')]") == 0, "\(page)")
      #expect(
        document.count("//img | //iframe | //object | //embed | //base | //form[@action]") == 0, "\(page)")
      for link in document.strings("//@href | //@src") {
        #expect(
          SiteAddress(link, from: page) != nil || link.hasPrefix("data:"), "\(page) has \(link.prefix(80))")
      }
    }
  }

  @Test("text that a page can show stands in it as it was")
  func textIsIntact() async throws {
    let site = try await Self.site.value
    let texts = try site.pages.filter { $0.hasPrefix("traces/") }.map {
      try site.document($0).string("/html") ?? ""
    }
    let plain =
      HostileStrings.markup + HostileStrings.quoting.filter { !$0.contains("\t") } + HostileStrings.slots
    for text in plain { #expect(texts.contains { $0.contains(text) }, "\(text) is lost") }
  }

  @Test("what turns text around or is no character at all does not reach a page")
  func controlsAreShown() async throws {
    let site = try await Self.site.value
    let forbidden: Set<Unicode.Scalar> = [
      "\u{202E}", "\u{202C}", "\u{2066}", "\u{2069}", "\u{0}", "\u{1B}", "\u{FFFE}",
    ]
    for page in site.pages {
      let scalars = Set(try Files.text(site.path(page)).unicodeScalars)
      #expect(scalars.isDisjoint(with: forbidden), "\(page)")
    }
  }

  // Without Chromium only the checks above are made.
  @Test(
    "nothing an archive brings runs in a browser, or breaks the layout", .enabled(if: Chromium.isAvailable))
  func nothingRuns() async throws {
    let site = try await Self.site.value
    try await Chromium.withBrowser { browser in
      for page in site.typicalPages {
        let faults = try await browser.open(file: site.path(page), view: .init(width: 400))
        #expect(faults == [], "\(page)")
        let width = try await browser.evaluate("document.documentElement.scrollWidth").number ?? 0
        #expect(width <= 400, "\(page)")
      }
    }
  }
}
