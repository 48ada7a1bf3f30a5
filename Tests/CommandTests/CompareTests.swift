import TestSupport
import Testing

/// Two sets of traces beside each other, as commands see them.
@Suite("Comparing two sets", .enabled(if: CommandRunner.knows("compare", "digest")))
struct CompareTests {
  private static let shop = Repository.path("samples/shop")

  private func compare(_ folder: TemporaryFolder, _ arguments: String...) async throws -> ProcessResult {
    try await CommandRunner(in: folder.path).run(["compare"] + arguments)
  }

  /// The golden pair: payment slower and failing, stock no longer called.
  private func pair() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for name in ["before.jsonl.gz", "now.jsonl.gz"] {
      try folder.write(name, try Files.read(Repository.path("Tests/Golden/compare-json/\(name)")))
    }
    return folder
  }

  @Test("a set beside itself gives no finding and no suspect", .enabled(if: Files.exists(shop)))
  func itself() async throws {
    let folder = try TemporaryFolder()
    let result = try await compare(folder, "--baseline", Self.shop, "--format", "json", Self.shop)
    #expect(result.status == 0, "\(result.errorOutput)")
    let json = try JSONValue(parsing: result.stdout)
    #expect(json["findings"].elements.isEmpty)
    #expect(json["suspects"].elements.isEmpty)
  }

  @Test("archives, their digests, and the report that they went into give the same bytes")
  func digests() async throws {
    let folder = try pair()
    let command = CommandRunner(in: folder.path)
    let plain = try await compare(folder, "--baseline", "before.jsonl.gz", "--", "now.jsonl.gz")
    #expect(plain.status == 0 && !plain.stdout.isEmpty, "\(plain.errorOutput)")
    for side in ["before", "now"] {
      #expect(try await command.run(["digest", "\(side).jsonl.gz", "-o", "\(side).digest"]).status == 0)
    }
    #expect(try await command.run(["report", "before.jsonl.gz", "-o", "site"]).status == 0)
    for baseline in ["before.digest", "site", "site/"] {
      let same = try await compare(folder, "--baseline", baseline, "--", "now.digest")
      #expect(same.stdout == plain.stdout, "\(baseline): \(same.errorOutput)")
    }
  }

  @Test("parts in any order, as archives and digests mixed, give the same bytes")
  func anyOrder() async throws {
    let folder = try pair()
    let command = CommandRunner(in: folder.path)
    let source = SpanLines(traces: 30, seed: 5)
    for part in 0..<2 {
      let spans = source.spans.filter { Int($0.traceID.utf8.last ?? 0) % 2 == part }
      try folder.write("part-\(part).jsonl", SpanLines.file(spans.map { SpanLines.line([$0]) }))
      #expect(
        try await command.run(["digest", "part-\(part).jsonl", "-o", "part-\(part).digest"]).status == 0)
    }
    let whole = try await compare(
      folder, "--baseline", "before.jsonl.gz", "--", "part-0.jsonl", "part-1.jsonl")
    #expect(whole.status == 0)
    for parts in [
      ["part-1.digest", "part-0.digest"], ["part-0.digest", "part-1.jsonl"],
      ["part-0.jsonl", "part-1.digest"],
    ] {
      let same = try await compare(folder, "--baseline", "before.jsonl.gz", "--", parts[0], parts[1])
      #expect(same.stdout == whole.stdout, "\(parts)")
    }
  }

  /// One side with more operations than a digest may have in memory while it waits: a tenth of them slower by `factor`.
  private static func crowded(factor: Int) -> [UInt8] {
    let spans = (0..<9_000).map { number in
      let start = 1_793_577_600_000_000_000 + number * 1_000_000
      let length = (1 + number % 7) * 100_000 * (number % 10 == 0 ? factor : 1)
      return SpanLines.Span(
        traceID: SpanLines.hex(5) + SpanLines.hex(UInt64(number + 1)),
        spanID: SpanLines.hex(UInt64(number + 1)),
        service: "service \(number % 9)", name: "operation \(number % 6_300)", startUnixNano: start,
        endUnixNano: start + length)
    }
    return SpanLines.file(SpanLines(spans: spans).lines(batch: 50))
  }

  @Test("where memory is short, large digests wait packed, which changes no byte")
  func packed() async throws {
    let folder = try TemporaryFolder()
    try folder.write("before.jsonl", Self.crowded(factor: 1))
    try folder.write("now.jsonl", Self.crowded(factor: 4))
    #expect(
      try await CommandRunner(in: folder.path).run(["digest", "before.jsonl", "-o", "before.digest"]).status
        == 0)
    let plain = try await compare(
      folder, "--format", "json", "--baseline", "before.jsonl", "--", "now.jsonl")
    #expect(plain.status == 0 && !plain.stdout.isEmpty, "\(plain.errorOutput)")
    for baseline in ["before.jsonl", "before.digest"] {
      let short = try await compare(
        folder, "--format", "json", "--memory", "64M", "--baseline", baseline, "--", "now.jsonl")
      #expect(short.stdout == plain.stdout, "\(baseline): \(short.errorOutput)")
    }
  }

  @Test("a digest that was made to fill memory is refused, as far as memory is limited")
  func hostileDigests() async throws {
    let folder = try pair()
    let many = String(repeating: ",\"\"", count: 1_400_000)
    try folder.write("names.digest", "{\"schemaVersion\":1,\n\"names\":[\"\"\(many)],\"totals\":[]}")
    try folder.write(
      "text.digest",
      Gzip.compress(
        Array("{\"schemaVersion\":1,\n\"names\":[\"".utf8) + [UInt8](repeating: 0x61, count: 17 << 20)))
    for (digest, words) in [("names.digest", "too many things"), ("text.digest", "too much")] {
      let result = try await compare(
        folder, "--memory", "64M", "--baseline", digest, "--", "now.jsonl.gz")
      #expect(result.status == 4 && result.stdout.isEmpty)
      #expect(result.errorOutput.contains(digest) && result.errorOutput.contains(words))
    }
  }

  @Test("a report with a baseline has its page, its link, its part of report.json, and its findings")
  func report() async throws {
    let folder = try pair()
    let result = try await CommandRunner(in: folder.path).run([
      "report", "now.jsonl.gz", "--baseline", "before.jsonl.gz", "-o", "site",
    ])
    #expect(result.status == 0, "\(result.errorOutput)")
    let page = try XPathDocument(xml: try Files.read(folder.path("site/compare.html")))
    #expect(page.string("//h1")?.contains("payment") == true)
    #expect(page.count("//nav//a[@href='compare.html']") == 1)
    for id in ["changes", "suspects", "entry-points", "services", "links", "errors", "calls"] {
      #expect(page.count("//section[@id='\(id)']") == 1, "\(id)")
    }
    #expect(page.count("//svg[@role='img'][contains(@aria-label, 'before and now')]") >= 1)
    #expect(page.count("//caption[contains(., 'before and now')]") >= 1)
    let report = try JSONValue(parsing: try Files.read(folder.path("site/report.json")))
    #expect(report["suspects"].elements.first?["service"].text == "payment")
    #expect(report["comparison"]["baseline"]["requests"].number == 40)
    let compared = report["findings"].elements.filter { $0["page"].text?.hasPrefix("compare.html") == true }
    #expect(!compared.isEmpty)
  }

  @Test("without a baseline there is no such page and no link to one")
  func withoutBaseline() async throws {
    let folder = try pair()
    let result = try await CommandRunner(in: folder.path).run(["report", "now.jsonl.gz", "-o", "site"])
    #expect(result.status == 0)
    #expect(!Files.exists(folder.path("site/compare.html")))
    let page = try XPathDocument(xml: try Files.read(folder.path("site/index.html")))
    #expect(page.count("//a[contains(@href, 'compare.html')]") == 0)
  }

  @Test("--fail-on ends with 1 on a change of that severity, and only then")
  func gate() async throws {
    let folder = try pair()
    let slower = try await compare(
      folder, "--baseline", "before.jsonl.gz", "--fail-on", "high", "now.jsonl.gz")
    #expect(slower.status == 1 && !slower.stdout.isEmpty)
    let same = try await compare(
      folder, "--baseline", "now.jsonl.gz", "--fail-on", "info", "now.jsonl.gz")
    #expect(same.status == 0)
  }

  @Test("a baseline that is missing, absent or no archive is told")
  func badBaselines() async throws {
    let folder = try pair()
    #expect(try await compare(folder, "now.jsonl.gz").status == 2)
    let absent = try await compare(folder, "--baseline", "no-such.jsonl", "--", "now.jsonl.gz")
    #expect(absent.status == 4 && absent.errorOutput.contains("no-such.jsonl"))
    try folder.write("cut.digest", Array("{\"schemaVersion\":1,\n\"names\":[".utf8))
    let cut = try await compare(folder, "--baseline", "cut.digest", "--", "now.jsonl.gz")
    #expect(cut.status == 4 && cut.errorOutput.contains("cut.digest"))
    #expect(try await compare(folder, "--baseline", "--", "now.jsonl.gz").status == 2)
  }

  @Test("a damaged archive on either side is told by status 3, and what can be said is said")
  func damaged() async throws {
    let folder = try pair()
    let whole = try Files.read(folder.path("before.jsonl.gz"))
    try folder.write("cut.jsonl.gz", Array(whole.prefix(whole.count - 200)))
    let result = try await compare(folder, "--baseline", "cut.jsonl.gz", "--", "now.jsonl.gz")
    #expect(result.status == 3 && !result.stdout.isEmpty)
  }
}
