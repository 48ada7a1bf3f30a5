/// One folder of `Tests/Golden`: a command line and what it must print and write, byte by byte.
///
///     arguments     one argument a line, an empty line for an empty one; SAMPLES is the samples folder, OUT an empty folder
///     status        the exit status, 0 when the file is absent
///     stdout        what standard output must be, nothing when absent
///     stderr        what standard error must be, nothing when absent
///     files/…       files that must lie in OUT, at the same path; other files in OUT are not looked at
///
/// All other files of the folder are input: the command runs in a copy of it.
/// `RECORD_GOLDEN=1` writes the expectations anew and fails the test, so that a recording run never passes.
package struct GoldenCase: Sendable, CustomStringConvertible {
  package let name: String
  private let folder: String

  /// All cases, by name.
  package static let all: [GoldenCase] = {
    let root = Repository.path("Tests/Golden")
    return Files.names(in: root).filter { Files.exists("\(root)/\($0)/arguments") }
      .map { GoldenCase(name: $0, folder: "\(root)/\($0)") }
  }()

  package init(name: String, folder: String) {
    self.name = name
    self.folder = folder
  }

  package var description: String { name }

  /// Runs the case and returns what differs: one text for each difference, none when all is as expected.
  package func differences(
    isRecording: Bool = ProcessEnvironment.inherited["RECORD_GOLDEN"] == "1"
  ) async throws -> [String] {
    let actual = try await runCommand()
    if isRecording {
      try record(actual)
      return ["recorded \(name): look at the change, then run without RECORD_GOLDEN"]
    }
    var differences: [String] = []
    for (file, expected) in try expectations() {
      let bytes = actual[file] ?? []
      if bytes == expected { continue }
      let diff = UnifiedDiff.between(
        expected: String(decoding: expected, as: UTF8.self), actual: String(decoding: bytes, as: UTF8.self))
      differences.append("\(name)/\(file) differs\n" + (diff.isEmpty ? "in bytes that are no text" : diff))
    }
    if !differences.isEmpty {
      let kept = Repository.path("build/golden-actual/\(name)")
      Files.remove(kept)
      for (file, bytes) in actual { try Files.write(bytes, to: "\(kept)/\(file)") }
      differences.append("what came out is kept in build/golden-actual/\(name)")
    }
    return differences
  }

  /// Files of the folder that are expectations, by name in it.
  private static func isExpectation(_ file: String) -> Bool {
    ["status", "stdout", "stderr"].contains(file) || file.hasPrefix("files/")
  }

  private func expectations() throws -> [(file: String, bytes: [UInt8])] {
    var expected: [String: [UInt8]] = ["status": Array("0\n".utf8), "stdout": [], "stderr": []]
    for file in Files.tree(folder) where Self.isExpectation(file) {
      expected[file] = try Files.read("\(folder)/\(file)")
    }
    return expected.sorted { $0.key < $1.key }.map { (file: $0.key, bytes: $0.value) }
  }

  /// What the command gave, by the names that expectations have.
  private func runCommand() async throws -> [String: [UInt8]] {
    let work = try TemporaryFolder()
    for file in Files.tree(folder) where !Self.isExpectation(file) && file != "arguments" {
      try work.write("in/\(file)", try Files.read("\(folder)/\(file)"))
    }
    try Files.makeFolder(work.path("in"))
    // The command sees relative paths only, so that no output holds a path of this machine.
    let out = "../out"
    let arguments = try Files.text("\(folder)/arguments")
      .split(separator: "\n", omittingEmptySubsequences: false).dropLast().map {
        String($0).replacing("SAMPLES", with: "../samples").replacing("OUT", with: out)
      }
    try linkSamples(into: work)
    let result = try await CommandRunner(in: work.path("in")).run(arguments)
    var actual = [
      "status": Array("\(result.status)\n".utf8), "stdout": result.stdout, "stderr": result.stderr,
    ]
    for file in Files.tree(work.path("out")) {
      actual["files/\(file)"] = try Files.read(work.path("out/\(file)"))
    }
    return actual
  }

  private func linkSamples(into work: TemporaryFolder) throws {
    try FileLinks.make(at: work.path("samples"), to: Repository.path("samples"))
  }

  private func record(_ actual: [String: [UInt8]]) throws {
    let kept = Set(Files.tree(folder).filter { $0.hasPrefix("files/") })
    for (file, bytes) in actual {
      // Of the files written only those that the case asks for are recorded.
      if file.hasPrefix("files/"), !kept.contains(file) { continue }
      let isDefault =
        file == "status" ? bytes == Array("0\n".utf8) : bytes.isEmpty && !file.hasPrefix("files/")
      if isDefault {
        Files.remove("\(folder)/\(file)")
      } else {
        try Files.write(bytes, to: "\(folder)/\(file)")
      }
    }
  }
}
