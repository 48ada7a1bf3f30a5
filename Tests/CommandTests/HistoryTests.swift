import TestSupport
import Testing

/// Seven nights as the command keeps them.
@Suite(
  "A history of seven nights",
  .enabled(if: CommandRunner.knows("report") && Files.exists(Repository.path("samples/shop"))))
struct HistoryTests {
  @Test("holds a report and a digest a night, and pages over all")
  func contents() async throws {
    let site = try await HistorySite.week.value
    #expect(
      Files.names(in: site.path("")) == HistorySite.nights + ["history.json", "index.html", "search.html"])
    for night in HistorySite.nights {
      for file in ["index.html", "report.json", "digest.json.gz", "night.json", "search/000.js"] {
        #expect(Files.exists(site.path("\(night)/\(file)")), "\(night)/\(file)")
      }
    }
  }

  @Test("each night but the first is compared with the one before, or with the same weekday's")
  func baselines() async throws {
    let site = try await HistorySite.week.value
    #expect(!Files.exists(site.path(HistorySite.nights[0] + "/compare.html")))
    for night in HistorySite.nights.dropFirst() {
      #expect(Files.exists(site.path(night + "/compare.html")), "\(night)")
    }
    let index = try XPathDocument(xml: try Files.read(site.path("index.html")))
    let compared = index.strings("//table[@id='night-table']//a[contains(@href, 'compare.html')]")
    #expect(compared.first == "Mon\u{a0}30\u{a0}Nov")
    // A week later the same weekday is there.
    let folder = try TemporaryFolder()
    for day in [0, 4, 7] {
      try ShiftedSample.writeShop(days: day, to: folder, "in/\(day)") { $0.hasPrefix("gateway") }
      let result = try await CommandRunner(in: folder.path).run([
        "report", "in/\(day)", "--history", "nights",
      ])
      #expect(result.status == 0, "\(result.errorOutput)")
    }
    let later = try XPathDocument(xml: try Files.read(folder.path("nights/index.html")))
    #expect(
      later.strings("//table[@id='night-table']//a[contains(@href, 'compare.html')]") == [
        "Wed\u{a0}25\u{a0}Nov", "Wed\u{a0}25\u{a0}Nov",
      ])
    // Named by its date, and by anything else.
    let named = try await CommandRunner(in: folder.path).run(
      ["report", "in/7", "--history", "nights", "--baseline", "2026-11-29"])
    #expect(named.status == 0, "\(named.errorOutput)")
    let page = try Files.text(folder.path("nights/2026-12-02/compare.html"))
    #expect(page.contains("29 Nov 2026"))
  }

  @Test("a night run twice replaces itself, byte by byte, with one thread or many")
  func twice() async throws {
    let site = try await HistorySite.week.value
    let folder = try TemporaryFolder()
    let runner = CommandRunner(in: folder.path)
    for day in [0, 1] {
      try ShiftedSample.writeShop(days: day, to: folder, "in/\(day)") { $0.hasPrefix("order") }
    }
    for (day, threads) in [(0, "1"), (1, "1")] {
      _ = try await runner.run(["report", "in/\(day)", "--history", "nights", "--threads", threads])
    }
    let files = Files.tree(folder.path("nights"))
    let before = try files.map { try Files.read(folder.path("nights/" + $0)) }
    let result = try await runner.run([
      "report", "in/1", "--history", "nights", "--threads", "8", "-o", "site",
    ])
    #expect(result.status == 0, "\(result.errorOutput)")
    #expect(Files.tree(folder.path("nights")) == files)
    for (file, bytes) in zip(files, before) {
      #expect(try Files.read(folder.path("nights/" + file)) == bytes, "\(file)")
    }
    // The report beside it is the same but for the link to the nights.
    #expect(Files.exists(folder.path("site/compare.html")))
    #expect(try !Files.text(folder.path("site/index.html")).contains(">Nights<"))
    #expect(try Files.text(folder.path("nights/2026-11-26/index.html")).contains("href=\"../index.html\""))
    _ = site
  }

  @Test(
    "every link of the pages over all nights leads to a file; ids are unique; the accounting of nights holds")
  func links() async throws {
    let site = try await HistorySite.week.value
    for page in ["index.html", "search.html"] {
      let document = try XPathDocument(xml: try Files.read(site.path(page)))
      let ids = document.strings("//@id")
      #expect(Set(ids).count == ids.count)
      for link in Set(document.strings("//@href")).sorted() {
        guard let target = SiteAddress(link, from: page) else { continue }
        #expect(Files.exists(site.path(target.file)), "\(page) links to \(link)")
      }
      #expect(document.count("//h1") == 1)
      #expect(document.count("//@style | //@*[starts-with(name(), 'on')]") == 0)
    }
    let index = try XPathDocument(xml: try Files.read(site.path("index.html")))
    for (row, night) in HistorySite.nights.reversed().enumerated() {
      let report = try JSONValue(parsing: try Files.read(site.path(night + "/report.json")))
      let cells = index.strings("//table[@id='night-table']/tbody/tr[\(row + 1)]/td")
      #expect(cells[3] == "\(Int(report["input"]["traces"].number ?? -1))")
    }
  }

  @Test("the index tells findings new, going on and solved, and has each trend as a table, too")
  func index() async throws {
    let site = try await HistorySite.week.value
    let index = try XPathDocument(xml: try Files.read(site.path("index.html")))
    let headings = index.strings("//section[@id='findings']//h3")
    #expect(headings.map { $0.prefix { $0 != ":" } } == ["New", "Going on", "Solved"])
    let services = index.count("//table[@id='trend-table']/tbody/tr")
    #expect(services == 7)
    #expect(index.count("//table[@id='trend-table']/tbody//svg[@class='spark']") == 3 * services)
    for name in ["requests by night", "failed requests by night", "p99 by night, in ms"] {
      let table = "//table[caption='Services: \(name)']"
      #expect(index.count(table + "/tbody/tr") == services)
      #expect(index.count(table + "/thead//th") == 8)
    }
    // In the fourth night payment's archives are missing.
    let cells = index.strings("//table[caption='Services: requests by night']/tbody/tr[th='payment']/td")
    #expect(cells.count == 7)
    #expect(cells[3] == "–")
    #expect(cells[2] != "–")
  }

  @Test("options are refused that make no sense, with status 2; what cannot be kept with 4")
  func refusals() async throws {
    let folder = try TemporaryFolder()
    try ShiftedSample.writeShop(days: 0, to: folder, "in") { $0.hasPrefix("user") }
    let runner = CommandRunner(in: folder.path)
    for (options, status) in [
      (["--keep", "7d", "-o", "site"], 2), (["--history", "n", "--keep", "7"], 2),
      (["--history", "n", "--keep", "0d"], 2),
      (["--history", "in"], 0), (["-o", "site", "--history", "site/nights"], 4),
      (["--history", "in/nothing.txt"], 4),
    ] as [([String], Int32)] {
      try folder.write("in/nothing.txt", "x")
      let result = try await runner.run(["report", "in/user-1-0.jsonl.gz"] + options)
      #expect(result.status == status, "\(options): \(result.errorOutput)")
    }
    #expect(try Files.text(folder.path("in/nothing.txt")) == "x")
    #expect(!Files.exists(folder.path("site")))
  }

  @Test("all of it stands in a file of configuration, too")
  func configured() async throws {
    let folder = try TemporaryFolder()
    let runner = CommandRunner(in: folder.path)
    for day in [0, 3, 9] {
      try ShiftedSample.writeShop(days: day, to: folder, "etc/in/\(day)") { $0.hasPrefix("user") }
      try folder.write("etc/t.yaml", "inputs: in/\(day)\nhistory: nights\nkeep: 7d\n")
      let result = try await runner.run(["report", "--config", "etc/t.yaml"])
      #expect(result.status == 0, "\(result.errorOutput)")
      #expect(result.errorOutput.isEmpty)
    }
    #expect(
      Files.names(in: folder.path("etc/nights")) == [
        "2026-11-28", "2026-12-04", "history.json", "index.html", "search.html",
      ])
    try folder.write("etc/t.yaml", "inputs: in/0\nhistory: nights\nkeep: week\n")
    let result = try await runner.run(["report", "--config", "etc/t.yaml"])
    #expect(result.status == 2)
    #expect(result.errorOutput.contains("t.yaml:3:7"))
  }

  @Test("an empty archive names no night: the report is written, the history is left alone")
  func nothing() async throws {
    let folder = try TemporaryFolder()
    try folder.write("empty.jsonl", "")
    let result = try await CommandRunner(in: folder.path).run(
      ["report", "empty.jsonl", "--history", "nights", "-o", "site"])
    #expect(result.status == 0)
    #expect(result.errorOutput.contains("no night is kept in nights"))
    #expect(Files.exists(folder.path("site/index.html")))
    #expect(!Files.exists(folder.path("nights")))
  }
}
