import TestSupport
import Testing

/// `tracebook incident` on the recorded shop and on made-up archives.
@Suite(
  "Incident files",
  .enabled(if: CommandRunner.knows("incident") && Files.exists(Repository.path("samples/shop/logs"))))
struct IncidentTests {
  static let failing = "04c9379e6971360f2d36b89d70803244"

  private static let shop = Task {
    let folder = try TemporaryFolder()
    let result = try await CommandRunner(in: folder.path).run([
      "incident", Repository.path("samples/shop"), "--trace", failing, "-o", "incident.html", "--logs",
      Repository.path("samples/shop/logs"),
    ])
    if result.status != 0 { throw TestFailure("incident ended with \(result.status): \(result.errorOutput)") }
    return folder
  }

  private func run(_ arguments: [String], in folder: TemporaryFolder) async throws -> ProcessResult {
    try await CommandRunner(in: folder.path).run(["incident"] + arguments)
  }

  @Test("one file that answers: what failed, who is not reached, logs, a healthy trace, the spans")
  func answers() async throws {
    let folder = try await Self.shop.value
    let bytes = try Files.read(folder.path("incident.html"))
    #expect(bytes.count <= 5_000_000)
    let page = try XPathDocument(xml: bytes)
    #expect(page.string("//h1")?.contains("Payment gateway timeout") == true)
    for part in ["errors", "timeline", "t1-trace", "t2-trace", "graph", "spans", "left-out"] {
      #expect(page.count("//section[@id='\(part)']") == 1, "\(part)")
    }
    let errors = page.string("//section[@id='errors']") ?? ""
    #expect(errors.contains("Not reached: inventory, warehouse"))
    #expect(errors.contains("First error logged"))
    #expect(page.count("//section[@id='t1-logs']//tbody/tr") >= 2)
    #expect(page.count("//section[@id='t2-trace']//h2[contains(., 'healthy')]") == 1)
    let ids = page.strings("//@id")
    #expect(Set(ids).count == ids.count)
    // Nothing points anywhere but into the page.
    for address in page.strings("//@href") {
      #expect(address.hasPrefix("#") || address.hasPrefix("data:"), "\(address.prefix(60))")
      if address.hasPrefix("#"), !address.hasPrefix("#m-") {
        #expect(ids.contains(String(address.dropFirst())), "\(address)")
      }
    }
  }

  @Test("the spans that it carries are an archive of the trace")
  func spans() async throws {
    let folder = try await Self.shop.value
    let page = try XPathDocument(xml: try Files.read(folder.path("incident.html")))
    let address = try #require(page.string("//section[@id='spans']//a[@download]/@href"))
    let packed = try Base64.decode(String(address.drop { $0 != "," }.dropFirst()))
    let again = try TemporaryFolder()
    let archive = try again.write("spans.jsonl.gz", packed)
    let result = try await CommandRunner(in: again.path).run(["inspect", archive])
    let trace = try #require(try JSONValue.lines(Array(result.output.utf8)).first)
    #expect(trace["traceId"].text == Self.failing)
    let original = try await CommandRunner(in: again.path).run([
      "inspect", Repository.path("samples/shop"), "--trace", Self.failing,
    ])
    let before = try #require(try JSONValue.lines(Array(original.output.utf8)).first)
    #expect(trace["spanCount"] == before["spanCount"])
    #expect(trace["criticalPath"] == before["criticalPath"])
  }

  @Test("the Markdown twin has the verdict, the traces and the timeline")
  func markdown() async throws {
    let folder = try await Self.shop.value
    let text = try Files.text(folder.path("incident.md"))
    for part in ["# ", "## What failed", "## Traces", "## Timeline", Self.failing, "inventory", "Taken out"] {
      #expect(text.contains(part), "\(part)")
    }
  }

  @Test(
    "opens offline, with and without scripts, without sideways scrolling", .enabled(if: Chromium.isAvailable))
  func browser() async throws {
    let folder = try await Self.shop.value
    try await Chromium.withBrowser { browser in
      for view in BrowserTests.views {
        let faults = try await browser.open(file: folder.path("incident.html"), view: view)
        #expect(faults == [], "\(view)")
        let width = try await browser.evaluate("document.documentElement.scrollWidth").number ?? 0
        #expect(width <= Double(view.width), "\(width) px, \(view)")
      }
    }
  }

