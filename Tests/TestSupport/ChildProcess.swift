import Glibc

/// What a program left behind when it ended.
package struct ProcessResult: Sendable {
  /// The exit status; 128 and the signal's number when a signal ended it, as shells show it.
  package let status: Int32
  package let stdout: [UInt8]
  package let stderr: [UInt8]
  /// Whether it was stopped because it took too long.
  package let timedOut: Bool
  /// The most memory that it had at a time, in bytes, as far as was seen some milliseconds before its end.
  package let peakMemory: Int

  /// Standard output as text.
  package var output: String { String(decoding: stdout, as: UTF8.self) }
  /// Standard error as text.
  package var errorOutput: String { String(decoding: stderr, as: UTF8.self) }
}

/// Runs a program in a folder, bounded in time, with output caught in files: no pipe can fill up.
package struct ChildProcess: Sendable {
  package var program: String
  package var arguments: [String]
  package var folder: String
  /// Environment entries set beside the inherited ones.
  package var environment: [String: String] = [:]
  package var timeout: Duration = .seconds(120)
  package var input: [UInt8] = []

  package init(_ program: String, _ arguments: [String], in folder: String) {
    self.program = program
    self.arguments = arguments
    self.folder = folder
  }

  /// Runs the program to its end; waits for a free slot first, so parallel tests do not crowd the machine.
  package func run() async throws -> ProcessResult {
    await ProcessSlots.shared.take()
    do {
      let result = try await runNow()
      await ProcessSlots.shared.release()
      return result
    } catch {
      await ProcessSlots.shared.release()
      throw error
    }
  }

  private func runNow() async throws -> ProcessResult {
    let files = try TemporaryFolder()
    try files.write("stdin", input)
    let process = try spawn(files: [0: files.path("stdin"), 1: files.path("stdout"), 2: files.path("stderr")])
    var peakMemory = 0
    let (status, timedOut) = await Self.wait(for: process, timeout: timeout) {
      // A program that is about to end may be told to have had next to none.
      peakMemory = max(peakMemory, Self.peakMemory(of: process) ?? 0)
    }
    return ProcessResult(
      status: status, stdout: try Files.read(files.path("stdout")),
      stderr: try Files.read(files.path("stderr")),
      timedOut: timedOut, peakMemory: peakMemory)
  }

  /// Starts the program in a process group of its own, with files and open descriptors as its first descriptors.
  func spawn(files: [Int32: String], descriptors: [(theirs: Int32, ours: Int32)] = []) throws -> pid_t {
    guard access(program, X_OK) == 0 else { throw TestFailure("there is no program \(program)") }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (descriptor, path) in files.sorted(by: { $0.key < $1.key }) {
      let flags = descriptor == 0 ? O_RDONLY : O_WRONLY | O_CREAT | O_TRUNC
      posix_spawn_file_actions_addopen(&actions, descriptor, path, flags, 0o644)
    }
    for (theirs, ours) in descriptors { posix_spawn_file_actions_adddup2(&actions, ours, theirs) }

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // Threads that run tests block signals; the program must not inherit that.
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK))

    // Glibc shows Swift no way to spawn in another folder, so `env` changes to it.
    let starter = "/usr/bin/env"
    let argv = ([starter, "--chdir=\(folder)", program] + arguments).map { strdup($0) } + [nil]
    let envp = mergedEnvironment().map { strdup($0) } + [nil]
    defer { (argv + envp).forEach { free($0) } }
    var process = pid_t()
    let failure = posix_spawn(&process, starter, &actions, &attributes, argv, envp)
    if failure != 0 {
      throw TestFailure("cannot start \(program) in \(folder): \(String(cString: strerror(failure)))")
    }
    return process
  }

  private func mergedEnvironment() -> [String] {
    var entries = ProcessEnvironment.inherited
    for (name, value) in environment { entries[name] = value }
    return entries.map { "\($0.key)=\($0.value)" }.sorted()
  }

  /// Waits for the end without blocking a thread; ends the whole process group when time is up.
  ///
  /// - `look`: called every now and then while it runs.
  static func wait(
    for process: pid_t, timeout: Duration, look: () -> Void = {}
  ) async -> (status: Int32, timedOut: Bool) {
    let deadline = ContinuousClock.now + timeout
    var timedOut = false
    var status: Int32 = 0
    var pause = Duration.milliseconds(1)
    while waitpid(process, &status, WNOHANG) == 0 {
      if !timedOut, ContinuousClock.now > deadline {
        timedOut = true
        kill(-process, SIGKILL)
      }
      look()
      try? await Task.sleep(for: pause)
      pause = min(pause * 2, .milliseconds(20))
    }
    let signal = status & 0x7F
    return (signal == 0 ? (status >> 8) & 0xFF : 128 + signal, timedOut)
  }
}

extension ChildProcess {
  /// What the system notes of a running program, in bytes; nil once it has ended.
  fileprivate static func peakMemory(of process: pid_t) -> Int? {
    let line = (try? Files.text("/proc/\(process)/status"))?.split(separator: "\n").first {
      $0.hasPrefix("VmHWM:")
    }
    return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }.map { $0 << 10 }
  }
}

/// The environment the tests themselves run in.
package enum ProcessEnvironment {
  /// All entries.
  package static let inherited: [String: String] = {
    guard let text = try? Files.read("/proc/self/environ") else { return [:] }
    var entries: [String: String] = [:]
    for entry in text.split(separator: 0) {
      guard let sign = entry.firstIndex(of: UInt8(ascii: "=")) else { continue }
      let name = String(decoding: entry[..<sign], as: UTF8.self)
      entries[name] = String(decoding: entry[(sign + 1)...], as: UTF8.self)
    }
    return entries
  }()
}

/// Lets as many programs run at once as there are cores.
actor ProcessSlots {
  static let shared = ProcessSlots(count: max(2, sysconf(Int32(_SC_NPROCESSORS_ONLN))))

  private var free: Int
  private var waiting: [CheckedContinuation<Void, Never>] = []

  init(count: Int) {
    free = count
  }

  func take() async {
    if free > 0 {
      free -= 1
    } else {
      await withCheckedContinuation { waiting.append($0) }
    }
  }

  func release() {
    if waiting.isEmpty {
      free += 1
    } else {
      waiting.removeFirst().resume()
    }
  }
}
