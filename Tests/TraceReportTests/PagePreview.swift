import Glibc
import TestSupport
import Testing
import TraceAnalysis
import TraceModel

@testable import TraceReport

/// Writes the fixture's pages to a folder to look at; runs only when TRACEBOOK_PREVIEW names one.
@Suite(.enabled(if: getenv("TRACEBOOK_PREVIEW") != nil))
struct PagePreview {
  @Test("fixture pages can be looked at")
  func write() throws {
    guard let folder = getenv("TRACEBOOK_PREVIEW").map({ String(cString: $0) }) else { return }
    let fixture = TraceFixture.failedOrder
    let context = ReportContext(
      conclusions: ReportFixture.conclusions(), tracesWithPage: [fixture.trace.id], options: ReportOptions())
    try Files.write(
      OverviewPage.render(context, shell: .embedded).bytes, to: folder + "/index.html")
    try Files.write(
      TracePage.render(fixture.trace, store: fixture.store, context: context, shell: .embedded).bytes,
      to: folder + "/traces/\(fixture.trace.id).html")
  }
}
