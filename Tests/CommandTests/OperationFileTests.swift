import FoundationEssentials
import TestSupport
import Testing

/// The files of `samples/operations`, as far as a test can try them.
@Suite("Files for a report every night")
struct OperationFileTests {
  private static let folder = Repository.path("samples/operations")
  private static let systemdAnalyze = "/usr/bin/systemd-analyze"

  private func text(_ name: String) throws -> String { try Files.text("\(Self.folder)/\(name)") }

  @Test(
    "the units are what systemd understands",
    .enabled(if: FileManager.default.isExecutableFile(atPath: systemdAnalyze)))
  func units() async throws {
    let folder = try TemporaryFolder()
    for name in ["tracebook.service", "tracebook.timer"] {
      try folder.write(name, try text(name))
    }
    let result = try await ChildProcess(
      Self.systemdAnalyze, ["verify", "tracebook.service", "tracebook.timer"], in: folder.path
    ).run()
    #expect(result.status == 0, "\(result.errorOutput)")
    #expect(!result.errorOutput.contains("tracebook."), "\(result.errorOutput)")
  }

  @Test("cron and systemd run the same command")
  func sameCommand() throws {
    let command =
      "tracebook report /var/lib/otelcol/traces/spans-$(date -d yesterday +%F).jsonl*"
      + " --config /etc/tracebook/tracebook.yaml --quiet"
    let service = try text("tracebook.service").replacing("%%", with: "%").replacing("$$", with: "$")
    #expect(service.contains("exec " + command + "'\n"))
    #expect(try text("tracebook.cron").replacing("\\%", with: "%").contains("  nice " + command + "\n"))
  }

  @Test("archives are written, turned over and read under one name")
  func names() throws {
    #expect(try text("collector.yaml").contains("path: /var/lib/otelcol/traces/spans.jsonl"))
    let rotation = try text("logrotate.conf")
    #expect(rotation.contains("\n/var/lib/otelcol/traces/spans.jsonl {"))
    #expect(rotation.contains("dateformat -%Y-%m-%d\n"))
    #expect(
      try text("tracebook.cron").contains("/var/lib/otelcol/traces/spans-$(date -d yesterday +\\%F).jsonl*"))
  }
}
