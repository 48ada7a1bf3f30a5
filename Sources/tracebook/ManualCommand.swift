import ArgumentParser
import TraceAnalysis
import TraceReport

/// `tracebook manual`: the manual page of this very program.
struct ManualCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "manual",
    abstract: "Print the manual page.",
    discussion: """
      Written in mdoc, from the same definitions as --help; make install puts it where man looks.

        tracebook manual | man -l -
      """)

  func run() throws {
    // JSON is YAML, and this is what our reader of it was made for: trees of which parts are asked for by name.
    let description: ConfigurationNode?
    do {
      description = try YAMLReader.read(Array(Tracebook._dumpHelp().utf8))
    } catch {
      throw CommandFailure(status: .failed, message: "the manual cannot be made: \(error.description)")
    }
    guard let description else { return }
    let output = StandardOutput()
    try output.write(
      ManualPage.document(
        description, version: ProgramVersion.text,
        statuses: ExitStatus.allCases.map { ($0.rawValue, $0.meaning) }))
    try output.flush()
  }
}
