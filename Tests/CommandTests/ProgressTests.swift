import TestSupport
import Testing

/// The progress bar: on a terminal, and nowhere else.
@Suite("Progress", .enabled(if: CommandRunner.knows("report")))
struct ProgressTests {
  private static let hasScript = Files.exists("/usr/bin/script")

  /// What a terminal is sent, standard output and error alike.
  private func terminal(_ options: String, environment: [String: String] = [:], in folder: TemporaryFolder)
    async throws
    -> ProcessResult
  {
    let binary = try #require(CommandRunner.binary)
    // `script` runs a command on a terminal of its own.
    var process = ChildProcess(
      "/usr/bin/script",
      ["--quiet", "--return", "--command", "\(binary) report spans.jsonl -o site \(options)", "/dev/null"],
      in: folder.path)
    process.environment = ["TERM": "xterm"].merging(environment) { $1 }
    return try await process.run()
  }

  private func prepare() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write("spans.jsonl", SpanLines.file(SpanLines(traces: 300, seed: 1).lines()))
    return folder
  }

  @Test(
    "on a terminal it names the stages, tells how far they are, and takes itself back",
    .enabled(if: hasScript))
  func bar() async throws {
    let folder = try prepare()
    let result = try await terminal("", in: folder)
    #expect(result.status == 0, "\(result.output)")
    for stage in ["read ", "assemble and observe ", "render and publish "] {
      #expect(result.output.contains(stage), "\(stage)")
    }
    #expect(result.output.contains(" %"))
    // The last thing that happens to the line is that it is cleared.
    #expect(result.output.hasSuffix("\r\u{1b}[K"))
    // No colours, whatever NO_COLOR says.
    #expect(!result.output.contains("\u{1b}[3") && !result.output.contains("\u{1b}[1m"))
  }

  @Test("messages stand on lines of their own above it", .enabled(if: hasScript))
  func messages() async throws {
    let folder = try prepare()
    let result = try await terminal("--fail-on info", in: folder)
    #expect(result.status == 1)
    let message = try #require(
      result.output.split(separator: "\r\u{1b}[K").last { $0.contains("tracebook: ") })
    #expect(message.hasPrefix("tracebook: "))
  }

  @Test(
    "it is not shown to who does not want it, or cannot take it", .enabled(if: hasScript),
    arguments: [("--quiet", "xterm"), ("--no-progress", "xterm"), ("", "dumb"), ("", "")])
  func absent(_ options: String, _ name: String) async throws {
    let folder = try prepare()
    let result = try await terminal(options, environment: ["TERM": name], in: folder)
    #expect(result.status == 0)
    #expect(result.output == "", "\(result.output)")
  }

  @Test("in a pipe there is none, and log levels say what they are asked to")
  func pipe() async throws {
    let folder = try prepare()
    let command = CommandRunner(in: folder.path)
    let silent = try await command.run(["report", "spans.jsonl", "-o", "site"])
    #expect(silent.errorOutput == "")
    let info = try await command.run(["report", "spans.jsonl", "-o", "site", "--log-level", "info"])
    #expect(info.errorOutput.contains("read: "))
    #expect(!info.errorOutput.contains("spans.jsonl: otlp-json"))
    let debug = try await command.run(["report", "spans.jsonl", "-o", "site", "--log-level", "debug"])
    #expect(debug.errorOutput.contains("spans.jsonl: otlp-json, none, "))
    #expect(!debug.errorOutput.contains("\u{1b}"))
    let quiet = try await command.run([
      "report", "spans.jsonl", "-o", "site", "--log-level", "debug", "--quiet",
    ])
    #expect(quiet.errorOutput == "")
  }
}
