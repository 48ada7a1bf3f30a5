import TestSupport
import Testing

/// `report --config` and `incident --config`, from the file to what is written.
@Suite("Configuration files", .enabled(if: CommandRunner.knows("report", "incident")))
struct ReportConfigurationTests {
  private static let traceID = "0000000000000001000000000000000a"

  private static let archive: [UInt8] = {
    var root = SpanLines.Span(
      traceID: traceID, spanID: "0000000000000001", service: "gate & way", name: "GET /",
      startUnixNano: 1_793_577_600_000_000_000, endUnixNano: 1_793_577_601_000_000_000)
    root.attributes = [("customer.id", "c-\"1\"/2")]
    return SpanLines.file([SpanLines.line([root])])
  }()

  /// A folder with an archive at `night/spans.jsonl` and a configuration at `etc/tracebook.yaml`.
  private func prepare(_ yaml: String) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write("night/spans.jsonl", Self.archive)
    try folder.write("etc/tracebook.yaml", yaml)
    return folder
  }

  private func run(_ arguments: [String], in folder: TemporaryFolder) async throws -> ProcessResult {
    try await CommandRunner(in: folder.path).run(arguments)
  }

  private static let whole = """
    inputs: ../night
    output: ../site
    title: The night
    max-traces: 5
    fail-on: [info, errors>50%]
    links:
      - name: Logs
        url: https://logs.example/?q={traceId}&c={attr:customer.id}
      - name: Never
        when: {service: other}
        url: https://logs.example/{service}
    """

  @Test("it is all that a report needs; paths begin at its folder")
  func whole() async throws {
    let folder = try prepare(Self.whole)
    let result = try await run(["report", "--config", "etc/tracebook.yaml"], in: folder)
    #expect(result.status == 0 || result.status == 1, "\(result.errorOutput)")
    #expect(Files.names(in: folder.path) == ["etc", "night", "site"])
    let report = try JSONValue(parsing: try Files.read(folder.path("site/report.json")))
    #expect(report["input"]["archives"].elements.map { $0["path"].text } == ["etc/../night/spans.jsonl"])
    let index = try XPathDocument(xml: try Files.read(folder.path("site/index.html")))
    #expect(index.string("//title")?.contains("The night") == true)
  }

  @Test("links to other tools stand on the pages of traces, filled in and encoded")
  func links() async throws {
    let folder = try prepare(Self.whole)
    _ = try await run(["report", "--config", "etc/tracebook.yaml"], in: folder)
    let page = try XPathDocument(xml: try Files.read(folder.path("site/traces/\(Self.traceID).html")))
    let address = "https://logs.example/?q=\(Self.traceID)&c=c-%221%22%2F2"
    #expect(page.strings("//a[.='Logs']/@href") == [address])
    #expect(page.count("//a[.='Logs'][contains(@rel, 'noopener')]") == 1)
    #expect(page.count("//a[.='Never']") == 0)
  }

  @Test("what the command line says overrides it")
  func overriding() async throws {
    let folder = try prepare(
      Self.whole.replacing("max-traces: 5", with: "max-traces: 0") + "\nbaseline: absent.gz\n")
    try folder.write("other.jsonl", SpanLines.file(SpanLines(traces: 3, seed: 1).lines()))
    let result = try await run(
      [
        "report", "other.jsonl", "--config", "etc/tracebook.yaml", "-o", "mine", "--title", "Mine",
        "--max-traces", "3", "--fail-on", "p99>1h", "--baseline", "night",
      ], in: folder)
    #expect(result.status == 0, "\(result.errorOutput)")
    #expect(Files.names(in: folder.path) == ["etc", "mine", "night", "other.jsonl"])
    let report = try JSONValue(parsing: try Files.read(folder.path("mine/report.json")))
    #expect(report["input"]["archives"].elements.map { $0["path"].text } == ["other.jsonl"])
    let index = try XPathDocument(xml: try Files.read(folder.path("mine/index.html")))
    #expect(index.string("//title")?.contains("Mine") == true)
    #expect(Files.names(in: folder.path("mine/traces")).filter { $0.hasSuffix(".html") }.count == 3)
  }

  @Test("its conditions end the run with status 1")
  func conditions() async throws {
    let folder = try prepare("inputs: [../night]\nfail-on: p99>1ms\n")
    #expect(
      try await run(["report", "--config", "etc/tracebook.yaml", "-o", "site"], in: folder).status == 1)
  }

  @Test("services have the colours that the file or the command line gives them, in reports and incidents")
  func colours() async throws {
    let folder = try prepare("inputs: [../night]\ncolours: {'gate & way': 7}\n")
    for (options, step) in [([], 7), (["--colour", "gate & way=12"], 12)] {
      _ = try await run(["report", "--config", "etc/tracebook.yaml", "-o", "site"] + options, in: folder)
      _ = try await run(
        ["incident", "--config", "etc/tracebook.yaml", "--trace", Self.traceID, "-o", "i.html"] + options,
        in: folder)
      for file in ["site/index.html", "i.html"] {
        let page = try XPathDocument(xml: try Files.read(folder.path(file)))
        #expect(page.count("//*[contains(concat(' ', @class, ' '), ' f-s\(step) ')]") > 0, "\(file)")
        #expect(page.count("//*[contains(concat(' ', @class, ' '), ' f-s1 ')]") == 0, "\(file)")
      }
    }
  }

  @Test("prices and retention are reckoned with, from the file or the command line")
  func costs() async throws {
    let folder = try prepare(
      "inputs: [../night]\nretention: 14d\nprices: {currency: EUR, as_of: ours, disks: [{name: rack, per_gib_month: 2}]}\n"
    )
    _ = try await run(["report", "--config", "etc/tracebook.yaml", "-o", "site"], in: folder)
    let page = try Files.text(folder.path("site/sampling.html"))
    #expect(page.contains("on rack at EUR 2.0 per GiB and month"))
    #expect(
      page.contains("bytes a day × 14 days") && page.contains("Prices of ours;")
        && page.contains("EUR a month"))
    // The script, which is no text of the page, may hold the sign.
    let shown = try #require(try XPathDocument(xml: Array(page.utf8)).string("//main"))
    #expect(!shown.contains("$"))
    func monthly(_ options: [String]) async throws -> Double {
      let result = try await run(
        ["simulate", "--config", "etc/tracebook.yaml", "--sampler", "go:1", "--format", "json"] + options,
        in: folder)
      #expect(result.status == 0, "\(result.errorOutput)")
      let policy = try JSONValue(parsing: result.stdout)["sampling"]["policies"].elements.first
      return try #require(policy?["cost"]["indexMonthly"].number)
    }
    let usual = try await monthly([])
    let dearer = try await monthly(["--price", "disk=4"])
    let shorter = try await monthly(["--retention", "1w"])
    #expect(abs(dearer / usual - 2) < 0.01 && abs(usual / shorter - 2) < 0.01)
    for bad in [["--price", "tape=1"], ["--price", "disk=-1"], ["--retention", "14"]] {
      #expect(try await run(["report", "night", "-o", "other"] + bad, in: folder).status == 2)
    }
  }

  @Test("links of the command line stand in place of the file's")
  func chosenLinks() async throws {
    let folder = try prepare(Self.whole)
    _ = try await run(
      ["report", "--config", "etc/tracebook.yaml", "--link", "Mine=https://mine.example/?a={traceId}"],
      in: folder)
    let page = try XPathDocument(xml: try Files.read(folder.path("site/traces/\(Self.traceID).html")))
    #expect(page.strings("//a[.='Mine']/@href") == ["https://mine.example/?a=\(Self.traceID)"])
    #expect(page.count("//a[.='Logs']") == 0)
    for bad in ["Mine", "=https://a.example/", "Mine=javascript:alert(1)", "Mine=https://{service}/"] {
      let result = try await run(["report", "--config", "etc/tracebook.yaml", "--link", bad], in: folder)
      #expect(result.status == 2, "\(bad)")
    }
  }

  @Test("it takes further values out of an incident")
  func redaction() async throws {
    let folder = try prepare("inputs: [../night]\nredaction: key=customer.*\n")
    let result = try await run(
      ["incident", "--config", "etc/tracebook.yaml", "--trace", Self.traceID, "-o", "incident.html"],
      in: folder)
    #expect(result.status == 0, "\(result.errorOutput)")
    let page = try Files.text(folder.path("incident.html"))
    #expect(page.contains("customer.id"))
    #expect(!page.contains("c-&quot;1"))
    #expect(!page.contains("c-\"1"))
  }

  @Test("links stand in an incident, too, but none with a value that was taken out")
  func incidentLinks() async throws {
    let folder = try prepare(
      Self.whole
        + "\n  - {name: Trace, url: 'https://traces.example/{traceId}'}\nredaction: [key=customer.*]\n")
    let result = try await run(
      ["incident", "--config", "etc/tracebook.yaml", "--trace", Self.traceID, "-o", "incident.html"],
      in: folder)
    #expect(result.status == 0, "\(result.errorOutput)")
    let page = try XPathDocument(xml: try Files.read(folder.path("incident.html")))
    #expect(page.strings("//a[.='Trace']/@href") == ["https://traces.example/\(Self.traceID)"])
    #expect(page.count("//a[.='Logs']") == 0)
  }

  /// A configuration that cannot be used.
  struct Mistake: Sendable, CustomStringConvertible {
    let description: String
    let yaml: String
    /// What the message must hold after the path of the file.
    let message: String

    init(_ description: String, _ yaml: String, _ message: String) {
      self.description = description
      self.yaml = yaml
      self.message = message
    }
  }

  static let mistakes = [
    Mistake(
      "a misspelt key", "inputs: a\nmax_trace: 3\n",
      ":2:1: the configuration has no field \"max_trace\"; did you mean max-traces?"),
    Mistake(
      "letters swapped", "ouptut: a\n",
      ":1:1: the configuration has no field \"ouptut\"; did you mean output?"),
    Mistake("a key that is like none", "colour-of-sky: a\n", "there are baseline, colours, fail-on,"),
    Mistake(
      "a misspelt key of a link", "links:\n  - nam: a\n    url: https://a/\n",
      ":2:5: a link needs the field name"),
    Mistake(
      "a key of a link that is too much", "links:\n  - name: a\n    url: https://a/\n    wen: b\n",
      ":4:5: a link has no field \"wen\"; did you mean when?"),
    Mistake("a number that is none", "max-traces: many\n", ":1:13: "),
    Mistake("a number below 0", "max-traces: -1\n", "max-traces"),
    Mistake("a condition that nobody knows", "fail-on:\n  - high\n  - weather>30\n", ":3:5: "),
    Mistake("a rule of redaction that is none", "redaction: [customer]\n", ":1:13: "),
    Mistake("a sampler that nobody knows", "sampler: cobol:0.1\n", ":1:10: "),
    Mistake("a map where a path should be", "inputs: {a: b}\n", ":1:9: "),
    Mistake(
      "a threshold that nobody knows", "thresholds: {hihg-requests: 1%}\n", "did you mean high-requests?"),
    Mistake("a threshold that is no share", "thresholds:\n  bottleneck: 140%\n", ":2:15: "),
    Mistake("a colour that is none", "colours: {payment: red}\n", ":1:20: "),
    Mistake("a step beyond the palette", "colours:\n  payment: 21\n", ":2:12: "),
    Mistake("a price below 0", "prices:\n  disks: [{name: a, per_gib_month: -1}]\n", ":2:36: "),
    Mistake("a key of prices that is none", "prices: {curency: EUR}\n", "did you mean currency?"),
    Mistake("a retention that is no time", "retention: long\n", ":1:12: "),
    Mistake("an empty path", "output: ''\n", ":1:9: "),
    Mistake("a path with a NUL", "inputs: [\"a\\0b\"]\n", ":1:10: "),
    Mistake("a script as address", "links: [{name: a, url: 'javascript:alert(1)'}]\n", "http"),
    Mistake("a host that comes from spans", "links: [{name: a, url: 'https://{service}/'}]\n", "host"),
    Mistake("an unknown place", "links: [{name: a, url: 'https://a.example/{tenant}'}]\n", "{tenant}"),
    Mistake("a subject that is none", "links: [{name: a, on: pod, url: 'https://a.example/'}]\n", ":1:23: "),
    Mistake(
      "both conditions", "links: [{name: a, when: {service: a, attribute: b}, url: 'https://a.example/'}]\n",
      ":1:25: "),
    Mistake("a list of everything", "- inputs\n", ":1:1: "),
    Mistake("a key twice", "title: a\ntitle: b\n", ":2:1: "),
    Mistake("two documents", "title: a\n---\ntitle: b\n", ":2:1: "),
    Mistake("no YAML", "title: [a\n", "this is no YAML"),
    Mistake("bytes that are no text", "title: \u{1}\n", "this is no YAML"),
    Mistake("an unknown alias", "title: *nobody\n", "nobody"),
    Mistake("aliases that stand for a billion values", Self.laughter, "aliases"),
    Mistake("lists within lists", "inputs: " + String(repeating: "[", count: 100_000), "deeper than"),
    Mistake("a title without end", "title: " + String(repeating: "x", count: 100_000) + "\n", ":1:8: "),
    Mistake(
      "links without end",
      "links:\n" + String(repeating: "  - {name: a, url: 'https://a.example/'}\n", count: 2_000), ":22:5: "),
    Mistake("a file without end", String(repeating: "# nothing\n", count: 500_000), "tracebook.yaml"),
  ]

  private static let laughter =
    "a: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    + (1..<12).map { level in
      "b\(level): &a\(level) ["
        + [String](repeating: "*a\(level - 1)", count: 10).joined(separator: ", ") + "]\n"
    }.joined()

  @Test("mistakes are told with file, line and column, and nothing is written", arguments: mistakes)
  func mistake(_ mistake: Mistake) async throws {
    let folder = try prepare(mistake.yaml)
    let result = try await run(["report", "--config", "etc/tracebook.yaml"], in: folder)
    #expect(result.status == 2, "\(result.errorOutput)")
    #expect(result.errorOutput.contains("etc/tracebook.yaml"), "\(result.errorOutput)")
    #expect(result.errorOutput.contains(mistake.message), "\(result.errorOutput)")
    #expect(result.errorOutput.split(separator: "\n").count == 1)
    #expect(result.errorOutput.utf8.count < 1_000)
    #expect(Files.names(in: folder.path) == ["etc", "night"])
  }

  @Test(
    "what neither the file nor the command line names is missed",
    arguments: [("output: ../site\n", "inputs"), ("inputs: ../night\n", "output"), ("", "inputs")])
  func missing(yaml: String, what: String) async throws {
    let folder = try prepare(yaml)
    let result = try await run(["report", "--config", "etc/tracebook.yaml"], in: folder)
    #expect(result.status == 2, "\(result.errorOutput)")
    #expect(result.errorOutput.contains(what))
    #expect(Files.names(in: folder.path) == ["etc", "night"])
  }

  @Test("a file that is not there is an error of use")
  func absent() async throws {
    let folder = try prepare("")
    let result = try await run(["report", "--config", "no-such.yaml", "-o", "site"], in: folder)
    #expect(result.status == 2)
    #expect(result.errorOutput.contains("no-such.yaml"))
  }

  @Test("the sample works as it stands, and the same report comes out every time")
  func sample() async throws {
    let folder = try TemporaryFolder()
    let config = Repository.path("samples/tracebook.yaml")
    for name in ["one", "two"] {
      let result = try await run(["report", "--config", config, "-o", name], in: folder)
      #expect(result.status == 0, "\(result.errorOutput)")
    }
    for file in ["index.html", "report.json", "sampling.html", "metrics.prom"] {
      #expect(try Files.read(folder.path("one/" + file)) == Files.read(folder.path("two/" + file)), "\(file)")
    }
  }
}
