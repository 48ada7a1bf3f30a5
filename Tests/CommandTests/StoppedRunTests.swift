import FoundationEssentials
import Glibc
import TestSupport
import Testing

/// A run that is killed, or finds no room, leaves the published report and history as they were or as they will be.
///
/// `TRACEBOOK_KILLS=200` makes it many; `TRACEBOOK_KILL_LOG=FILE` writes down where they hit.
@Suite(
  "A run that is stopped", .serialized,
  .enabled(if: CommandRunner.knows("report") && Files.exists(Repository.path("samples/shop"))))
struct StoppedRunTests {
  private static let wantedKills = getenv("TRACEBOOK_KILLS").flatMap { Int(String(cString: $0)) }

  private func note(_ line: String) {
    guard let path = getenv("TRACEBOOK_KILL_LOG"), let file = fopen(path, "a") else { return }
    fputs(line + "\n", file)
    fclose(file)
  }

  /// Looks at what a stopped run left, runs it again, and looks whether all is then as if it had not been stopped.
  private func examine(
    _ scene: PublishedScene, _ change: PublishedScene.Change, _ folder: String, _ what: String
  ) async throws {
    let phase = try scene.phase(change, in: folder)
    let faults = try scene.faults(change, in: folder)
    #expect(faults == [], "\(change.rawValue), \(what), \(phase)")
    let again = try await CommandRunner(in: folder).run(scene.arguments(change))
    #expect(again.status == 0, "\(again.errorOutput)")
    let isNew = try PublishedScene.files(folder) == scene.new[change]
    #expect(isNew, "\(change.rawValue), \(what), \(phase): the next run did not mend it")
    note("\(change.rawValue)\t\(what)\t\(phase)\t\(faults.isEmpty && isNew ? "holds" : "FAILS")")
  }

  @Test("killed at any moment", arguments: PublishedScene.Change.allCases)
  func killed(change: PublishedScene.Change) async throws {
    let scene = try await PublishedScene.shared.value
    var random = SeededGenerator(seed: change == .grow ? 71 : 72)
    let trial = try TemporaryFolder()
    try scene.prepare(in: trial.path)
    let start = ContinuousClock.now
    _ = try await CommandRunner(in: trial.path).run(scene.arguments(change))
    // Only where the kills fall depends on it, and not what must hold.
    let length = ContinuousClock.now - start
    for _ in 0..<(Self.wantedKills ?? 4) {
      let folder = try TemporaryFolder()
      try scene.prepare(in: folder.path)
      var runner = CommandRunner(in: folder.path)
      runner.timeout = length * Double.random(in: 0.2...1, using: &random)
      let result = try await runner.run(scene.arguments(change))
      try await examine(scene, change, folder.path, "after a while: \(result.timedOut ? "killed" : "ended")")
    }
  }

  private static let strace = "/usr/bin/strace"

  @Test(
    "killed before any of its calls that change names",
    .enabled(if: FileManager.default.isExecutableFile(atPath: strace), "strace is not installed"),
    arguments: PublishedScene.Change.allCases)
  func killedAtCalls(change: PublishedScene.Change) async throws {
    let scene = try await PublishedScene.shared.value
    guard let binary = CommandRunner.binary else { return }
    var random = SeededGenerator(seed: 5)
    for call in ["rename", "renameat2", "mkdir", "syncfs", "unlink", "rmdir", "fsync"] {
      let counted = try await traced([], call, change, scene, binary)
      let count = counted.calls
      #expect(count > 0 || call == "fsync" || counted.isRefused, "\(call)")
      // The first and the last calls always, others by chance.
      let all = Array(1...max(count, 1)).prefix(count)
      let most = Self.wantedKills ?? 3
      let ends = Set([1, count].filter { $0 > 0 })
      let chosen =
        all.filter(ends.contains)
        + all.filter { !ends.contains($0) }.shuffled(using: &random)
        .prefix(max(0, most - ends.count))
      for number in chosen.sorted() {
        let run = try await traced(
          ["-e", "inject=\(call):signal=SIGKILL:when=\(number)"], call, change, scene, binary)
        try await examine(scene, change, run.folder.path, "at \(call) \(number) of \(count)")
      }
    }
  }

  private func traced(
    _ options: [String], _ call: String, _ change: PublishedScene.Change, _ scene: PublishedScene,
    _ binary: String
  ) async throws -> (folder: TemporaryFolder, calls: Int, isRefused: Bool) {
    let folder = try TemporaryFolder()
    let logs = try TemporaryFolder()
    try scene.prepare(in: folder.path)
    let process = ChildProcess(
      Self.strace,
      ["-f", "--seccomp-bpf", "-e", "trace=\(call)", "-o", logs.path("calls")] + options + [binary]
        + scene.arguments(change), in: folder.path)
    let result = try await process.run()
    let log = (try? Files.text(logs.path("calls"))) ?? ""
    let lines = log.split(separator: "\n").filter { $0.contains(call + "(") }
    return (
      folder, lines.count, result.errorOutput.contains("ptrace") || result.errorOutput.contains("PTRACE")
    )
  }

