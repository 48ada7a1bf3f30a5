import FoundationEssentials
import Glibc
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

  /// What cron runs, without `nice`.
  private func cronCommand() throws -> [String] {
    let line = try #require(try text("tracebook.cron").split(separator: "\n").last)
    let fields = line.split(separator: " ", omittingEmptySubsequences: true).map(String.init)
    // Minute, hour, day, month, weekday, user, and the command.
    #expect(fields.prefix(6) == ["0", "3", "*", "*", "*", "tracebook"])
    #expect(fields[6] == "nice")
    return Array(fields.dropFirst(7))
  }

  @Test("cron and systemd run the same command, and all else stands in the configuration")
  func sameCommand() throws {
    let command = try cronCommand().joined(separator: " ")
    #expect(command == "tracebook report --config /etc/tracebook/tracebook.yaml --quiet")
    #expect(try text("tracebook.service").contains("\nExecStart=/usr/bin/env \(command)\n"))
    #expect(!command.contains("%"))
  }

  @Test(
    "the nightly command takes yesterday's traces out of the archives, says nothing, and keeps the night",
    .enabled(if: CommandRunner.knows("report") && Files.exists(Repository.path("samples/shop"))))
  func nightly() async throws {
    let folder = try TemporaryFolder()
    // The recorded night in the archive that is being written, the one before in the last that was turned over.
    for (day, name) in [(-1, "spans-2026-11-24.jsonl"), (0, "spans.jsonl")] {
      try ShiftedSample.writeShop(days: day, to: folder, "made") { $0.hasPrefix("user-1-0") }
      try folder.write(
        "traces/" + name, try Gzip.decompress(try Files.read(folder.path("made/user-1-0.jsonl.gz"))))
    }
    let configuration = try text("tracebook.yaml")
      .replacing("/var/lib/otelcol", with: folder.path).replacing("/srv/tracebook", with: folder.path("srv"))
    try folder.write("tracebook.yaml", configuration)
    let arguments = try cronCommand().dropFirst().map {
      $0.hasSuffix("tracebook.yaml") ? folder.path("tracebook.yaml") : $0
    }
    for now in ["2026-11-25T03:00", "2026-11-26T03:00"] {
      let result = try await CommandRunner(in: folder.path).run(arguments + ["--now", now])
      #expect(result.status == 0, "\(result.errorOutput)")
      #expect(result.errorOutput == "")
      #expect(result.output == "")
    }
    #expect(Files.names(in: folder.path("srv")) == ["nights", "site"])
    #expect(
      Files.names(in: folder.path("srv/nights")) == [
        "2026-11-24", "2026-11-25", "history.json", "index.html", "search.html",
      ])
    #expect(Files.exists(folder.path("srv/nights/2026-11-25/compare.html")))
    #expect(Files.exists(folder.path("srv/site/metrics.prom")))
  }

  private static let logrotate = "/usr/sbin/logrotate"

  @Test(
    "logrotate understands its file",
    .enabled(if: FileManager.default.isExecutableFile(atPath: logrotate), "logrotate is not installed"))
  func rotation() async throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("logrotate.conf", try text("logrotate.conf"))
    chmod(path, 0o644)
    let result = try await ChildProcess(
      Self.logrotate, ["--debug", "--state", folder.path("state"), path], in: folder.path
    ).run()
    #expect(result.status == 0, "\(result.errorOutput)")
    #expect(!result.errorOutput.contains("error"), "\(result.errorOutput)")
    #expect(result.errorOutput.contains("/var/lib/otelcol/traces/spans.jsonl"))
  }

  @Test("archives are written, turned over and read under one name")
  func names() throws {
    #expect(try text("collector.yaml").contains("path: /var/lib/otelcol/traces/spans.jsonl"))
    let rotation = try text("logrotate.conf")
    #expect(rotation.contains("\n/var/lib/otelcol/traces/spans.jsonl {"))
    #expect(rotation.contains("dateformat -%Y-%m-%d\n"))
    let inputs = "[/var/lib/otelcol/traces/spans-*.jsonl, /var/lib/otelcol/traces/spans.jsonl]"
    #expect(try text("tracebook.yaml").contains("\ninputs: \(inputs)\n"))
  }
}
