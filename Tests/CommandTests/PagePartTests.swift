import TestSupport
import Testing

/// Every kind of page carries only the parts of style and script that it needs: none that it needs may be missing.
@Suite(
  "Parts of style and script",
  .enabled(if: CommandRunner.knows("report", "incident") && Files.exists(Repository.path("samples/shop"))))
struct PagePartTests {
  /// The files of script, and where on a page each finds what it works on.
  private static let hooks = [
    "base.js": "//table[contains(concat(' ', @class, ' '), ' sorts ')]",
    "terms.js": "//form[@class='find'] | //ol[@class='wf']",
    "rows.js": "//form[@class='find' and @data-table]",
    "nights.js": "//form[@id='night-search']",
    "waterfall.js": "//ol[@class='wf']",
  ]

  /// What a page has.
  private struct Specimen: Sendable {
    let name: String
    let style: String
    let script: String
    /// The classes of the markup, and those that the script gives to what it makes.
    let classes: Set<String>
    /// The scripts that would find something.
    let hooked: [String]

    init(_ name: String, _ path: String) throws {
      self.name = name
      let document = try XPathDocument(xml: try Files.read(path))
      style = document.string("//style") ?? ""
      let script = document.string("//script[not(@type)]") ?? ""
      self.script = script
      let made = ["class: \"", "classList.toggle(\"", "classList.add(\""].flatMap { mark in
        script.split(separator: mark).dropFirst().map { String($0.prefix { $0 != "\"" }) }
      }
      classes = Set(
        (document.strings("//@class") + made).flatMap { $0.split(separator: " ").map(String.init) })
      hooked = PagePartTests.hooks.filter { document.count($0.value) > 0 }.map(\.key)
    }
  }

  /// Pages of all kinds: a report with policies, one with logs and a baseline, an incident, a history.
  private static let specimens = Task {
    var found: [Specimen] = []
    let shop = try await SampleSite.shop.value
    for page in shop.typicalPages { found.append(try Specimen("shop " + page, shop.path(page))) }

    let pair = "Tests/Golden/compare-json/"
    let compared = try await SampleSite(
      archive: Repository.path(pair + "now.jsonl.gz"),
      options: ["--baseline", Repository.path(pair + "before.jsonl.gz")])
    for page in compared.typicalPages { found.append(try Specimen("compared " + page, compared.path(page))) }

    let logs = Repository.path("samples/shop/logs")
    let logged = try await SampleSite(archive: Repository.path("samples/shop"), options: ["--logs", logs])
    for page in logged.typicalPages { found.append(try Specimen("logged " + page, logged.path(page))) }

    let folder = try TemporaryFolder()
    let runner = CommandRunner(in: folder.path)
    for arguments in [
      [
        "incident", Repository.path("samples/shop"), "--query", "status:error", "--logs", logs, "-o",
        "incident.html",
      ],
      ["simulate", Repository.path("samples/shop"), "--budget", "5/s", "-o", "simulate.html"],
    ] {
      let result = try await runner.run(arguments)
      if result.status != 0 { throw TestFailure("\(arguments[0]): \(result.errorOutput)") }
      let page = arguments[0] + ".html"
      found.append(try Specimen(page, folder.path(page)))
    }

    let history = try await HistorySite.week.value
    for page in history.typicalPages { found.append(try Specimen("history " + page, history.path(page))) }
    return found
  }

  @Test("each page has every rule that any style file has for the classes on it")
  func rules() async throws {
    let files = Files.names(in: Repository.path("templates/style")).filter { $0.hasSuffix(".css") }
    #expect(files.count > 5)
    let all = try files.map { file in
      let bytes = try Files.read(Repository.path("templates/style/" + file))
      return (file: file, rules: StyleRules(String(decoding: bytes, as: UTF8.self)).rules)
    }
    for page in try await Self.specimens.value {
      let classes = page.classes
      let own = Set(StyleRules(page.style).rules)
      #expect(own.count > 100, "\(page.name)")
      for (file, rules) in all {
        let missing = rules.filter { rule in
          !own.contains(rule) && !rule.classes.isEmpty && rule.classes.isSubset(of: classes)
        }
        #expect(missing.map(\.selector) == [], "\(page.name) lacks \(file)")
      }
    }
  }

  @Test("each page has every script that looks for something on it")
  func scripts() async throws {
    let files = Set(Files.names(in: Repository.path("templates/script")))
    #expect(files == Set(Self.hooks.keys))
    var seen: Set<String> = []
    for page in try await Self.specimens.value {
      let own = Set(Self.lines(page.script))
      for file in page.hooked {
        seen.insert(file)
        let bytes = try Files.read(Repository.path("templates/script/" + file))
        let missing = Self.lines(String(decoding: bytes, as: UTF8.self)).filter { !own.contains($0) }
        #expect(missing == [], "\(page.name) lacks \(file)")
      }
    }
    #expect(seen == files, "some script is tried by no page")
  }

  /// The lines of a script but for comments and indents.
  private static func lines(_ script: String) -> [String] {
    script.split(separator: "\n").map { String($0.drop { $0 == " " }) }
      .filter { !$0.isEmpty && !$0.hasPrefix("//") }
  }
}
