import TestSupport
import Testing
import TraceModel

@testable import TraceReport

@Suite("Links to other tools")
struct LinkTemplateTests {
  private var thing: LinkedThing {
    var thing = LinkedThing()
    thing.traceID = TraceID(high: 1, low: 2)
    thing.spanID = SpanID(3)
    thing.service = "shop & co"
    thing.start = UnixNanoseconds(1_700_000_000_000_000_000)
    thing.end = UnixNanoseconds(1_700_000_001_000_000_000)
    thing.attributes = ["k8s.pod.name": "pod-1"]
    thing.resources = ["host.name": "h/1"]
    return thing
  }

  private func address(_ url: String, when condition: LinkTemplate.Condition? = nil) throws -> String? {
    try LinkTemplate(name: "Logs", on: .span, url: url, when: condition, padSeconds: 1).address(for: thing)
  }

  @Test("places are filled in and percent-encoded")
  func places() throws {
    #expect(
      try address("https://l.example/?q={traceId}&s={spanId}&n={service}&f={startUnixMilli}&t={endUnixNano}")
        == "https://l.example/?q=00000000000000010000000000000002&s=0000000000000003&n=shop%20%26%20co"
        + "&f=1699999999000&t=1700000002000000000")
    #expect(
      try address("https://l.example/{traceId64}/{attr:k8s.pod.name}/{resource:host.name}")
        == "https://l.example/0000000000000002/pod-1/h%2F1")
    #expect(
      try address("http://l.example/{startIso}") == "http://l.example/2023-11-14T22%3A13%3A19.000000000Z")
  }

  @Test("a value that is missing, or a condition that does not hold, leaves the link out")
  func missing() throws {
    #expect(try address("https://l.example/{operation}") == nil)
    #expect(try address("https://l.example/{attr:absent}") == nil)
    #expect(try address("https://l.example/a", when: .attribute("absent")) == nil)
    #expect(try address("https://l.example/a", when: .attribute("k8s.pod.name")) == "https://l.example/a")
    #expect(try address("https://l.example/a", when: .service("other")) == nil)
  }

  @Test(
    "addresses that are no plain web addresses are refused",
    arguments: [
      "javascript:alert(1)", "ftp://x/", "//x/", "https://{service}/", "https://x{attr:a}.example/",
      "https://l.example/{what}", "https://l.example/{traceId", "https://l.example/ a", "https:///x", "",
    ])
  func refused(url: String) {
    #expect(throws: LinkTemplate.Mistake.self) { try address(url) }
  }

  @Test("links stand on the trace's page and in span details, and metrics that point to it are named")
  func page() throws {
    let fixture = TraceFixture.failedOrder
    var correlation = Correlation()
    correlation.links = [
      try LinkTemplate(name: "Tempo <x>", on: .trace, url: "https://tempo.example/trace/{traceId}"),
      try LinkTemplate(name: "Logs", on: .span, url: "https://logs.example/?s={spanId}"),
    ]
    var exemplar = MetricExemplar()
    exemplar.metric = "latency_bucket"
    exemplar.labels = "le=\"<1>\""
    exemplar.value = "0.4"
    exemplar.traceID = fixture.trace.id
    exemplar.spanID = fixture.trace.spans[0].record.spanID
    var metrics = CorrelatedMetrics()
    metrics.count = 1
    metrics.kept = [exemplar]
    correlation.metrics = metrics
    let context = ReportContext(
      conclusions: ReportFixture.conclusions(), tracesWithPage: [fixture.trace.id], options: ReportOptions(),
      correlation: correlation)
    let bytes = try TracePage.render(
      fixture.trace, store: fixture.store, context: context, shell: .embedded
    ).bytes
    let page = try XPathDocument(xml: bytes)
    let tempo = "//a[@href='https://tempo.example/trace/\(fixture.trace.id)' and @rel='noopener noreferrer']"
    #expect(page.strings(tempo) == ["Tempo <x>"])
    #expect(
      page.count("//div[starts-with(@id, 'span-')]//a[starts-with(@href, 'https://logs.example/?s=')]") > 3)
    #expect(page.count("//section[@id='metrics']//td[contains(., 'le=\"<1>\"')]") == 1)
    let quality = try XPathDocument(xml: try QualityPage.render(context, shell: .embedded).bytes)
    #expect(quality.count("//section[@id='metrics']//a[starts-with(@href, 'traces/')]") == 1)
  }
}
