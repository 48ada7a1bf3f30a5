import TestSupport
import Testing

/// The same spans in another arrangement must give the same bytes.
@Suite("Same spans, same answer", .enabled(if: CommandRunner.knows("inspect", "dependencies")))
struct MetamorphicTests {
  /// A way to lay the same lines out in files.
  enum Arrangement: String, CaseIterable, Sendable, CustomStringConvertible {
    case shuffledLines, splitOverFiles, oneSpanALine, gzip, gzipMembersCutMidLine, oneDocument, named

    var description: String { rawValue }

    func write(_ source: SpanLines, into folder: TemporaryFolder) throws {
      var random = SeededGenerator(seed: 11)
      let lines = source.lines()
      let whole = SpanLines.file(lines)
      switch self {
      case .shuffledLines:
        try folder.write("data/spans.jsonl", SpanLines.file(lines.shuffled(using: &random)))
      case .splitOverFiles:
        for part in 0..<5 {
          let some = lines.indices.filter { $0 % 5 == part }.map { lines[$0] }
          // Names run against the order of the lines.
          try folder.write("data/\(9 - part)/spans.jsonl", SpanLines.file(some))
        }
      case .oneSpanALine:
        try folder.write(
          "data/spans.jsonl",
          SpanLines.file(source.spans.shuffled(using: &random).map { SpanLines.line([$0]) }))
      case .gzip: try folder.write("data/spans.jsonl.gz", Gzip.compress(whole))
      case .gzipMembersCutMidLine: try folder.write("data/spans.jsonl.gz", Gzip.compress(whole, members: 9))
      case .oneDocument:
        try folder.write("data/spans.json", "[\n" + lines.joined(separator: " ,\n") + "]")
      case .named: try folder.write("data/unknown", whole)
      }
    }
  }

  private static let source = SpanLines(traces: 60, seed: 5)

  private func plain(_ arguments: String...) async throws -> [UInt8] {
    let folder = try TemporaryFolder()
    try folder.write("data/spans.jsonl", SpanLines.file(Self.source.lines()))
    let result = try await CommandRunner(in: folder.path).run(arguments)
    #expect(result.status == 0, "\(result.errorOutput)")
    return result.stdout
  }

  @Test(
    "however the lines are laid out in files", arguments: Arrangement.allCases, ["inspect", "dependencies"])
  func arrangement(_ arrangement: Arrangement, command: String) async throws {
    let folder = try TemporaryFolder()
    try arrangement.write(Self.source, into: folder)
    let result = try await CommandRunner(in: folder.path).run([command, "data"])
    #expect(result.status == 0, "\(result.errorOutput)")
    let expected = try await plain(command, "data")
    #expect(!expected.isEmpty)
    let diff = UnifiedDiff.between(
      expected: String(decoding: expected, as: UTF8.self), actual: result.output, limit: 8)
    #expect(diff == "")
  }

  @Test("given twice: only the warning about copies is new")
  func twice() async throws {
    let folder = try TemporaryFolder()
    let lines = Self.source.lines()
    try folder.write("data/a.jsonl", SpanLines.file(lines))
    try folder.write("data/b.jsonl", SpanLines.file(lines.reversed()))
    let result = try await CommandRunner(in: folder.path).run(["inspect", "data"])
    #expect(result.status == 0, "\(result.errorOutput)")
    let once = try JSONValue.lines(try await plain("inspect", "data"))
    let twice = try JSONValue.lines(result.stdout)
    #expect(twice.map { $0["spans"] } == once.map { $0["spans"] })
    #expect(twice.map { $0["criticalPath"] } == once.map { $0["criticalPath"] })
    #expect(twice.allSatisfy { $0["warnings"].elements.contains { $0["code"].text == "duplicate-span" } })
  }

  @Test("with one thread or many", arguments: ["inspect", "dependencies"])
  func threads(command: String) async throws {
    let one = try await plain(command, "data", "--threads", "1")
    #expect(try await plain(command, "data", "--threads", "7") == one)
  }

  @Test("from standard input")
  func standardInput() async throws {
    let folder = try TemporaryFolder()
    let result = try await CommandRunner(in: folder.path)
      .run(["inspect", "-"], input: Gzip.compress(SpanLines.file(Self.source.lines())))
    #expect(result.status == 0, "\(result.errorOutput)")
    let expected = try await plain("inspect", "data")
    #expect(result.stdout == expected)
  }

  @Test(
    "every byte of a report is the same with one thread or many", .enabled(if: CommandRunner.knows("report")))
  func reportThreads() async throws {
    let folder = try TemporaryFolder()
    try Arrangement.splitOverFiles.write(Self.source, into: folder)
    let command = CommandRunner(in: folder.path)
    for (site, threads) in [("one", "1"), ("many", "8"), ("again", "8")] {
      let result = try await command.run(["report", "data", "-o", site, "--threads", threads])
      #expect(result.status == 0, "\(result.errorOutput)")
    }
    let files = Files.tree(folder.path("one"))
    #expect(files.contains("index.html"))
    for site in ["many", "again"] {
      #expect(Files.tree(folder.path(site)) == files)
      for file in files {
        let same = try Files.read(folder.path("\(site)/\(file)")) == Files.read(folder.path("one/\(file)"))
        #expect(same, "\(file) differs between one thread and \(site)")
      }
    }
  }

  @Test(
    "every byte of a report is the same within little memory", .enabled(if: CommandRunner.knows("report")))
  func reportMemory() async throws {
    let folder = try TemporaryFolder()
    // One reader of 64 MB keeps 8 MB of spans in memory: these are more.
    try folder.write("data/spans.jsonl", SpanLines.file(SpanLines(traces: 8_000, seed: 7).lines()))
    let command = CommandRunner(in: folder.path)
    for (site, options) in [("plain", [String]()), ("little", ["--memory", "64M", "--log-level", "info"])] {
      let result = try await command.run(["report", "data", "-o", site, "--threads", "1"] + options)
      #expect(result.status == 0, "\(result.errorOutput)")
      if site == "little" { #expect(result.errorOutput.contains("spans in temporary files")) }
    }
    for file in Files.tree(folder.path("plain")) {
      let same = try Files.read(folder.path("plain/\(file)")) == Files.read(folder.path("little/\(file)"))
      #expect(same, "\(file) differs")
    }
  }

  @Test("a report of shuffled lines differs in nothing", .enabled(if: CommandRunner.knows("report")))
  func reportShuffled() async throws {
    let folder = try TemporaryFolder()
    let lines = Self.source.lines()
    var random = SeededGenerator(seed: 2)
    let command = CommandRunner(in: folder.path)
    for site in ["sorted", "shuffled"] {
      let order = site == "sorted" ? lines : lines.shuffled(using: &random)
      // Of the same name and length both times, so that even the list of archives is equal.
      try folder.write("spans.jsonl", SpanLines.file(order))
      let result = try await command.run(["report", "spans.jsonl", "-o", site])
      #expect(result.status == 0, "\(result.errorOutput)")
    }
    let files = Files.tree(folder.path("sorted"))
    #expect(Files.tree(folder.path("shuffled")) == files)
    for file in files {
      let same = try Files.read(folder.path("sorted/\(file)")) == Files.read(folder.path("shuffled/\(file)"))
      #expect(same, "\(file) depends on the order of lines")
    }
  }
}
