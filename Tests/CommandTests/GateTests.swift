import TestSupport
import Testing

/// Conditions that end a finished run with status 1.
@Suite("Gates", .enabled(if: CommandRunner.knows("report")))
struct GateTests {
  private func status(_ conditions: String..., archive: String) async throws -> Int32 {
    let folder = try TemporaryFolder()
    let arguments =
      ["report", Repository.path(archive), "-o", "site"] + conditions.flatMap { ["--fail-on", $0] }
    let result = try await CommandRunner(in: folder.path).run(arguments)
    // The report is there whatever the conditions say.
    #expect(Files.exists(folder.path("site/report.json")))
    return result.status
  }

  @Test(
    "hold for the recorded shop: it has findings, failures, slow requests",
    arguments: ["high", "info", "errors>4%", "errors>0.04", "p99>300ms"])
  func holds(_ condition: String) async throws {
    #expect(try await status(condition, archive: "samples/shop") == 1)
  }

  @Test("do not hold when the limit is not reached", arguments: ["errors>5%", "p99>1s", "data-loss>0%"])
  func doesNotHold(_ condition: String) async throws {
    #expect(try await status(condition, archive: "samples/shop") == 0)
  }

  /// Two nights of the same traffic; in the second one payment takes longer and fails with words of its own.
  private func nights() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    var lines = SpanLines(traces: 300, seed: 1)
    try folder.write("before.jsonl", SpanLines.file(lines.lines()))
    for index in lines.spans.indices where lines.spans[index].service == "payment" {
      lines.spans[index].endUnixNano += 400_000_000
      if index % 3 == 0, lines.spans[index].statusCode != 2 {
        lines.spans[index].statusCode = 2
        lines.spans[index].statusMessage = "the card was refused"
      }
    }
    try folder.write("after.jsonl", SpanLines.file(lines.lines()))
    return folder
  }

  @Test(
    "about a baseline hold for what is new and what got worse, in report and compare",
    arguments: [("new-error", "new error group in payment"), ("regression", "regression: ")])
  func baseline(_ condition: String, _ words: String) async throws {
    let folder = try nights()
    let command = CommandRunner(in: folder.path)
    for arguments in [
      ["report", "after.jsonl", "--baseline", "before.jsonl", "-o", "site"],
      ["compare", "--baseline", "before.jsonl", "--", "after.jsonl"],
    ] {
      let split = arguments.firstIndex(of: "--") ?? arguments.endIndex
      let gated = Array(arguments[..<split]) + ["--fail-on", condition] + arguments[split...]
      let worse = try await command.run(gated)
      #expect(worse.status == 1, "\(arguments): \(worse.errorOutput)")
      #expect(worse.errorOutput.contains(words), "\(worse.errorOutput)")
      let same = try await command.run(gated.map { $0 == "after.jsonl" ? "before.jsonl" : $0 })
      #expect(same.status == 0, "\(arguments): \(same.errorOutput)")
    }
    // What got better is no regression; the error that is gone is not new.
    let better = try await command.run(
      ["report", "before.jsonl", "--baseline", "after.jsonl", "-o", "site", "--fail-on", condition])
    #expect(better.status == 0, "\(better.errorOutput)")
  }

  @Test("about a baseline cannot hold without one, and say so", arguments: ["new-error", "regression"])
  func noBaseline(_ condition: String) async throws {
    let folder = try nights()
    let result = try await CommandRunner(in: folder.path)
      .run(["report", "after.jsonl", "-o", "site", "--fail-on", condition])
    #expect(result.status == 0)
    #expect(result.errorOutput.contains("no baseline"), "\(result.errorOutput)")
  }

  @Test("of data loss hold for refused spans, and for bytes that nobody can read")
  func dataLoss() async throws {
    let folder = try TemporaryFolder()
    var lines = SpanLines(traces: 40, seed: 2)
    try folder.write("cut.jsonl", Array(SpanLines.file(lines.lines()).dropLast(30)))
    lines.spans[3].spanID = "no id"
    try folder.write("bad.jsonl", SpanLines.file(lines.lines()))
    let command = CommandRunner(in: folder.path)
    func status(_ archive: String, _ condition: String) async throws -> Int32 {
      try await command.run(["report", archive, "-o", "site", "--fail-on", condition]).status
    }
    #expect(try await status("bad.jsonl", "data-loss>0%") == 1)
    #expect(try await status("bad.jsonl", "data-loss>50%") == 0)
    // 1 and not 3: somebody asked for it.
    #expect(try await status("cut.jsonl", "data-loss>99%") == 1)
    #expect(try await status("cut.jsonl", "p99>1h") == 3)
    let compared = try await command.run(
      ["compare", "--fail-on", "data-loss>0%", "--baseline", "cut.jsonl", "--", "bad.jsonl"])
    #expect(compared.status == 1, "\(compared.errorOutput)")
  }

  @Test("thresholds decide what is severe, on the command line and in tracebook.yaml")
  func thresholds() async throws {
    let folder = try TemporaryFolder()
    let command = CommandRunner(in: folder.path)
    func high(_ options: [String]) async throws -> [String] {
      let result = try await command.run(["report", Repository.path("samples/shop"), "-o", "site"] + options)
      #expect(result.status == 0, "\(result.errorOutput)")
      let report = try JSONValue(parsing: try Files.read(folder.path("site/report.json")))
      return report["findings"].elements.filter { $0["severity"].text == "high" }.compactMap {
        $0["kind"].text
      }
    }
    #expect(try await high([]).contains("latency-bottleneck"))
    let mild = ["high-requests=100%", "high-latency=100%"].flatMap { ["--threshold", $0] }
    #expect(try await high(mild).isEmpty)
    try folder.write(
      "t.yaml", "inputs: a\nthresholds: {high-requests: 100%, high-latency: 1.0, bottleneck: 99%}\n")
    #expect(try await high(["--config", "t.yaml"]).isEmpty)
    // The command line takes the place of one of them.
    #expect(try await high(["--config", "t.yaml", "--threshold", "high-requests=0.1%"]).isEmpty == false)
    let wrong = try await command.run(
      ["report", Repository.path("samples/shop"), "-o", "site", "--threshold", "weather=3%"])
    #expect(wrong.status == 2)
    #expect(wrong.errorOutput.contains("high-requests"))
  }

  @Test("one of several is enough")
  func several() async throws {
    #expect(try await status("p99>1h", "high", archive: "samples/shop") == 1)
  }

  @Test("are refused when nobody knows them")
  func unknown() async throws {
    let folder = try TemporaryFolder()
    let result = try await CommandRunner(in: folder.path)
      .run(["report", Repository.path("samples/shop"), "-o", "site", "--fail-on", "weather>30"])
    #expect(result.status == 2)
    #expect(!Files.exists(folder.path("site")))
  }
}

