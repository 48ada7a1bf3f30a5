import TestSupport
import Testing

/// Traces that take much of the memory that is given, and those that take more.
@Suite(
  "Large traces within a limit of memory",
  .enabled(if: CommandRunner.knows("report", "inspect", "search", "incident")))
struct LargeTraceMemoryTests {
  /// Traces of so many spans each: chains of ten below a root, some failed.
  private static func archive(traces: Int, spans: Int) -> [UInt8] {
    var lines: [String] = []
    for trace in 1...traces {
      var batch: [SpanLines.Span] = []
      for number in 1...spans {
        let start = 1_793_577_600_000_000_000 + trace * 1_000_000_000 + number * 1_000
        var span = SpanLines.Span(
          traceID: SpanLines.hex(5) + SpanLines.hex(UInt64(trace)), spanID: SpanLines.hex(UInt64(number)),
          service: "front \(trace)", name: "step \(number % 10)", startUnixNano: start,
          endUnixNano: start + (number == 1 ? 900_000_000 : 400_000))
        if number > 1 { span.parentSpanID = SpanLines.hex(UInt64(number % 10 == 2 ? 1 : number - 1)) }
        span.statusCode = number % 97 == 0 ? 2 : 0
        batch.append(span)
        if batch.count == 500 || number == spans {
          lines.append(SpanLines.line(batch))
          batch = []
        }
      }
    }
    return Gzip.compress(SpanLines.file(lines), level: 1)
  }

  private static func run(_ arguments: [String], in folder: TemporaryFolder) async throws -> ProcessResult {
    var command = CommandRunner(in: folder.path)
    command.timeout = .seconds(300)
    return try await command.run(arguments)
  }

  @Test("a trace with more spans than there is room for is refused, and how much memory it needs is told")
  func refused() async throws {
    let folder = try TemporaryFolder()
    try folder.write("spans.jsonl.gz", Self.archive(traces: 1, spans: 33_000))
    for arguments in [
      ["inspect", "spans.jsonl.gz"], ["search", "spans.jsonl.gz", "status:error"],
      ["report", "spans.jsonl.gz", "-o", "site"],
    ] {
      let result = try await Self.run(arguments + ["--memory", "64M"], in: folder)
      #expect(result.status == 4 && result.output.isEmpty, "\(arguments)")
      #expect(result.errorOutput.contains("has 33000 spans"), "\(result.errorOutput)")
      #expect(result.errorOutput.contains("room for traces of 32768 within --memory 64M"))
      #expect(result.errorOutput.contains("allow at least 65M"))
    }
    #expect(!Files.exists(folder.path("site")))
    let whole = try await Self.run(["inspect", "spans.jsonl.gz"], in: folder)
    let enough = try await Self.run(["inspect", "spans.jsonl.gz", "--memory", "65M"], in: folder)
    #expect(enough.status == 0 && enough.output == whole.output && !whole.output.isEmpty)
  }

  @Test("an incident about more spans than there is room for is refused, and what would help is told")
  func refusedIncident() async throws {
    let folder = try TemporaryFolder()
    try folder.write("spans.jsonl.gz", Self.archive(traces: 2, spans: 10_000))
    let ids = [1, 2].map { SpanLines.hex(5) + SpanLines.hex($0) }
    let both = ["incident", "spans.jsonl.gz", "--trace", ids[0], "--trace", ids[1], "-o", "both.html"]
    let refused = try await Self.run(both + ["--memory", "64M"], in: folder)
    #expect(refused.status == 4 && !Files.exists(folder.path("both.html")))
    #expect(refused.errorOutput.contains("20000 spans in all"))
    let needed = try #require(refused.errorOutput.firstMatch(of: /allow at least (\d+M)/)).1
    let one = ["incident", "spans.jsonl.gz", "--trace", ids[0], "-o", "one.html"]
    #expect(try await Self.run(one + ["--memory", "64M"], in: folder).status == 0)
    #expect(try await Self.run(both + ["--memory", String(needed)], in: folder).status == 0)
  }

  @Test("pages of large traces have the same bytes whether traces are kept for them or put together anew")
  func pages() async throws {
    let folder = try TemporaryFolder()
    // Each is large within 64 MB, and all together are too many to be kept.
    try folder.write("spans.jsonl.gz", Self.archive(traces: 4, spans: 8_300))
    for (site, limit) in [("whole", []), ("little", ["--memory", "64M"])] {
      let result = try await Self.run(
        ["report", "spans.jsonl.gz", "-o", site, "--max-traces", "4"] + limit, in: folder)
      #expect(result.status == 0, "\(result.errorOutput)")
    }
    let files = Files.tree(folder.path("whole"))
    #expect(files.filter { $0.hasPrefix("traces/") && $0.hasSuffix(".html") }.count == 4)
    #expect(Files.tree(folder.path("little")) == files)
    for file in files {
      #expect(
        try Files.read(folder.path("little/\(file)")) == Files.read(folder.path("whole/\(file)")), "\(file)")
    }
  }
}