  @Test("no file may grow: all is as it was, and nothing lies about", arguments: [1, 8, 40, 100, 200, 400])
  func fileLimit(kilobytes: Int) async throws {
    let scene = try await PublishedScene.shared.value
    guard let binary = CommandRunner.binary else { return }
    for change in PublishedScene.Change.allCases {
      let folder = try TemporaryFolder()
      try scene.prepare(in: folder.path)
      // The signal is ignored, so that the write fails as on a full disk.
      let line = "trap '' XFSZ; ulimit -f \(kilobytes * 2); exec \"$@\""
      let result = try await ChildProcess(
        "/bin/sh", ["-c", line, "sh", binary] + scene.arguments(change), in: folder.path
      ).run()
      try expectAllOrNothing(scene, change, folder.path, result)
    }
  }

  /// A run that ended by itself: 0 and all is new, or 4 with a reason and all is old; nothing beside.
  private func expectAllOrNothing(
    _ scene: PublishedScene, _ change: PublishedScene.Change, _ folder: String, _ result: ProcessResult
  ) throws {
    let now = try PublishedScene.files(folder)
    if result.status == 0 {
      #expect(now == scene.new[change])
    } else {
      #expect(result.status == 4, "\(result.errorOutput)")
      #expect(result.errorOutput.hasPrefix("tracebook: "))
      let isOld = now == scene.old
      #expect(isOld, "\(now.keys.filter { scene.old[$0] != now[$0] }.sorted().prefix(5))")
    }
  }

  @Test(
    "a full disk: all is as it was, and nothing lies about",
    .enabled(if: TemporaryDisk.isAvailable, "no disk can be mounted here"),
    arguments: PublishedScene.Change.allCases)
  func fullDisk(change: PublishedScene.Change) async throws {
    let scene = try await PublishedScene.shared.value
    var random = SeededGenerator(seed: 9)
    var statuses: Set<Int32> = []
    for step in 0..<(Self.wantedKills.map { $0 / 4 } ?? 8) {
      let disk = try TemporaryDisk(kilobytes: 64 << 10)
      try scene.prepare(in: disk.path)
      let used = disk.usedKilobytes
      // What is there must be written once more: somewhere below it ends, just above it goes through.
      let free = step == 0 ? 2 : Int.random(in: 4...(3 * used), using: &random)
      try disk.resize(kilobytes: used + free)
      let result = try await CommandRunner(in: disk.path).run(scene.arguments(change))
      statuses.insert(result.status)
      try expectAllOrNothing(scene, change, disk.path, result)
      note("\(change.rawValue)\tdisk with \(free) of \(used) KB free\tstatus \(result.status)\tholds")
    }
    #expect(statuses.contains(4))
  }

  @Test(
    "a disk that cannot be written: said before anything is read",
    .enabled(if: TemporaryDisk.isAvailable, "no disk can be mounted here"))
  func readOnly() async throws {
    let scene = try await PublishedScene.shared.value
    let disk = try TemporaryDisk(kilobytes: 64 << 10)
    try scene.prepare(in: disk.path)
    try disk.makeReadOnly()
    for change in PublishedScene.Change.allCases {
      let result = try await CommandRunner(in: disk.path).run(scene.arguments(change))
      #expect(result.status == 4)
      #expect(result.errorOutput.contains("Read-only file system"), "\(result.errorOutput)")
      #expect(try PublishedScene.files(disk.path) == scene.old)
    }
  }

  @Test(
    "a folder that another run holds is left to it; what a dead run's lock leaves behind is none",
    arguments: ["nights/.tracebook-lock", ".site.tracebook-lock"])
  func locked(lock: String) async throws {
    let scene = try await PublishedScene.shared.value
    let folder = try TemporaryFolder()
    try scene.prepare(in: folder.path)
    let held = open(folder.path(lock), O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    #expect(held >= 0)
    #expect(flock(held, LOCK_EX) == 0)
    let refused = try await CommandRunner(in: folder.path).run(scene.arguments(.replace))
    #expect(refused.status == 4)
    #expect(refused.errorOutput.contains("Another run"))
    var now = try PublishedScene.files(folder.path)
    now[lock] = nil
    #expect(now == scene.old)
    close(held)
    // The file is still there, and nobody holds it.
    let done = try await CommandRunner(in: folder.path).run(scene.arguments(.replace))
    #expect(done.status == 0, "\(done.errorOutput)")
    #expect(try PublishedScene.files(folder.path) == scene.new[.replace])
  }
}