/// Partial results as files.
@Suite("Digests", .enabled(if: CommandRunner.knows("digest", "merge")))
struct DigestTests {
  @Test("merged in any order they give the same bytes, those of one run over everything")
  func merging() async throws {
    let folder = try TemporaryFolder()
    let source = SpanLines(traces: 40, seed: 3)
    // Whole traces a file: a digest knows traces, not their pieces.
    var files: [String] = []
    for part in 0..<3 {
      let spans = source.spans.filter { Int($0.traceID.utf8.last ?? 0) % 3 == part }
      try folder.write("part-\(part).jsonl", SpanLines.file(spans.map { SpanLines.line([$0]) }))
      files.append("part-\(part)")
    }
    let command = CommandRunner(in: folder.path)
    for file in files {
      #expect(try await command.run(["digest", "\(file).jsonl", "-o", "\(file).gz"]).status == 0)
    }
    let all = try await command.run(["digest"] + files.map { "\($0).jsonl" } + ["-o", "all.gz"])
    #expect(all.status == 0, "\(all.errorOutput)")
    for order in [[0, 1, 2], [2, 0, 1]] {
      let merged = try await command.run(["merge"] + order.map { "part-\($0).gz" } + ["-o", "merged.gz"])
      #expect(merged.status == 0, "\(merged.errorOutput)")
      #expect(try Files.read(folder.path("merged.gz")) == Files.read(folder.path("all.gz")))
    }
  }

  @Test("what is no digest is refused, and nothing is written")
  func noDigest() async throws {
    let folder = try TemporaryFolder()
    try folder.write("spans.jsonl", "{}")
    let result = try await CommandRunner(in: folder.path).run(["merge", "spans.jsonl", "-o", "merged.gz"])
    #expect(result.status == 4)
    #expect(result.errorOutput.contains("spans.jsonl"))
    #expect(Files.names(in: folder.path) == ["spans.jsonl"])
  }
}
