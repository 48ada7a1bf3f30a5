import TestSupport
import Testing

/// Hostile text of every format through every file that a report, an incident and a search write.
@Suite("Hostile text of every format", .enabled(if: CommandRunner.knows("report", "incident", "search")))
struct HostileFormatTests {
  private static let site = Task {
    let folder = try TemporaryFolder()
    try HostileFormats.write(into: folder)
    let site = try await SampleSite(
      archive: folder.path("archives"),
      options: ["--logs", folder.path("logs"), "--max-traces", "60", "--title", HostileStrings.markup[0]])
    let result = try await CommandRunner(in: site.folder.path).run([
      "incident", folder.path("archives"), "--query", "status:error", "--logs", folder.path("logs"), "-o",
      "site/incident.html",
    ])
    if result.status != 0 { throw TestFailure("incident ended with \(result.status)") }
    return (site, folder)
  }

  /// What no file may hold as it stands: the beginning of something that runs, and what turns text around.
  private static let markers = [
    "<script>alert", "<img src=x", "<svg/onload", "onerror=alert(70)>&\"", "\u{202E}", "\u{2066}", "<b>out",
  ]

  private static var pages: [String] {
    get async throws {
      let (site, _) = try await Self.site.value
      return site.pages + ["incident.html"]
    }
  }

  @Test("every archive is read")
  func read() async throws {
    let (site, _) = try await Self.site.value
    let archives = site.report["input"]["archives"].elements
    #expect(archives.count == HostileFormats.makers.count + HostileProtobuf.makers.count + 1)
    for archive in archives { #expect(archive["error"] == .null, "\(archive["format"])") }
    let formats = Set(archives.compactMap { $0["format"].text })
    let known = Set(FuzzTarget.allCases.filter(\.isFormat).map(\.rawValue))
    #expect(formats == known, "\(known.subtracting(formats).sorted()) is not tried")
    #expect((site.report["input"]["spansAccepted"].number ?? 0) > 700)
  }

  @Test("no written file holds what would run or turn text around")
  func markers() async throws {
    let (site, _) = try await Self.site.value
    let files = Files.tree(site.folder.path("site")).filter { !$0.hasSuffix(".gz") }
    #expect(files.count > 60)
    for file in files {
      let text = try Files.text(site.path(file))
      // JSON and metrics are data: what is in them is told by its quotes, and no page is made of it.
      let isData = file.hasSuffix(".json") || file.hasSuffix(".prom")
      let forbidden = isData ? ["\u{0}"] : Self.markers
      for marker in forbidden { #expect(!text.contains(marker), "\(file) holds \(marker.prefix(20))") }
      if file.hasSuffix(".json") { _ = try JSONValue(parsing: text) }
    }
  }

  @Test("every page is well-formed, without handlers, and none is larger than 5 MB")
  func wellFormed() async throws {
    let (site, _) = try await Self.site.value
    for page in try await Self.pages {
      let bytes = try Files.read(site.path(page))
      #expect(bytes.count <= 5 << 20, "\(page): \(bytes.count) bytes")
      let document = try XPathDocument(xml: bytes)
      #expect(document.count("//@*[starts-with(name(), 'on')]") == 0, "\(page)")
      #expect(document.count("//img | //iframe | //object | //embed | //base") == 0, "\(page)")
      for link in document.strings("//@href | //@src") {
        #expect(
          SiteAddress(link, from: page) != nil || link.hasPrefix("data:"), "\(page): \(link.prefix(80))")
      }
    }
  }

  @Test(
    "every format that is written from hostile text is valid JSON",
    arguments: ["otlp-json", "jaeger-json", "zipkin-json", "perfetto", "json"])
  func written(_ format: String) async throws {
    let (_, folder) = try await Self.site.value
    let result = try await CommandRunner(in: folder.path).run(["search", "archives", "", "--format", format])
    #expect(result.status == 0)
    if format.hasPrefix("otlp") || format == "json" {
      #expect(try JSONValue.lines(result.stdout).count > 100)
    } else {
      _ = try JSONValue(parsing: result.stdout)
    }
  }

  // Without Chromium only the checks above are made.
  @Test("nothing runs in a browser, and no page is wider than its window", .enabled(if: Chromium.isAvailable))
  func browser() async throws {
    let (site, _) = try await Self.site.value
    let sizes = try site.pages.map { (try Files.read(site.path($0)).count, $0) }.sorted { $0 > $1 }
    // One of each kind, and the largest, which hold the longest texts.
    let telling = Set(site.typicalPages + sizes.prefix(4).map(\.1) + ["incident.html"]).sorted()
    try await Chromium.withBrowser { browser in
      for page in telling {
        let faults = try await browser.open(file: site.path(page), view: .init(width: 400))
        #expect(faults == [], "\(page)")
        let width = try await browser.evaluate("document.documentElement.scrollWidth").number ?? 0
        #expect(width <= 400, "\(page) is \(width) px wide")
      }
    }
  }
}
