import TestSupport
import Testing

/// A report with a baseline, as readers meet it.
@Suite("A report with a baseline", .enabled(if: CommandRunner.knows("report", "compare")))
struct ComparedSiteTests {
  /// The golden pair: payment slower and failing, stock no longer called. Made once.
  private static let site = Task {
    let folder = "Tests/Golden/compare-json/"
    return try await SampleSite(
      archive: Repository.path(folder + "now.jsonl.gz"),
      options: ["--baseline", Repository.path(folder + "before.jsonl.gz")])
  }

  @Test("every link leads to a file, and to an id in it; ids are unique; the page is small")
  func links() async throws {
    let site = try await Self.site.value
    #expect(site.pages.contains("compare.html"))
    var ids: [String: Set<String>] = [:]
    for page in site.pages {
      let all = try site.document(page).strings("//@id")
      ids[page] = Set(all)
      #expect(ids[page]?.count == all.count, "\(page)")
    }
    for page in site.pages {
      for link in Set(try site.document(page).strings("//@href")).sorted() {
        guard let target = SiteAddress(link, from: page) else { continue }
        #expect(Files.exists(site.path(target.file)), "\(page) links to \(link)")
        if let fragment = target.fragment, let known = ids[target.file], target.file != "search.html" {
          #expect(known.contains(fragment), "\(page) links to \(link)")
        }
      }
    }
    #expect(try Files.read(site.path("compare.html")).count < 300_000)
  }

  @Test(
    "the comparison opens without an error, a request or sideways scrolling",
    .enabled(if: Chromium.isAvailable),
    arguments: BrowserTests.views)
  func opens(view: Chromium.View) async throws {
    let site = try await Self.site.value
    try await Chromium.withBrowser { browser in
      #expect(try await browser.open(file: site.path("compare.html"), view: view) == [], "\(view)")
      let width = try await browser.evaluate("document.documentElement.scrollWidth").number ?? 0
      #expect(width <= Double(view.width), "\(width) px wide, \(view)")
    }
  }
}
