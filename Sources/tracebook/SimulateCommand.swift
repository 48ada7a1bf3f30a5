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
        tracebook simulate archives/ --budget 50/s                      (recommends a policy)
        tracebook simulate archives/ --policy keep.yaml --write kept/   (thins archives out)
        tracebook simulate archives/ --sampler go:0.1 --sampler java:0.1 --decisions
      """)

  @OptionGroup var input: InputOptions
  @OptionGroup var assembly: AssemblyArguments

  @OptionGroup var costs: CostOptions
  @OptionGroup var sampling: SamplingArguments

  @Flag(help: "Print a line of JSON for each trace and policy: what was decided, and by which rule.")
  var decisions = false

  @Option(help: "text (tables) or json.")
  var format: SimulateFormat = .text

  @Option(
    name: [.short, .customLong("output")],
    help: ArgumentHelp("The page to write: one HTML file with tables and pictures.", valueName: "file"))
  var output: String?

  @Option(
    help: ArgumentHelp(
      "Look for a policy that fits: 50/s (traces a second) or 200/month (money in an index).",
      valueName: "budget"))
  var budget: String?

  @OptionGroup var declared: DeclaredSampling

  @Option(
    help: ArgumentHelp(
      "Write the traces that the first policy keeps (with --budget the recommended one) as new archives into a new or "
        + "empty folder.", valueName: "folder"))
  var write: String?

  @Option(help: "What the page is about, for its title.")
  var title: String?

  enum SimulateFormat: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
  }

  func validate() throws {
    if sampling.isEmpty, budget == nil, input.config == nil { throw Self.nothingToReplay }
    if let budget, SamplingBudget(budget) == nil {
      throw ValidationError(
        "--budget \(budget): traces a second (50/s) or money a month (200/month) are needed")
    }
  }

  private static var nothingToReplay: ValidationError {
    ValidationError("name what to replay: --policy FILE, --sampler NAME:RATIO or --budget BUDGET")
  }

  mutating func run() throws {
    let configuration = try input.configure()
    sampling.complete(with: configuration)
    if sampling.isEmpty, budget == nil { throw Self.nothingToReplay }
    try replay(declared.declaration(configuration.sampling), costs.basis(configuration))
  }

  private func replay(_ declaration: SamplingDeclaration, _ basis: CostBasis) throws {
    var policies = try sampling.policies()
    if let write { try Self.orFail { try NewFolder.check(write) } }
    let log = input.stageLog()
    let store = try input.read(log)
    let rules = try input.rules(assembly)
    let walk = try input.group(store, rules, log)
    let recommendation = log.stage("recommend") { recommend(walk, declaration, basis) }
    if let recommendation { policies.insert(recommendation.policy, at: 0) }
    let simulation = log.stage("assemble and ask") {
      SimulationInput(walk, policies: policies, sampling: declaration)
    }
    if decisions {
      let standard = StandardOutput()
      try log.stage("replay") { try DecisionLines(simulation).write { try standard.write($0) } }
      try standard.flush()
    } else {
      var result = log.stage("replay and estimate") { Simulator(simulation).run(threads: walk.threadCount) }
      result.recommendation = recommendation
      try print(conclusions(result, simulation, walk, basis))
    }
    if let write { try log.stage("write") { try thin(simulation, walk, to: write) } }
    let status = store.status
    // Leaving at once saves giving back memory piece by piece.
    withExtendedLifetime((store, walk, simulation)) { FailureReport.exit(status) }
  }

  /// Three walks instead of one, for who asks for a recommendation: durations, then what each set of rules keeps.
  private func recommend(
    _ walk: TraceWalk, _ declaration: SamplingDeclaration, _ basis: CostBasis
  ) -> PolicyRecommendation? {
    guard let budget = budget.flatMap(SamplingBudget.init) else { return nil }
    let survey = SimulationInput(
      walk, policies: [], sampling: declaration, areEstimated: false)
    let asked = SimulationInput(
      walk, policies: PolicyRecommender.candidates(survey), sampling: declaration,
      areEstimated: false)
    let recommender = PolicyRecommender(
      asked, budget: budget, packedRatio: StorageMeasure(walk).packedRatio,
      seconds: Simulator(survey).seconds, basis: basis)
    return recommender.recommend()
  }

  private func thin(_ simulation: SimulationInput, _ walk: TraceWalk, to folder: String) throws {
    let thinning = PolicyThinning(simulation, policy: 0)
    let files = try ThinnedArchives.write(thinning, of: walk, to: folder)
    if !input.quiet {
      FailureReport.say(
        "tracebook: \(thinning.kept.count) of \(walk.traceCount) traces written to \(files) files in \(folder)"
      )
    }
  }

  private static func orFail<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as ReportError {
      throw CommandFailure(status: .failed, message: error.description)
    }
  }

  private func conclusions(
    _ result: SimulationResult, _ simulation: SimulationInput, _ walk: TraceWalk, _ basis: CostBasis
  ) throws -> Conclusions {
    var conclusions = Conclusions()
    conclusions.zone = try input.window.zone()
    conclusions.costs = basis
    conclusions.requestedWindow = try input.window.statement()
    conclusions.window = simulation.window
    conclusions.input.spansAccepted = simulation.totals.spans + simulation.totals.fusedSpans
    conclusions.input.duplicateSpans = simulation.totals.duplicateSpans
    conclusions.input.spansFused = simulation.totals.fusedSpans
    conclusions.input.traces = simulation.totals.traces
    conclusions.input.completeTraces = simulation.completeTraces
    conclusions.input.complete(with: walk.archives, simulation.totals)
    conclusions.arrived = result.arrived
    conclusions.simulation = result
    conclusions.storage = StorageSurvey.measure(walk, threads: input.threadCount)
    return conclusions
  }

  private func print(_ conclusions: Conclusions) throws {
    if let output {
      try Self.orFail {
        try FilePublisher.publish(try SamplingPage.single(conclusions, options: options), to: output)
      }
      // With a page asked for, only a format that was named is printed besides.
      if format == .text { return }
    }
    let standard = StandardOutput()
    try standard.write(
      format == .json ? SimulationJSON.document(conclusions) : SimulationTable.document(conclusions))
    try standard.flush()
  }

  private var budgetWords: [String] {
    (budget.map { ["--budget", $0] } ?? []) + declared.words
  }

  private var options: ReportOptions {
    var options = ReportOptions()
    options.version = ProgramVersion.text
    options.command = (["tracebook simulate"] + input.words + sampling.words + budgetWords).joined(
      separator: " ")
    options.title = title ?? "Tracebook"
    options.rules = ["clock skew: \(assembly.skew.rawValue)"]
    return options
  }
}
