import ArgumentParser
import TraceAnalysis
import TraceReport

/// `tracebook plan`: capacity and cost from numbers alone.
struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Work out capacity and cost from numbers alone, step by step.",
    discussion: """
      No archive is needed. Every step is printed with its formula: spans and bytes a second, storage, money a month, \
      shards, tiers, collectors, overhead, and what is lost. Without a file it is the design challenge: a million \
      requests a second, a hundred services, seven days.

        tracebook plan
        tracebook plan --config samples/plan/design-challenge.yaml --format json
      """)

  @Option(
    help: ArgumentHelp(
      "What to plan for (YAML or JSON); what it leaves out is the design challenge's.", valueName: "file"))
  var config: String?

  @Option(help: "text (tables) or json (every step with formula and values).")
  var format: PlanFormat = .text

  enum PlanFormat: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
  }

  func run() throws {
    let configuration =
      try config.map { try ConfigurationFile.parse($0, PlanConfigurationReader.read) } ?? PlanConfiguration()
    let plan = CapacityPlan(configuration)
    let output = StandardOutput()
    try output.write(format == .json ? PlanJSON.document(plan) : PlanText.document(plan))
    try output.flush()
  }
}
