import ArgumentParser

@main
struct Tracebook: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tracebook",
    abstract: "Analyses archives of distributed traces and writes reports that open anywhere.")
}