  @Test("secrets are in neither file, wherever they stood")
  func redaction() async throws {
    let folder = try TemporaryFolder()
    var span = SpanLines.Span(
      traceID: SpanLines.hex(1) + SpanLines.hex(2), spanID: SpanLines.hex(3), service: "shop",
      name: "buy token=hunter2", startUnixNano: 1_793_577_600_000_000_000,
      endUnixNano: 1_793_577_601_000_000_000)
    span.statusCode = 2
    span.statusMessage = "password=hunter2 refused"
    span.attributes = [
      ("http.request.header.authorization", "Bearer hunter2"), ("db.query.text", "select 'hunter2'"),
      ("customer.name", "hunter2"), ("url.full", "https://x.org/?key=hunter2"),
    ]
    span.eventName = "exception"
    span.eventAttributes = [("exception.message", "secret: hunter2")]
    span.resourceAttributes = [("db.password", "hunter2")]
    let archive = try folder.write("spans.jsonl", SpanLines.file([SpanLines.line([span])]))
    let logs = try folder.write(
      "logs.jsonl",
      #"{"traceId":"\#(span.traceID)","level":"error","msg":"cookie=hunter2","token":"hunter2"}"#)
    let metrics = try folder.write(
      "metrics.txt", "buy_seconds_bucket{le=\"1\"} 1 # {trace_id=\"\(span.traceID)\"} 0.9\n")
    let result = try await run(
      [
        archive, "--trace", span.traceID, "-o", "i.html", "--redact", "key=customer.*", "--logs", logs,
        "--metrics", metrics,
      ],
      in: folder)
    #expect(result.status == 0, "\(result.errorOutput)")
    for file in ["i.html", "i.md"] {
      #expect(!(try Files.text(folder.path(file))).contains("hunter2"), "\(file)")
    }
    let page = try XPathDocument(xml: try Files.read(folder.path("i.html")))
    #expect(page.count("//section[@id='t1-metrics']//th[contains(., 'buy_seconds_bucket')]") == 1)
    let address = try #require(page.string("//section[@id='spans']//a[@download]/@href"))
    let spans = try Gzip.decompress(try Base64.decode(String(address.drop { $0 != "," }.dropFirst())))
    #expect(!String(decoding: spans, as: UTF8.self).contains("hunter2"))
  }

  @Test("many large traces fit 5 MB, and what was left out is said")
  func large() async throws {
    let folder = try TemporaryFolder()
    var spans: [SpanLines.Span] = []
    for trace in 1...20 {
      for number in 1...600 {
        var span = SpanLines.Span(
          traceID: SpanLines.hex(7) + SpanLines.hex(UInt64(trace)), spanID: SpanLines.hex(UInt64(number)),
          service: "service \(number % 9)", name: "operation \(number)",
          startUnixNano: 1_793_577_600_000_000_000 + number * 1_000,
          endUnixNano: 1_793_577_601_000_000_000 - number * 1_000)
        if number > 1 { span.parentSpanID = SpanLines.hex(UInt64(number / 2)) }
        span.attributes = (0..<6).map { ("key.\($0)", String(repeating: "value \(number * $0) ", count: 20)) }
        if number == 600 { span.statusCode = 2 }
        spans.append(span)
      }
    }
    let archive = try folder.write("spans.jsonl", SpanLines.file(SpanLines(spans: spans).lines(batch: 50)))
    let result = try await run([archive, "--query", "status:error", "-o", "i.html"], in: folder)
    #expect(result.status == 0, "\(result.errorOutput)")
    let bytes = try Files.read(folder.path("i.html"))
    #expect(bytes.count <= 5_000_000)
    let page = try XPathDocument(xml: bytes)
    #expect(page.string("//section[@id='left-out']")?.contains("without a waterfall") == true)
  }

  @Test("ids that are not there give an empty file that says so; wrong use is told")
  func absent() async throws {
    let folder = try TemporaryFolder()
    let shop = Repository.path("samples/shop")
    let result = try await run([shop, "--trace", "abc", "-o", "i.html"], in: folder)
    #expect(result.status == 0)
    #expect(
      (try Files.text(folder.path("i.html"))).contains(
        "Not in the archives: 00000000000000000000000000000abc"))
    for wrong in [
      [shop, "-o", "i.html"], [shop, "--trace", "xyz", "-o", "i.html"],
      [shop, "--trace", "abc", "--query", "", "-o", "i.html"],
      [shop, "--query", "status:what", "-o", "i.html"],
      [shop, "--trace", "abc", "--redact", "nothing", "-o", "i.html"],
    ] {
      #expect(try await run(wrong, in: folder).status == 2, "\(wrong)")
    }
  }
}

/// Standard base64, for tests.
private enum Base64 {
  static func decode(_ text: String) throws -> [UInt8] {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var bytes: [UInt8] = []
    var bits = 0
    var count = 0
    for digit in text.utf8 where digit != UInt8(ascii: "=") {
      guard let value = alphabet.firstIndex(of: digit) else { throw TestFailure("no base64") }
      bits = (bits << 6 | value) & 0xff_ffff
      count += 6
      if count >= 8 {
        count -= 8
        bytes.append(UInt8(bits >> count & 0xff))
      }
    }
    return bytes
  }
}
