import TestSupport
import Testing

/// Names and values of a million characters: each page shows their beginnings and says how much was left out.
@Suite("Long names", .enabled(if: CommandRunner.knows("report")))
struct LongNameTests {
  private static let length = 1_000_000

  /// Some requests through a service and an operation of the given names; `value` is an attribute of theirs.
  private static func archive(service: String, operation: String, value: String) -> [UInt8] {
    var spans: [SpanLines.Span] = []
    for number in 0..<6 {
      let start = 1_793_577_600_000_000_000 + number * 1_000_000_000
      for (depth, name) in ["GET /", "call", operation, "inner"].enumerated() {
        var span = SpanLines.Span(
          traceID: SpanLines.hex(7) + SpanLines.hex(UInt64(number + 1)),
          spanID: SpanLines.hex(UInt64(number * 10 + depth + 1)), service: depth < 2 ? "front" : service,
          name: name, startUnixNano: start + depth * 1_000_000,
          endUnixNano: start + 300_000_000 - depth * 1_000_000)
        if depth > 0 { span.parentSpanID = SpanLines.hex(UInt64(number * 10 + depth)) }
        if depth == 2 {
          span.attributes = [("long", value)]
          span.statusCode = number == 3 ? 2 : 0
          span.statusMessage = number == 3 ? value : ""
        }
        spans.append(span)
      }
    }
    return SpanLines.file(spans.map { SpanLines.line([$0]) })
  }

  private static let site = Task {
    let folder = try TemporaryFolder()
    let bytes = archive(
      service: String(repeating: "s", count: length), operation: String(repeating: "o", count: length),
      value: String(repeating: "v", count: length))
    return try await SampleSite(archive: try folder.write("spans.jsonl", bytes))
  }

  @Test("no page becomes large, none shows a name whole, and the trace's page shows the most of a value")
  func pagesStaySmall() async throws {
    let site = try await Self.site.value
    #expect(site.pages.contains { $0.hasPrefix("services/s") })
    for page in site.pages {
      let text = try Files.text(site.path(page))
      #expect(text.utf8.count < 500_000, "\(page)")
      for letter in ["s", "o", "v"] {
        #expect(!text.contains(String(repeating: letter, count: 2_001)), "\(page)")
      }
    }
    let trace = try #require(site.pages.first { $0.hasPrefix("traces/") })
    let text = try Files.text(site.path(trace))
    #expect(text.contains(String(repeating: "v", count: 2_000) + "… (998,000 characters more)"))
  }

  @Test("headings, cells and labels are shorter than values")
  func labels() async throws {
    let site = try await Self.site.value
    for page in site.pages {
      let document = try site.document(page)
      for text in document.strings("//@aria-label | //@title | //h1/text() | //caption/text()") {
        #expect(text.count < 400, "\(page): \(text.prefix(40))")
      }
    }
  }

  @Test("links still lead to pages and places that are there")
  func links() async throws {
    let site = try await Self.site.value
    let pages = Set(Files.tree(site.path("")))
    for page in site.pages {
      let document = try site.document(page)
      let ids = document.strings("//@id")
      #expect(Set(ids).count == ids.count, "\(page)")
      for link in document.strings("//a/@href") {
        let address = try #require(SiteAddress(link, from: page), "\(page) has \(link.prefix(80))")
        #expect(pages.contains(address.file), "\(page) has \(link.prefix(80))")
        guard let fragment = address.fragment, address.file.hasSuffix(".html") else { continue }
        let places = address.file == page ? ids : try site.document(address.file).strings("//@id")
        #expect(places.contains(fragment), "\(page) has \(link.prefix(80))")
      }
    }
  }

  /// Services, operations, hosts, messages and peers of 1,500 bytes, of which some differ only behind what figures hold.
  private static let longNamed: [SpanLines.Span] = (0..<360).map { number in
    func name(_ kind: String, _ count: Int) -> String {
      let own = number / 3 % count
      // Every other one is told apart by its beginning.
      let beginning = "\(kind) \(own % 2 == 0 ? own : 1) " + String(repeating: "ü", count: 600)
      return beginning + "\(own)" + String(repeating: "é", count: 150)
    }
    let (trace, depth) = (number / 3, number % 3)
    let start = 1_793_577_600_000_000_000 + trace * 1_000_000_000
    var span = SpanLines.Span(
      traceID: SpanLines.hex(9) + SpanLines.hex(UInt64(trace + 1)),
      spanID: SpanLines.hex(UInt64(number + 1)), service: depth == 0 ? "front" : name("service", 8),
      name: depth == 0 ? "GET /" : name("operation", 12), startUnixNano: start + depth * 1_000_000,
      endUnixNano: start + 300_000_000 - depth * 1_000_000 - trace * 1_000)
    if depth > 0 { span.parentSpanID = SpanLines.hex(UInt64(number)) }
    span.kind = depth == 2 ? 3 : 2
    if depth > 0 { span.resourceAttributes = [("host.name", name("host", 10))] }
    if depth == 2 { span.attributes = [("server.address", name("peer", 6))] }
    if trace % 5 == 0 {
      span.statusCode = 2
      span.statusMessage = name("message", 9)
    }
    return span
  }

  @Test("however spans with long names are shuffled and dealt out, the report has the same bytes")
  func metamorphic() async throws {
    let folder = try TemporaryFolder()
    let command = CommandRunner(in: folder.path)
    var random = SeededGenerator(seed: 6)
    var whole: [String: [UInt8]] = [:]
    for (round, options) in [["--threads", "1"], ["--threads", "4", "--memory", "64M"], []].enumerated() {
      let spans = round == 0 ? Self.longNamed : Self.longNamed.shuffled(using: &random)
      // Of one length, so that what is said of the archive is the same.
      try folder.write("\(round)/spans.jsonl", SpanLines.file(spans.map { SpanLines.line([$0]) }))
      let result = try await CommandRunner(in: folder.path("\(round)")).run(
        ["report", "spans.jsonl", "-o", "site"] + options)
      #expect(result.status == 0, "\(result.errorOutput.prefix(300))")
      let site = folder.path("\(round)/site")
      var files: [String: [UInt8]] = [:]
      for file in Files.tree(site) { files[file] = try Files.read(site + "/" + file) }
      if round == 0 { whole = files }
      #expect(files.keys.sorted() == whole.keys.sorted())
      for (file, bytes) in files {
        let isEqual = bytes == whole[file]
        #expect(isEqual, "\(file) in round \(round)")
      }
    }
    let options = ["--budget", "0.5/s", "--format", "json"]
    let simulated = try await command.run(["simulate", "0/spans.jsonl"] + options)
    #expect(simulated.status == 0 && !simulated.stdout.isEmpty, "\(simulated.errorOutput.prefix(300))")
    for round in 1...2 {
      let same = try await command.run(
        ["simulate", "\(round)/spans.jsonl", "--memory", "64M"] + options)
      #expect(same.stdout == simulated.stdout, "\(same.errorOutput.prefix(300))")
    }
  }

  @Test("the page that searches all nights holds the beginnings of names")
  func nights() async throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "spans.jsonl",
      Self.archive(service: String(repeating: "s", count: Self.length), operation: "work", value: "v"))
    let result = try await CommandRunner(in: folder.path).run([
      "report", "spans.jsonl", "--history", "nights",
    ])
    #expect(result.status == 0, "\(result.errorOutput.prefix(300))")
    for page in ["nights/index.html", "nights/search.html"] {
      #expect(try Files.read(folder.path(page)).count < 500_000, "\(page)")
    }
  }
}
