import TestSupport
import Testing

/// Log records on the pages of their traces.
@Suite(
  "Logs on pages",
  .enabled(if: CommandRunner.knows("report") && Files.exists(Repository.path("samples/shop/logs"))))
struct LogPageTests {
  private static let shop = Task {
    try await SampleSite(
      archive: Repository.path("samples/shop"), options: ["--logs", Repository.path("samples/shop/logs")])
  }

  @Test("the failing order's page shows what was logged, on its spans")
  func failingOrder() async throws {
    let site = try await Self.shop.value
    let page = try site.document("traces/002e3c5cb8a3af7714fe5571a5055fef.html")
    let rows = page.strings("//section[@id='logs']//tbody/tr/td[last()]")
    #expect(rows.contains { $0.contains("not created: Payment gateway timeout") }, "\(rows)")
    #expect(rows.contains { $0.contains("Exception on /payments [POST]") })
    // Each leads to a span whose panel has it again.
    let links = page.strings("//section[@id='logs']//tbody//a[starts-with(@href, '#span-')]/@href")
    #expect(links.count == rows.count)
    for link in Set(links) {
      #expect(page.count("//div[@id='\(link.dropFirst())']//table[@aria-label='Logs']") == 1, "\(link)")
    }
    // Ticks in the waterfall, and the key that says what they are.
    #expect(page.count("//section[@id='waterfall']//*[name()='title'][starts-with(., 'log ERROR')]") >= 1)
  }

  @Test("report.json and the quality page count every record; errors.html quotes the log of the origin")
  func counts() async throws {
    let site = try await Self.shop.value
    let logs = site.report["logs"]
    let kinds = ["joined", "otherTraces", "unknownTraces", "ambiguous", "withoutTraceId"]
    let sum = kinds.reduce(0.0) { $0 + (logs[$1].number ?? 0) }
    #expect(sum == logs["records"].number)
    #expect((logs["joined"].number ?? 0) > 20)
    #expect(logs["unknownTraces"].number == 0)
    #expect(try site.document("quality.html").count("//section[@id='logs']//table") == 2)
    let errors = try site.document("errors.html")
    #expect(errors.count("//p[starts-with(., 'First error logged')]") >= 1)
  }

  @Test("without a span id a record is placed by time and service, and marked")
  func guessed() async throws {
    let folder = try TemporaryFolder()
    var span = SpanLines.Span(
      traceID: SpanLines.hex(1) + SpanLines.hex(2), spanID: SpanLines.hex(3), service: "shop", name: "buy",
      startUnixNano: 1_793_577_600_000_000_000, endUnixNano: 1_793_577_601_000_000_000)
    span.statusCode = 2
    let archive = try folder.write("spans.jsonl", SpanLines.file([SpanLines.line([span])]))
    let line =
      #"{"traceId":"\#(span.traceID)","time":"2026-11-02T00:00:00.5Z","level":"warn","msg":"half way","service":"shop"}"#
    let logs = try folder.write("logs.jsonl", line)
    let site = try await SampleSite(archive: archive, options: ["--logs", logs])
    let page = try site.document("traces/\(span.traceID).html")
    #expect(page.count("//section[@id='logs']//td[contains(., 'WARN *')]") == 1)
    #expect(page.count("//section[@id='logs']//a[@href='#span-\(span.spanID)']") == 1)
    #expect(site.report["logs"]["joinedWithoutSpanId"].number == 1)
  }

  @Test("hostile texts in logs stay text")
  func hostile() async throws {
    let folder = try TemporaryFolder()
    var span = SpanLines.Span(
      traceID: SpanLines.hex(1) + SpanLines.hex(2), spanID: SpanLines.hex(3), service: "shop", name: "buy",
      startUnixNano: 1_793_577_600_000_000_000, endUnixNano: 1_793_577_601_000_000_000)
    span.statusCode = 2
    let archive = try folder.write("spans.jsonl", SpanLines.file([SpanLines.line([span])]))
    let lines = HostileStrings.all.map { text in
      let json = HostileStrings.json(text)
      return
        "{\"traceId\":\"\(span.traceID)\",\"spanId\":\"\(span.spanID)\",\"level\":\"error\",\"msg\":\(json),\(json):\(json)}"
    }
    let logs = try folder.write("logs.jsonl", lines.joined(separator: "\n"))
    let site = try await SampleSite(archive: archive, options: ["--logs", logs])
    for page in site.pages {
      let document = try site.document(page)
      #expect(document.count("//@*[starts-with(name(), 'on')]") == 0, "\(page)")
      #expect(document.count("//script[not(@type)]") == 1, "\(page)")
      #expect(document.count("//img | //iframe | //object | //embed") == 0, "\(page)")
    }
  }

  @Test("a log archive that cannot be read is told, and the report is written")
  func damaged() async throws {
    let folder = try TemporaryFolder()
    let out = try TemporaryFolder()
    let archive = try folder.write("spans.jsonl", SpanLines.file(SpanLines(traces: 3, seed: 4).lines()))
    let result = try await CommandRunner(in: out.path).run([
      "report", archive, "-o", "site", "--logs", folder.path("absent.log"),
    ])
    #expect(result.status == 3)
    #expect(result.errorOutput.contains("absent.log: cannot be opened"))
    #expect(Files.exists(out.path("site/index.html")))
  }
}
