import CLibXML2
import TestSupport
import Testing
import TraceAnalysis
import TraceModel

@testable import TraceReport

/// Every page of a made-up report, asked with XPath.
@Suite("Pages")
struct PageTests {
  private static let pages: [String: XPathBytes] = {
    let fixture = TraceFixture.failedOrder
    let context = ReportContext(
      conclusions: ReportFixture.conclusions(), tracesWithPage: [fixture.trace.id], options: ReportOptions())
    var pages: [String: XPathBytes] = [:]
    func add(_ path: String, _ render: () throws -> ByteBuilder) {
      pages[path] = XPathBytes(bytes: (try? render().bytes) ?? [])
    }
    add("index.html") { try OverviewPage.render(context, shell: .embedded) }
    add("latency.html") { try LatencyPage.render(context, shell: .embedded) }
    add("errors.html") { try ErrorsPage.render(context, shell: .embedded) }
    add("dependencies.html") { try DependenciesPage.render(context, shell: .embedded) }
    add("quality.html") { try QualityPage.render(context, shell: .embedded) }
    add("compare.html") {
      try ComparePage.render(ComparisonFixture.comparison(), context: context, shell: .embedded)
    }
    add("search.html") { try SearchPage.render(context, shell: .embedded) }
    for service in context.conclusions.services {
      add(context.servicePath(service.name) ?? "") {
        try ServicePage.render(service, context: context, shell: .embedded)
      }
    }
    add("traces/\(fixture.trace.id).html") {
      try TracePage.render(fixture.trace, store: fixture.store, context: context, shell: .embedded)
    }
    return pages
  }()

  struct XPathBytes: Sendable {
    var bytes: [UInt8]
  }

  private func document(_ path: String) throws -> XPathDocument {
    try XPathDocument(xml: Self.pages[path]?.bytes ?? [])
  }

  static let paths = pages.keys.sorted()

  @Test("has one main heading, unique ids, captions, titles and no style attribute", arguments: paths)
  func wellMade(path: String) throws {
    let page = try document(path)
    #expect(page.count("//h1") == 1)
    let ids = page.strings("//@id")
    #expect(Set(ids).count == ids.count)
    #expect(page.count("//@style") == 0)
    #expect(page.count("//@*[starts-with(name(), 'on')]") == 0)
    #expect(page.count("//table[not(caption) and not(@aria-label)]") == 0)
    #expect(page.count("//svg[@role='img' and not(title)]") == 0)
    #expect(page.count("//th[not(@scope)]") == 0)
    #expect(page.count("//section[@aria-labelledby and not(@aria-labelledby = .//@id)]") == 0)
  }

  @Test("headings do not jump a level", arguments: paths)
  func headings(path: String) throws {
    let page = try document(path)
    #expect(page.count("//h2[not(preceding::h1)]") == 0)
    #expect(page.count("//h3[not(preceding::h2)]") == 0)
    #expect(page.count("//h4[not(preceding::h3)]") == 0)
  }

  @Test("every link leads to a page of the report and a place on it", arguments: paths)
  func links(path: String) throws {
    for link in Set(try document(path).strings("//@href")) where !link.hasPrefix("data:") {
      let parts = link.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      var target = parts[0].isEmpty ? path : parts[0]
      if target.hasPrefix("../") {
        target.removeFirst(3)
      } else if !parts[0].isEmpty, path.contains("/") {
        target = path.prefix(while: { $0 != "/" }) + "/" + target
      }
      #expect(Self.pages[target] != nil, "\(link)")
      if parts.count > 1, Self.pages[target] != nil {
        #expect(try document(target).count("//*[@id='\(parts[1])']") == 1, "\(link)")
      }
    }
  }

  @Test("the waterfall has a row and a panel for every span, and opens the one the verdict speaks of")
  func waterfall() throws {
    let trace = TraceFixture.failedOrder.trace
    let page = try document("traces/\(trace.id).html")
    #expect(page.count("//ol[@class='wf']//div[starts-with(@class, 'sd') and @id]") == trace.spans.count)
    #expect(page.count("//div[@class='sd shown']") == 1)
    #expect(page.string("//div[@class='sd shown']/@id") == Anchor.span(trace.spans[10].record.spanID))
    #expect(page.string("//h1")?.contains("Payment gateway timeout") == true)
    #expect(page.count("//table[@id='span-table']/tbody/tr") == trace.spans.count)
  }

  @Test("a finding that names no place of this report leads to its page all the same")
  func findingLinks() throws {
    let page = try document("index.html")
    #expect(page.count("//li[contains(@class, 'finding')]") == 4)
    #expect(page.strings("//li[contains(@class, 'finding')][1]//h3/a/@href") == ["errors.html#error-a1b2c3"])
    #expect(page.strings("//li[contains(@class, 'finding')][3]//h3/a/@href") == ["latency.html"])
  }
}

@Suite("Colours")
struct ColourTests {
  /// Tokens of the light and the dark theme, as the style sheet names them.
  private static let themes: [[String: String]] = {
    let style = String(decoding: PagePart.style(of: []), as: UTF8.self)
    let parts = style.split(separator: "prefers-color-scheme:dark", maxSplits: 1)
    var light: [String: String] = [:]
    var dark: [String: String] = [:]
    func read(_ text: Substring, into theme: inout [String: String]) {
      for line in text.prefix(while: { $0 != "}" }).split(separator: ";") {
        let pair = line.split(separator: ":", maxSplits: 1)
        guard pair.count == 2, let start = pair[0].firstRange(of: "--") else { continue }
        let value = pair[1].drop { $0 == " " }
        if value.hasPrefix("#") { theme[String(pair[0][start.upperBound...])] = String(value) }
      }
    }
    read(parts[0].drop { $0 != "{" }, into: &light)
    read(parts[1].drop { $0 != "{" }.dropFirst().drop { $0 != "{" }, into: &dark)
    return [light, dark]
  }()

  private func luminance(_ hex: String) -> Double {
    let value = UInt32(hex.dropFirst(), radix: 16) ?? 0
    let channels = [16, 8, 0].map { shift -> Double in
      let channel = Double((value >> UInt32(shift)) & 0xFF) / 255
      return channel <= 0.04045 ? channel / 12.92 : power((channel + 0.055) / 1.055)
    }
    return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]
  }

  /// x to the 2.4th power by x² · ⁵√x².
  private func power(_ x: Double) -> Double {
    var root = 1.0
    for _ in 0..<60 { root -= (root * root * root * root * root - x * x) / (5 * root * root * root * root) }
    return x * x * root
  }

  private func contrast(_ a: String, _ b: String) -> Double {
    let (x, y) = (luminance(a), luminance(b))
    return (max(x, y) + 0.05) / (min(x, y) + 0.05)
  }

  @Test("text has a contrast of 4.5 on ground and band, graphics 3 on ground, in both themes")
  func contrasts() {
    for theme in Self.themes {
      for name in ["ink", "mute", "accent", "bad", "warn", "good"] {
        for ground in ["ground", "band"] {
          #expect(contrast(theme[name] ?? "", theme[ground] ?? "") >= 4.5, "\(name) on \(ground)")
        }
      }
      for name in ["faint", "bad-area"] + (1...20).map({ "s\($0)" }) {
        #expect(contrast(theme[name] ?? "", theme["ground"] ?? "") >= 3, "\(name)")
      }
    }
  }

  @Test("light colours in pictures are those of the style sheet")
  func inks() {
    for ink in Ink.all { #expect(Self.themes[0][ink.name] == ink.light, "\(ink.name)") }
  }
}
