import TestSupport
import Testing

/// `--since`, `--until`, `--timezone` and `--now`: which traces take part, by the time at which they begin.
@Suite("Windows", .enabled(if: CommandRunner.knows("report", "inspect", "search")))
struct WindowTests {
  private static let hasDatabase = Files.exists("/usr/share/zoneinfo/Europe/Berlin")

  /// One trace an hour, each with a child, from 2026-10-24T00:30Z on: `…0000`, `…0001`, ….
  private static func hours(_ count: Int) -> SpanLines {
    SpanLines(
      spans: (0..<count).flatMap { hour in
        let start = (1_792_800_000 + 1_800 + hour * 3_600) * 1_000_000_000
        let id = String(repeating: "a", count: 28) + hex(hour, 4)
        var root = SpanLines.Span(
          traceID: id, spanID: "00000000000000" + hex(hour + 1, 2), service: "gateway", name: "GET /",
          startUnixNano: start, endUnixNano: start + 2_000_000_000)
        var child = root
        child.spanID = "aa000000000000" + hex(hour + 1, 2)
        child.parentSpanID = root.spanID
        child.service = "orders"
        child.startUnixNano += 1_000_000_000
        root.kind = 2
        return [root, child]
      })
  }

  private static func hex(_ value: Int, _ width: Int) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: width - digits.count) + digits
  }

  /// The archives of three days, with names that say nothing of it, and each hour's spans in two files.
  private func prepare() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let spans = Self.hours(72).spans
    for (name, place) in [("b-new.jsonl", 0), ("a-old.jsonl", 1)] {
      let part = spans.indices.filter { $0 % 2 == place }.reversed().map { SpanLines.line([spans[$0]]) }
      try folder.write("in/" + name, SpanLines.file(part))
    }
    return folder
  }

  /// The hours of the traces that a command prints.
  private func found(_ options: [String], in folder: TemporaryFolder) async throws -> [Int] {
    let result = try await CommandRunner(in: folder.path)
      .run(["search", "in", "", "--format", "json"] + options)
    #expect(result.status == 0, "\(result.errorOutput)")
    return result.output.split(separator: "\n").compactMap { line in
      (try? JSONValue(parsing: Array(line.utf8)))?["traceId"].text.flatMap { Int($0.suffix(4), radix: 16) }
    }
  }

  @Test("archives are picked by what is in them; a trace is in or out as a whole")
  func content() async throws {
    let folder = try prepare()
    #expect(
      try await found(["--since", "2026-10-25", "--until", "2026-10-26"], in: folder) == Array(24..<48))
    #expect(try await found(["--until", "2026-10-24T02:00"], in: folder) == [0, 1])
    // The child of the last trace begins after the window's end, and comes along.
    #expect(
      try await found(["--since", "@1792803600", "--until", "2026-10-24T01:30:01Z"], in: folder) == [1])
    #expect(
      try await found(["--since", "2026-10-24T01:30:01Z", "--until", "2026-10-24T02:00Z"], in: folder) == [])
  }

  @Test(
    "a night in which clocks are put back has 25 hours, and the others 24", .enabled(if: hasDatabase),
    arguments: [("2026-10-24", -2, 24), ("2026-10-25", 22, 25), ("2026-10-26", 47, 24)])
  func summerTime(_ day: String, _ first: Int, _ count: Int) async throws {
    let folder = try prepare()
    let next = "2026-10-\((Int(day.suffix(2)) ?? 0) + 1)"
    let hours = try await found(
      ["--since", day, "--until", next, "--timezone", "Europe/Berlin"], in: folder)
    #expect(hours == Array(max(0, first)..<min(72, first + count)))
  }

  @Test("yesterday and today are days of the zone, counted from --now", .enabled(if: hasDatabase))
  func yesterday() async throws {
    let folder = try prepare()
    let night = ["--since", "yesterday", "--until", "today", "--timezone", "Europe/Berlin"]
    // Half past midnight in Berlin, and still the day before in UTC.
    #expect(try await found(night + ["--now", "2026-10-26T00:30"], in: folder) == Array(22..<47))
    #expect(try await found(night + ["--now", "2026-10-25T23:30Z"], in: folder) == Array(22..<47))
    #expect(try await found(["--since", "2h", "--now", "2026-10-24T03:00Z"], in: folder).first == 1)
    // Without --now the clock is read: the archives lie years before or after it, or just now, but not in the next second.
    #expect(try await found(["--since", "0s"], in: folder).count <= 72)
  }

  @Test("the accounting of a report closes, and says what lies outside")
  func accounting() async throws {
    let folder = try prepare()
    let result = try await CommandRunner(in: folder.path).run(
      ["report", "in", "in/a-old.jsonl", "-o", "site", "--since", "2026-10-25", "--until", "2026-10-26"])
    #expect(result.status == 0, "\(result.errorOutput)")
    let report = try JSONValue(parsing: try Files.read(folder.path("site/report.json")))
    let input = report["input"]
    let read = try #require(input["spansRead"].number.map(Int.init))
    #expect(read == 48)
    #expect(input["spansOutsideWindow"].number.map(Int.init) == 96)
    #expect(
      input["spansAccepted"].number.map(Int.init) == 48 && input["spansQuarantined"].number.map(Int.init) == 0
    )
    #expect(input["traces"].number.map(Int.init) == 24)
    #expect(input["archives"].elements.compactMap { $0["spans"].number.map(Int.init) }.reduce(0, +) == read)
    #expect(report["window"]["sinceUnixNano"].text == "1792886400000000000")
    #expect(report["window"]["untilUnixNano"].text == "1792972800000000000")
    let page = try Files.text(folder.path("site/quality.html"))
    #expect(page.contains("outside the window"))
    #expect(page.contains("Traces that begin from 2026-10-25 00:00:00 UTC to before 2026-10-26 00:00:00 UTC"))
  }

  @Test("pages tell times on the clocks of the zone, and name it", .enabled(if: hasDatabase))
  func localTimes() async throws {
    let folder = try prepare()
    let command = CommandRunner(in: folder.path)
    let result = try await command.run(
      [
        "report", "in", "-o", "site", "--since", "2026-10-25", "--until", "2026-10-26", "--timezone",
        "Europe/Berlin",
      ])
    #expect(result.status == 0, "\(result.errorOutput)")
    let index = try XPathDocument(xml: try Files.read(folder.path("site/index.html")))
    // The first trace begins at half past midnight, which is 22:30 of the day before in UTC.
    #expect(index.string("//main//text()[contains(., '00:30:00 to')]")?.contains("Europe/Berlin") == true)
    #expect(index.count("//dd[contains(., 'all times Europe/Berlin')]") == 1)
    #expect(
      try Files.text(folder.path("site/summary.md")).contains(
        "25 Oct 2026, 00:30 to 25 Oct 2026, 23:30 Europe/Berlin"))
    // 02:30 comes twice, an hour apart; nothing says UTC.
    let page = try Files.text(folder.path("site/search.html"))
    #expect(page.components("2026-10-25 02:30:00.000") == 2)
    #expect(page.contains("Start, Europe/Berlin") && !page.contains("UTC"))
    let found = try await command.run(
      ["search", "in", "", "--until", "2026-10-24T03:00", "--timezone", "Europe/Berlin"])
    #expect(found.output.hasPrefix("START (Europe/Berlin)"))
    #expect(found.output.contains("2026-10-24T02:30:00.000000000+02:00"))
  }

  @Test("a length before now leaves no trace of the moment of the run")
  func noClock() async throws {
    let folder = try prepare()
    for (site, now) in [("one", "2026-10-25T00:00:00Z"), ("two", "2026-10-25T00:00:01Z")] {
      let result = try await CommandRunner(in: folder.path)
        .run(["report", "in", "-o", site, "--since", "3h", "--now", now])
      #expect(result.status == 0, "\(result.errorOutput)")
    }
    for file in Files.tree(folder.path("one")) {
      #expect(try Files.read(folder.path("one/" + file)) == Files.read(folder.path("two/" + file)), "\(file)")
    }
  }

  @Test("windows that follow one another share out the traces, by every rule of dependencies")
  func partition() async throws {
    let folder = try prepare()
    for rule in ["tracebook", "zipkin", "servicegraph", "jaeger"] {
      func calls(_ options: [String]) async throws -> Int {
        let result = try await CommandRunner(in: folder.path)
          .run(["dependencies", "in", "--rule", rule] + options)
        let links = try JSONValue(parsing: result.stdout)["links"].elements
        return links.compactMap { $0["callCount"].number.map(Int.init) }.reduce(0, +)
      }
      let all = try await calls([])
      let early = try await calls(["--until", "2026-10-25T05:00"])
      let late = try await calls(["--since", "2026-10-25T05:00"])
      #expect(all == early + late, "\(rule): \(all) are not \(early) + \(late)")
    }
  }

  @Test("merged digests of windows are the digest of all")
  func digests() async throws {
    let folder = try prepare()
    let command = CommandRunner(in: folder.path)
    _ = try await command.run(["digest", "in", "-o", "all.gz"])
    _ = try await command.run(["digest", "in", "-o", "1.gz", "--until", "2026-10-25"])
    _ = try await command.run(["digest", "in", "-o", "2.gz", "--since", "2026-10-25"])
    let merged = try await command.run(["merge", "2.gz", "1.gz", "-o", "merged.gz"])
    #expect(merged.status == 0, "\(merged.errorOutput)")
    #expect(try Files.read(folder.path("merged.gz")) == Files.read(folder.path("all.gz")))
  }

  @Test(
    "what cannot be meant is told, and nothing is written",
    arguments: [
      (["--since", "someday"], "--since someday"), (["--until", "2026-02-30"], "--until 2026-02-30"),
      (["--timezone", "Europe/Atlantis"], "Europe/Atlantis"),
      (["--timezone", "../../etc/passwd"], "../../etc/passwd"),
      (["--timezone", "/etc/localtime"], "/etc/localtime"), (["--now", "yesterday"], "--now yesterday"),
      (["--since", "2026-10-26", "--until", "2026-10-25"], "not after"),
      (["--since", "2026-10-26", "--until", "2026-10-26"], "a day stands for its first moment"),
      (["--since", "0001-01-01"], "1678"),
    ])
  func wrongUse(_ options: [String], _ words: String) async throws {
    let folder = try prepare()
    let result = try await CommandRunner(in: folder.path).run(["report", "in", "-o", "site"] + options)
    #expect(result.status == 2)
    #expect(result.errorOutput.contains(words), "\(result.errorOutput)")
    #expect(Files.names(in: folder.path) == ["in"])
  }

  @Test("without a database of zones it says so, and a distance from UTC still does")
  func noDatabase() async throws {
    let folder = try prepare()
    var process = ChildProcess(
      try #require(CommandRunner.binary),
      ["search", "in", "", "--since", "2026-10-26", "--timezone", "Europe/Berlin"], in: folder.path)
    process.environment = ["TZDIR": folder.path("nowhere")]
    let result = try await process.run()
    #expect(result.status == 2)
    #expect(result.errorOutput.contains("no time zone database"), "\(result.errorOutput)")
    #expect(try await found(["--since", "2026-10-26", "--timezone", "+02:00"], in: folder).first == 46)
    try folder.write("zones/Mars/Olympus", "TZif")
    process.environment = ["TZDIR": folder.path("zones")]
    process.arguments[process.arguments.count - 1] = "Mars/Olympus"
    let damaged = try await process.run()
    #expect(damaged.status == 2)
    #expect(damaged.errorOutput.contains("zones/Mars/Olympus cannot be used"), "\(damaged.errorOutput)")
  }

  @Test(
    "window and zone stand in tracebook.yaml, for every command that reads archives",
    .enabled(if: hasDatabase))
  func configuration() async throws {
    let folder = try prepare()
    try folder.write(
      "t.yaml",
      "inputs: in\nsince: 2026-10-25\nuntil: 2026-10-26\ntimezone: Europe/Berlin\nbaseline: [in/a-old.jsonl]\n"
    )
    let command = CommandRunner(in: folder.path)
    let inspected = try await command.run(["inspect", "--config", "t.yaml"])
    #expect(inspected.output.split(separator: "\n").count == 25)
    let searched = try await command.run(["search", "--config", "t.yaml", "", "--format", "json"])
    #expect(searched.output.split(separator: "\n").count == 25)
    // The command line overrides the file.
    let all = try await command.run(
      [
        "search", "in", "", "--config", "t.yaml", "--until", "2026-11-01", "--since", "2026-10-01",
        "--format", "json",
      ])
    #expect(all.output.split(separator: "\n").count == 72)
    for arguments in [
      ["dependencies"], ["digest", "-o", "d.gz"], ["compare"], ["simulate", "--sampler", "go:0.5"],
    ] {
      let result = try await command.run(arguments + ["--config", "t.yaml"])
      #expect(result.status == 0, "\(arguments): \(result.errorOutput)")
    }
  }

  @Test(
    "mistakes in the file are told with line and column",
    arguments: [
      ("since: someday", "t.yaml:2:8: "), ("timezone: Europe/Atlantis", "t.yaml:2:11: "),
      ("until: [2026-10-25]", "t.yaml:2:8: "), ("timezon: UTC", "did you mean timezone?"),
    ])
  func mistakes(_ line: String, _ words: String) async throws {
    let folder = try prepare()
    try folder.write("t.yaml", "inputs: in\n\(line)\n")
    let result = try await CommandRunner(in: folder.path).run(["report", "--config", "t.yaml", "-o", "site"])
    #expect(result.status == 2)
    #expect(result.errorOutput.contains(words), "\(result.errorOutput)")
    #expect(!Files.exists(folder.path("site")))
  }
}

extension String {
  /// How often a text occurs in it.
  fileprivate func components(_ part: String) -> Int {
    split(separator: part, omittingEmptySubsequences: false).count - 1
  }
}
