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
    let walk = TraceWalk(fixture.store, options: AssemblyOptions(), threads: 1)
    let site = ReportSite(
      conclusions: ReportFixture.conclusions(), traces: ChosenTraces([fixture.trace.id], of: walk),
      store: fixture.store, options: ReportOptions())
    try site.write(to: folder, threads: 2)
  }
}
