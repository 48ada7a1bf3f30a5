import TestSupport
import Testing
import TraceAnalysis

@testable import TraceReport

@Suite("Pages of services with many neighbours")
struct ServicePageTests {
  /// The page of a service that is called by some others, calls some, and has so many instances.
  private static func page(callers: Int, callees: Int, instances: Int) throws -> XPathDocument {
    var hub = ServiceResult()
    hub.name = "hub"
    hub.instances = (0..<instances).map { ValueCount(value: "host-\($0)", count: 1) }
    var conclusions = Conclusions()
    conclusions.services = [hub]
    conclusions.links = (0..<callers + callees).map { number in
      var link = LinkResult()
      (link.parent, link.child) = number < callers ? ("s\(number)", "hub") : ("hub", "s\(number)")
      link.callCount = 1
      return link
    }
    let context = ReportContext(conclusions: conclusions, tracesWithPage: [], options: ReportOptions())
    return try XPathDocument(xml: ServicePage.render(hub, context: context, shell: .embedded).bytes)
  }

  private static let note = "//p[contains(@class, 'note') and contains(., 'are shown')]"

  @Test("list some of them, and say of how many")
  func cut() throws {
    let page = try Self.page(callers: 201, callees: 1_203, instances: 51)
    #expect(
      page.strings(Self.note) == [
        "200 of 201 are shown; all are in report.json.", "200 of 1,203 are shown; all are in report.json.",
        "50 of 51 are shown.",
      ])
    #expect(page.count("//table[caption = 'Callees of hub']/tbody/tr") == 200)
  }

  @Test("say nothing where all are listed")
  func whole() throws {
    #expect(try Self.page(callers: 200, callees: 200, instances: 50).strings(Self.note) == [])
  }
}
