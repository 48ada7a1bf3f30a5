import ArgumentParser

/// The command: parses what was typed, runs the subcommand, and turns every failure into one line and a status.
@main
struct Tracebook: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tracebook",
    abstract: "Analyses archives of distributed traces and writes reports that open anywhere.",
    discussion: """
      Reads gzipped OpenTelemetry, Jaeger, Zipkin and native span archives, reconstructs the traces, and says what \
      is slow, what fails and why.

        tracebook report archives/ -o site        a report to publish or to attach
        tracebook search archives/ 'status:error duration>500ms'
        tracebook inspect archives/ --trace 4bf92f3577b34da6a3ce929d0e0e4736
        tracebook dependencies archives/ --format dot | dot -Tsvg > graph.svg
        tracebook compare --baseline last-night/ -- tonight/
      """,
    version: ProgramVersion.text,
    subcommands: [
      ReportCommand.self, IncidentCommand.self, SearchCommand.self, InspectCommand.self,
      DependenciesCommand.self, CompareCommand.self, SimulateCommand.self, PlanCommand.self,
      DigestCommand.self,
      MergeCommand.self, ManualCommand.self,
    ])

  static func main() {
    BrokenPipe.ignore()
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      FailureReport.exit(with: error)
    }
  }
}
