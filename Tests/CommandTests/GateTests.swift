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
