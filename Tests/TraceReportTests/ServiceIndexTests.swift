import TestSupport
import Testing
import TraceAnalysis
import TraceModel

@testable import TraceReport

@Suite("Pages of very many services")
struct ServiceIndexTests {
  /// Services `s10000`, `s10001`, …, of one span each but for the last, which has two; a finding is about the one before.
  private static let context: ReportContext = {
    var conclusions = Conclusions()
    for number in 0..<ServiceIndex.mostPages + 3 {
      var service = ServiceResult()
      service.name = "s\(10_000 + number)"
      service.spanCount = 1
      conclusions.services.append(service)
    }
    let last = conclusions.services.count - 1
    conclusions.services[last].spanCount = 2
    var finding = Finding()
    finding.service = conclusions.services[last - 1].name
    conclusions.findings = [finding]
    return ReportContext(conclusions: conclusions, tracesWithPage: [], options: ReportOptions())
  }()

  @Test("are those that findings are about, then those with most spans, then the first by name")
  func chosen() {
    let names = Self.context.conclusions.services.map(\.name)
    let without = names.filter { Self.context.servicePath($0) == nil }
    #expect(without == Array(names[(ServiceIndex.mostPages - 2)...ServiceIndex.mostPages]))
  }

  @Test("are counted where services are listed, and the others are no links")
  func told() throws {
    let page = try XPathDocument(
      xml: OverviewPage.render(Self.context, shell: .embedded).bytes)
    #expect(
      page.count("//p[contains(., '200 of 2,003 services are shown') and contains(., '2,000 have a page')]")
        == 1)
    let missing = try #require(
      Self.context.conclusions.services.map(\.name).first { Self.context.servicePath($0) == nil })
    #expect(Self.context.isService(missing))
    #expect(page.count("//a[contains(@href, '\(missing)')]") == 0)
  }
}
