import Glibc
import TestSupport
import Testing

/// Measures the search over a history that `Benchmarks/make-nights` made; runs only when `TRACEBOOK_NIGHTS` names one.
@Suite(
  "Speed of the search over nights", .enabled(if: getenv("TRACEBOOK_NIGHTS") != nil && Chromium.isAvailable))
struct SearchSpeedTests {
  private static let queries = [
    "status:error", "service:payment-service status:error", "duration>2s", "user.id=no-such-user",
    "trace:ffffffff", "http.response.status_code=500 night:",
  ]

  @Test("bytes at first view, time to the first result and to all, from files and from a server")
  func measure() async throws {
    guard let folder = getenv("TRACEBOOK_NIGHTS").map({ String(cString: $0) }) else { return }
    try await measure("from files", "file://\(folder)/search.html")
    guard StaticServer.isAvailable else { return }
    // The sample serves what is called so.
    let root = try TemporaryFolder()
    try FileLinks.make(at: root.path("nights"), to: folder)
    try await StaticServer.serving(root.path) { server in
      try await measure("from nginx", "\(server.address)/nights/search.html")
    }
  }

  private func measure(_ title: String, _ address: String) async throws {
    try await Chromium.withBrowser { browser in
      for query in Self.queries {
        // Each on a page of its own, with no part loaded yet.
        _ = try await browser.open("about:blank")
        _ = try await browser.open(address)
        let figures =
          try await browser.evaluate(
            """
            new Promise(resolve => {
              const place = document.getElementById('night-results'), form = document.getElementById('night-search');
              const bytes = kind => performance.getEntriesByType(kind).reduce((sum, e) => sum + (e.encodedBodySize || 0), 0);
              const first = bytes('navigation') + bytes('resource'), files = performance.getEntriesByType('resource').length;
              const start = performance.now();
              let firstResult = 0;
              const watch = new MutationObserver(() => {
                if (!firstResult && place.querySelector('tbody tr')) firstResult = performance.now() - start;
              });
              watch.observe(place, { childList: true, subtree: true });
              place.addEventListener('searched', () => setTimeout(() => resolve([
                form.querySelector('output').textContent, firstResult.toFixed(0) + ' ms to the first',
                (performance.now() - start).toFixed(0) + ' ms to the end',
                first + ' bytes at first view', (performance.getEntriesByType('resource').length - files) + ' files loaded',
                (bytes('navigation') + bytes('resource') - first) + ' bytes of them'].join(' | ')), 0), { once: true });
              document.getElementById('q').value = \(HostileStrings.json(query));
              form.requestSubmit();
            })
            """
          ).text ?? ""
        print("\(title) | \(query) | \(figures)")
      }
    }
  }
}
