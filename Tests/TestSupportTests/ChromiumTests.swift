import TestSupport
import Testing

// Chromium is installed by the check script where that is possible; without it there is no page to look at.
@Suite("Chromium", .enabled(if: Chromium.isAvailable))
struct ChromiumTests {
  private static let page = """
    <!doctype html><meta name="viewport" content="width=device-width"><title>t</title>
    <style>body{background:#fff} @media (prefers-color-scheme: dark){body{background:#000}}</style>
    <p id="p">before</p><div style="width:600px">wide</div><img src="missing.png">
    <script>document.getElementById('p').textContent = 'after'; console.error('trouble'); nowhere();</script>
    """

  @Test("a page is seen as a reader sees it: size, colours, scripts, and what goes wrong")
  func opensPages() async throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("page.html", Self.page)
    try await Chromium.withBrowser { browser in
      let faults = try await browser.open(file: path, view: .init(width: 400, height: 700, isDark: true))
      #expect(faults.contains { $0.contains("trouble") })
      #expect(faults.contains { $0.contains("nowhere is not defined") })
      #expect(faults.contains { $0.contains("ERR_FILE_NOT_FOUND") })
      #expect(try await browser.evaluate("innerWidth") == 400)
      #expect(try await browser.evaluate("document.documentElement.scrollWidth > innerWidth") == true)
      #expect(try await browser.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(0, 0, 0)")
      #expect(try await browser.dumpDOM().contains("after"))
      #expect(try await browser.screenshot().starts(with: [0x89, 0x50, 0x4E, 0x47]))

      let silent = try await browser.open(file: path, view: .init(runsScripts: false))
      #expect(!silent.contains { $0.contains("trouble") })
      #expect(try await browser.evaluate("document.getElementById('p').textContent") == "before")
      #expect(try await browser.evaluate("innerWidth") == 1280)
    }
  }
}
