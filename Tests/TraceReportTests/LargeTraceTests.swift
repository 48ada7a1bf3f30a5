import TestSupport
import Testing
import TraceModel

@testable import TraceReport

@Suite("Pages of large traces")
struct LargeTraceTests {
  static func wide(_ count: Int) -> TraceFixture {
    var spans = [
      TraceFixture.Span(
        service: "front", name: "GET /", parent: -1, start: 0, end: Double(count), kind: .server)
    ]
    for number in 1..<count {
      spans.append(
        TraceFixture.Span(
          service: "s\(number % 30)", name: "call \(number % 70)", parent: 0, start: Double(number - 1),
          end: Double(number),
          kind: .client, error: number % 9_000 == 0 ? "late" : nil,
          attributes: [("http.route", "/items/{id}"), ("server.address", "items.example")]))
    }
    return TraceFixture(spans)
  }

  static func deep(_ count: Int) -> TraceFixture {
    TraceFixture(
      (0..<count).map { number in
        TraceFixture.Span(
          service: "s\(number % 5)", name: "level \(number)", parent: number - 1, start: Double(number) / 10,
          end: Double(count) - Double(number) / 10)
      })
  }

  private func document(_ fixture: TraceFixture) throws -> (page: XPathDocument, size: Int) {
    let context = ReportContext(
      conclusions: ReportFixture.conclusions(), tracesWithPage: [fixture.trace.id], options: ReportOptions())
    let bytes = try TracePage.render(fixture.trace, store: fixture.store, context: context, shell: .embedded)
      .bytes
    return (try XPathDocument(xml: bytes), bytes.count)
  }

  @Test("a hundred thousand siblings fit a page of 5 MB, which says how many it shows and keeps all failures")
  func wideTrace() throws {
    let (page, size) = try document(Self.wide(100_000))
    #expect(size < 5_000_000)
    #expect(page.string("//section[@id='waterfall']//header")?.contains("of 100,000 spans") == true)
    #expect(page.count("//ol[@class='wf']//details[@class='rep']") == 210)
    #expect(page.string("//details[@class='rep']/summary//b") == "×477")
    #expect(page.count("//svg[contains(@class, 'er ')]") == 11)
  }

  @Test("a chain of fifty thousand spans nests no deeper than a page can hold")
  func deepTrace() throws {
    let (page, size) = try document(Self.deep(50_000))
    #expect(size < 5_000_000)
    #expect(page.count("//ol[count(ancestor::ol) > \(Waterfall.deepestList)]") == 0)
    #expect(page.count("//ol[@class='wf']//span[@class='row']") > 500)
  }
}
