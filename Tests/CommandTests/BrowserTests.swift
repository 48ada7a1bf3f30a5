import TestSupport
import Testing

/// The recorded shop's report as readers see it. Skipped where there is no Chromium.
@Suite(
  "Pages in a browser",
  .enabled(
    if: Chromium.isAvailable && CommandRunner.knows("report") && Files.exists(Repository.path("samples/shop"))
  ))
struct BrowserTests {
  static let views: [Chromium.View] = [
    .init(), .init(width: 400), .init(isDark: true), .init(width: 400, isDark: true, runsScripts: false),
  ]

  @Test("open without an error, a request or sideways scrolling", arguments: views)
  func pagesOpen(view: Chromium.View) async throws {
    let site = try await SampleSite.shop.value
    try await Chromium.withBrowser { browser in
      for page in site.typicalPages {
        let faults = try await browser.open(file: site.path(page), view: view)
        #expect(faults == [], "\(page), \(view)")
        let width = try await browser.evaluate("document.documentElement.scrollWidth").number ?? 0
        #expect(width <= Double(view.width), "\(page) is \(width) px wide, \(view)")
      }
    }
  }

  @Test("show the same text without scripts as with them, controls aside")
  func readableWithoutScripts() async throws {
    let site = try await SampleSite.shop.value
    try await Chromium.withBrowser { browser in
      for page in site.typicalPages {
        _ = try await browser.open(file: site.path(page))
        let with = try await browser.evaluate("document.querySelector('main').innerText.length").number ?? 0
        _ = try await browser.open(file: site.path(page), view: .init(runsScripts: false))
        let without =
          try await browser.evaluate("document.querySelector('main').innerText.length").number ?? 0
        #expect(without > 100, "\(page)")
        #expect(without >= 0.8 * with, "\(page): \(Int(without)) of \(Int(with)) characters without scripts")
      }
    }
  }

  @Test("dark pages are dark, light pages light")
  func darkMode() async throws {
    let site = try await SampleSite.shop.value
    try await Chromium.withBrowser { browser in
      for isDark in [false, true] {
        _ = try await browser.open(file: site.path("index.html"), view: .init(isDark: isDark))
        let sum = """
          [document.body, document.documentElement].map(e => getComputedStyle(e).backgroundColor)
            .filter(c => c !== 'rgba(0, 0, 0, 0)')[0].match(/[0-9.]+/g).slice(0, 3).reduce((s, n) => s + Number(n), 0)
          """
        let brightness = try await browser.evaluate(sum).number ?? -1
        #expect(isDark ? brightness < 200 : brightness > 600, "\(brightness)")
      }
    }
  }
}
