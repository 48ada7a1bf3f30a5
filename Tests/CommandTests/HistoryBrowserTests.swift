import TestSupport
import Testing

/// A week of nights as readers meet it, from files and from a server.
@Suite(
  "A history in a browser",
  .enabled(
    if: Chromium.isAvailable && CommandRunner.knows("report") && Files.exists(Repository.path("samples/shop"))
  ))
struct HistoryBrowserTests {
  private func rows(_ browser: Chromium) async throws -> Int {
    Int(
      try await browser.evaluate("document.querySelectorAll('#night-results tbody tr').length").number ?? -1)
  }

  /// Types a search and waits for its end; gives the line that tells what was found.
  private func search(_ text: String, _ browser: Chromium) async throws -> String {
    return try await browser.evaluate(
      """
      new Promise(resolve => {
        const form = document.getElementById('night-search');
        document.getElementById('night-results').addEventListener(
          'searched', () => resolve(form.querySelector('output').textContent), { once: true });
        document.getElementById('q').value = \(HostileStrings.json(text));
        form.requestSubmit();
      })
      """
    ).text ?? ""
  }

  @Test("pages open without an error or sideways scrolling", arguments: BrowserTests.views)
  func opens(view: Chromium.View) async throws {
    let site = try await HistorySite.week.value
    try await Chromium.withBrowser { browser in
      for page in site.typicalPages {
        #expect(try await browser.open(file: site.path(page), view: view) == [], "\(page), \(view)")
        let width = try await browser.evaluate("document.documentElement.scrollWidth").number ?? 0
        #expect(width <= Double(view.width), "\(page) is \(width) px wide, \(view)")
      }
    }
  }

  @Test("search finds what is there, by every kind of term")
  func searches() async throws {
    let site = try await HistorySite.week.value
    let id = Files.names(in: site.path("2026-11-26/traces")).first { $0.hasSuffix(".html") }?.prefix(32) ?? ""
    let searches: [(query: String, expected: String)] = [
      ("night:2026-11-25", "100 traces so far in 286"),
      ("night:2026-11-25 status:error service:payment", "14 traces in 286"),
      ("night:2026-11-25 status:error service:warehouse", "0 traces in 286"),
      ("service:payment night:2026-11-28", "0 traces in 0"),
      ("night:2026-11-25 root:gateway operation:\"POST /api/orders\" status:error", "14 traces in 286"),
      ("night:2026-11-25 http.response.status_code=503", "5 traces in 286"),
      ("night:2026-11-25 http.response.status_code=50*", "19 traces in 286"),
      ("night:2026-11-25 timeout", "14 traces in 286"),
      ("night:2026-11-25 timeout !status:error", "0 traces in 286"),
      ("before:2026-11-25", "0 traces in 0"),
      ("duration>1h", "0 traces in 0"),
      ("trace:\(id) night:2026-11-26", "1 trace in 286"),
      ("duration>abc", "duration>abc needs a number with a unit, as in 500ms"),
    ]
    try await Chromium.withBrowser { browser in
      let faults = try await browser.open(file: site.path("search.html"))
      #expect(faults == [])
      let before = try await rows(browser)
      #expect(before == 0)
      for (query, expected) in searches {
        let told = try await search(query, browser)
        #expect(told == expected, "\(query)")
      }
    }
  }

  @Test("a link to a search reopens it, from a file and from a server; a found trace opens")
  func links() async throws {
    let site = try await HistorySite.week.value
    try await Chromium.withBrowser { browser in
      #expect(try await browser.open(file: site.path("search.html")) == [])
      _ = try await search("status:error night:2026-11-25", browser)
      let address = try await browser.evaluate("location.href").text ?? ""
      #expect(address.hasSuffix("search.html#q=status%3Aerror+night%3A2026-11-25"))
      #expect(try await browser.open("about:blank") == [])
      #expect(try await browser.open(address) == [])
      try await found(19, in: browser)
      let trace = try await browser.evaluate("document.querySelector('#night-results a').href").text ?? ""
      #expect(try await browser.open(trace) == [])
      #expect(try await browser.evaluate("document.querySelectorAll('ol.wf li').length").number ?? 0 > 0)
    }
  }

  /// Waits until so many rows are there.
  private func found(_ count: Int, in browser: Chromium) async throws {
    let seen = try await browser.evaluate(
      """
      new Promise(resolve => {
        const place = document.getElementById('night-results');
        const count = () => place.querySelectorAll('tbody tr').length;
        if (count() >= \(count)) return resolve(count());
        place.addEventListener('searched', () => resolve(count()), { once: true });
      })
      """
    ).number
    #expect(seen == Double(count))
  }

  @Test(
    "served by nginx as the sample says, pages and search work",
    .enabled(if: StaticServer.isAvailable, "nginx is not installed"))
  func served() async throws {
    let site = try await HistorySite.week.value
    try await StaticServer.serving(site.folder.path) { server in
      try await Chromium.withBrowser { browser in
        for page in site.typicalPages {
          let faults = try await browser.open("\(server.address)/nights/\(page)")
          #expect(faults.filter { !$0.hasPrefix("request to \(server.address)/") } == [], "\(page)")
        }
        let faults = try await browser.open(
          "\(server.address)/nights/search.html#q=status%3Aerror+night%3A2026-11-25")
        #expect(faults.filter { !$0.hasPrefix("request to \(server.address)/") } == [])
        try await found(19, in: browser)
      }
    }
  }

  @Test("without scripts, the lists are there and nothing promises a search")
  func withoutScripts() async throws {
    let site = try await HistorySite.week.value
    try await Chromium.withBrowser { browser in
      _ = try await browser.open(file: site.path("search.html"), view: .init(runsScripts: false))
      #expect(
        try await browser.evaluate("document.getElementById('night-search').offsetParent === null")
          == .boolean(true))
      #expect(
        try await browser.evaluate("document.querySelectorAll('#telling-table tbody tr').length").number ?? 0
          > 100)
      #expect(
        try await browser.evaluate("document.querySelectorAll('a[href$=\"/search.html\"]').length").number
          == 7)
    }
  }
}
