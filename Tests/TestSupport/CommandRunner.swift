import FoundationEssentials
import Glibc

/// Runs the `tracebook` that was built together with the tests.
package struct CommandRunner: Sendable {
  /// The binary beside the test bundle; nil when only the tests were built.
  package static let binary: String? = {
    guard let bundle = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"),
      let slash = bundle.lastIndex(of: "/")
    else { return nil }
    let path = String(bundle[..<slash]) + "/tracebook"
    return FileManager.default.isExecutableFile(atPath: path) ? path : nil
  }()

  /// Names of the subcommands that the binary's help lists.
  ///
  /// Found by running it once, so that tests of a subcommand can be skipped in a build that has none of that name.
  package static let subcommands: Set<String> = {
    guard let binary, let files = try? TemporaryFolder(),
      let process = try? ChildProcess(binary, ["--help"], in: "/").spawn(
        files: [0: "/dev/null", 1: files.path("stdout"), 2: "/dev/null"])
    else { return [] }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    let help = (try? Files.text(files.path("stdout"))) ?? ""
    let list = help.split(separator: "SUBCOMMANDS:").dropFirst().first ?? ""
    // Names are set in by two blanks; the rest of a long description by more.
    let rows = list.split(separator: "\n").filter {
      $0.hasPrefix("  ") && !$0.hasPrefix("   ") && !$0.contains("See '")
    }
    return Set(rows.compactMap { $0.split(separator: " ").first.map(String.init) })
  }()

  /// Whether the binary was built and has all of these subcommands.
  package static func knows(_ names: String...) -> Bool {
    subcommands.isSuperset(of: names)
  }

  /// The folder the command runs in.
  package var folder: String
  /// How long a run may take.
  package var timeout: Duration = .seconds(120)

  package init(in folder: String) {
    self.folder = folder
  }

  /// Runs `tracebook` with the arguments, standard input empty unless given.
  package func run(_ arguments: [String], input: [UInt8] = []) async throws -> ProcessResult {
    guard let binary = Self.binary else { throw TestFailure("the tracebook binary is not beside the tests") }
    var process = ChildProcess(binary, arguments, in: folder)
    process.timeout = timeout
    process.input = input
    // The width of help texts and the zone of times must not depend on who runs the tests.
    process.environment = ["COLUMNS": "80", "TZ": "UTC", "LC_ALL": "C.UTF-8"]
    return try await process.run()
  }
}
