import ArgumentParser
import SpanArchive
import TraceAnalysis
import TraceModel
import TraceReport

/// `tracebook simulate`: what sampling policies would keep, cost and lose.
struct SimulateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate",
    abstract: "Replay sampling policies: what they keep, cost and lose.",
    discussion: """
      A policy is a piece of OpenTelemetry Collector configuration with a tail_sampling or a probabilistic_sampler \
      section, as it stands in your collector, or a client library's sampler by trace id. Several are compared.

        tracebook simulate archives/ --policy today.yaml --policy proposal.yaml -o sampling.html
        tracebook simulate archives/ --policy collector.yaml --decisions
        tracebook simulate archives/ --sampler go:0.1 --sampler java:0.1 --decisions
      """)

  @OptionGroup var input: InputOptions
  @OptionGroup var assembly: AssemblyArguments

  @OptionGroup var sampling: SamplingArguments

  @Flag(help: "Print a line of JSON for each trace and policy: what was decided, and by which rule.")
  var decisions = false

  @Option(help: "text (tables) or json.")
  var format: SimulateFormat = .text

  @Option(
    name: [.short, .customLong("output")],
    help: ArgumentHelp("The page to write: one HTML file with tables and pictures.", valueName: "file"))
  var output: String?

  @Option(help: "What the page is about, for its title.")
  var title: String?

  enum SimulateFormat: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
  }

  func validate() throws {
    if sampling.isEmpty {
      throw ValidationError("name what to replay: --policy FILE or --sampler NAME:RATIO")
    }
  }

  func run() throws {
    let policies = try sampling.policies()
    let log = input.stageLog()
    let store = try log.stage("read") { try input.read() }
    let rules = try assembly.options()
    let walk = log.stage("group") { TraceWalk(store, options: rules, threads: input.threadCount) }
    let simulation = log.stage("assemble and ask") { SimulationInput(walk, policies: policies) }
    if decisions {
      var standard = StandardOutput()
      try log.stage("replay") { try DecisionLines(simulation).write { try standard.write($0) } }
      try standard.flush()
    } else {
      let result = log.stage("replay and estimate") { Simulator(simulation).run(threads: input.threadCount) }
      try print(conclusions(result, simulation, store))
    }
    let status = store.status
    // Leaving at once saves giving back memory piece by piece.
    withExtendedLifetime((store, walk, simulation)) { FailureReport.exit(status) }
  }

  private func conclusions(
    _ result: SimulationResult, _ simulation: SimulationInput, _ store: SpanStore
  ) -> Conclusions {
    var conclusions = Conclusions()
    conclusions.window = simulation.window
    conclusions.input.spansAccepted = simulation.totals.spans + simulation.totals.fusedSpans
    conclusions.input.duplicateSpans = simulation.totals.duplicateSpans
    conclusions.input.spansFused = simulation.totals.fusedSpans
    conclusions.input.traces = simulation.totals.traces
    conclusions.input.completeTraces = simulation.completeTraces
    conclusions.input.complete(with: store.archives, simulation.totals)
    conclusions.simulation = result
    conclusions.storage = StorageMeasure(store)
    return conclusions
  }

  private func print(_ conclusions: Conclusions) throws {
    if let output {
      do {
        try FilePublisher.publish(try SamplingPage.single(conclusions, options: options), to: output)
      } catch let error as ReportError {
        throw CommandFailure(status: .failed, message: error.description)
      }
      // With a page asked for, only a format that was named is printed besides.
      if format == .text { return }
    }
    var standard = StandardOutput()
    try standard.write(
      format == .json ? SimulationJSON.document(conclusions) : SimulationTable.document(conclusions))
    try standard.flush()
  }

  private var options: ReportOptions {
    var options = ReportOptions()
    options.version = ProgramVersion.text
    options.command = (["tracebook simulate"] + input.archives + sampling.words).joined(separator: " ")
    options.title = title ?? "Tracebook"
    options.rules = ["clock skew: \(assembly.skew.rawValue)"]
    return options
  }
}
