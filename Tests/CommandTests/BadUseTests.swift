import TestSupport
import Testing

/// What people and cron jobs get wrong: one clear line, the right status, nothing broken.
@Suite("Bad use", .enabled(if: CommandRunner.knows("report", "inspect")))
struct BadUseTests {
  private static let archive = SpanLines.file(SpanLines(traces: 5, seed: 1).lines())

  /// One way to call the command wrongly, run in a folder made by `prepare()`.
  struct BadUse: Sendable, CustomStringConvertible {
    let description: String
    let arguments: [String]
    let status: Int32
    /// A word that the message must hold, so that the reader knows what it speaks of.
    let names: String
  }

  static let badUses = [
    BadUse(
      description: "unknown option", arguments: ["report", "spans.jsonl", "-o", "site", "--no-such-option"],
      status: 2, names: "--no-such-option"),
    BadUse(description: "unknown subcommand", arguments: ["repart"], status: 2, names: "repart"),
    BadUse(description: "no archive", arguments: ["report", "-o", "site"], status: 2, names: "rchive"),
    BadUse(description: "no output", arguments: ["report", "spans.jsonl"], status: 2, names: "-o"),
    BadUse(
      description: "trace id that is none", arguments: ["inspect", "spans.jsonl", "--trace", "not-hex"],
      status: 2,
      names: "--trace"),
    BadUse(
      description: "unknown format", arguments: ["inspect", "spans.jsonl", "--format", "yaml"], status: 2,
      names: "--format"),
    BadUse(
      description: "number of threads that is none",
      arguments: ["report", "spans.jsonl", "-o", "site", "--threads", "many"], status: 2, names: "--threads"),
    BadUse(
      description: "missing file", arguments: ["report", "no-such.jsonl", "-o", "site"], status: 4,
      names: "no-such.jsonl"),
    BadUse(
      description: "missing file to inspect", arguments: ["inspect", "no-such.jsonl"], status: 4,
      names: "no-such.jsonl"),
    BadUse(
      description: "empty folder", arguments: ["report", "empty-folder", "-o", "site"], status: 4,
      names: "empty-folder"),
    BadUse(
      description: "output below a file", arguments: ["report", "spans.jsonl", "-o", "spans.jsonl/site"],
      status: 4,
      names: "spans.jsonl/site"),
  ]

  private func prepare() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write("spans.jsonl", Self.archive)
    try Files.makeFolder(folder.path("empty-folder"))
    return folder
  }

  /// All files below a folder with their bytes.
  private func contents(_ folder: String) throws -> [String: [UInt8]] {
    var contents: [String: [UInt8]] = [:]
    for file in Files.tree(folder) { contents[file] = try Files.read("\(folder)/\(file)") }
    return contents
  }

  @Test(
    "is told in few words that name the culprit, and leaves the published report alone", arguments: badUses)
  func badUse(_ use: BadUse) async throws {
    let folder = try prepare()
    let command = CommandRunner(in: folder.path)
    let published = try await command.run(["report", "spans.jsonl", "-o", "site"])
    #expect(published.status == 0, "\(published.errorOutput)")
    let before = try contents(folder.path)

    let result = try await command.run(use.arguments)
    #expect(result.status == use.status, "\(result.errorOutput)")
    #expect(result.output == "")
    #expect(result.errorOutput.contains(use.names), "\(result.errorOutput)")
    // The message, and at most the usage line and where to find help.
    #expect((1...4).contains(result.errorOutput.split(separator: "\n").count), "\(result.errorOutput)")
    #expect(try contents(folder.path) == before)
  }

  @Test("an output folder that is not a report is not touched")
  func foreignOutputFolder() async throws {
    let folder = try prepare()
    try folder.write("photos/holiday.jpg", "not ours")
    let result = try await CommandRunner(in: folder.path).run(["report", "spans.jsonl", "-o", "photos"])
    #expect(result.status == 4, "\(result.errorOutput)")
    #expect(result.errorOutput.contains("photos"))
    #expect(try contents(folder.path("photos")) == ["holiday.jpg": Array("not ours".utf8)])
  }

  @Test("one missing archive of several: the rest is reported, and what is missing is said")
  func oneMissingArchive() async throws {
    let folder = try prepare()
    let result = try await CommandRunner(in: folder.path)
      .run(["report", "spans.jsonl", "no-such.jsonl", "-o", "site"])
    #expect(result.status == 3, "\(result.errorOutput)")
    #expect(result.errorOutput.contains("no-such.jsonl"))
    let report = try JSONValue(parsing: try Files.read(folder.path("site/report.json")))
    let archives = report["input"]["archives"].elements
    #expect(archives.map { $0["path"].text } == ["no-such.jsonl", "spans.jsonl"])
    #expect(archives.first?["error"].text != nil)
  }

  @Test(
    "an archive without spans is no mistake: the report says so, in a small page", arguments: ["", "\n\n"])
  func emptyArchive(text: String) async throws {
    let folder = try TemporaryFolder()
    try folder.write("empty.jsonl", text)
    let result = try await CommandRunner(in: folder.path).run(["report", "empty.jsonl", "-o", "site"])
    #expect(result.status == 0, "\(result.errorOutput)")
    let page = try Files.read(folder.path("site/index.html"))
    #expect(page.count < 100_000)
    #expect(try XPathDocument(xml: page).count("//h1") == 1)
  }

  @Test("no color codes, no progress and no log lines come out when all is well and nobody watches")
  func silentWhenWell() async throws {
    let folder = try prepare()
    let result = try await CommandRunner(in: folder.path).run([
      "report", "spans.jsonl", "-o", "site", "--quiet",
    ])
    #expect(result.status == 0)
    #expect(result.output == "")
    #expect(result.errorOutput == "")
  }
}
