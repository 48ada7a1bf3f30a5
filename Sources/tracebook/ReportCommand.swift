import ArgumentParser
import SpanArchive
import TraceAnalysis
import TraceModel
import TraceReport

/// `tracebook report`: archives in, a static report site out.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write a report: a folder of pages that open anywhere.",
    discussion: """
      The folder is written aside and renamed, so it always holds the old report or the new one. Pages need no server, \
      no network and no JavaScript. Beside index.html lie report.json, summary.md, metrics.prom and digest.json.gz.

        tracebook report archives/ -o site
        tracebook report 'spans-*.jsonl.gz' -o site --max-traces 500 --title 'Shop, production'
        tracebook report tonight/ --baseline last-night/ -o site
        tracebook report tonight/ --history nights --keep 7d      (a report a night, and pages over all of them)
        tracebook report archives/ --policy collector.yaml -o site      (the same with sampling.html)
        tracebook report --config tracebook.yaml      (all that a cron line needs)
      """)

  @OptionGroup var input: InputOptions
  @OptionGroup var assembly: AssemblyArguments
  @OptionGroup var correlation: CorrelationOptions

  @Option(
    name: [.short, .customLong("output")],
    help: ArgumentHelp("The folder of the report: new, empty, or an older report.", valueName: "folder"))
  var output: String?

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "What to compare with: archives, digests or an older report, every word up to the next option or --.",
      valueName: "archive"))
  var baseline: [String] = []

  @OptionGroup var nights: HistoryOptions
  @OptionGroup var sampling: SamplingArguments
  @OptionGroup var declared: DeclaredSampling

  @Option(help: "Which of two touching siblings counts: inclusive (both) or strict (as Jaeger UI).")
  var criticalPath: CriticalPathRule = .inclusive

  @Option(help: ArgumentHelp("The most traces that get a page; 200 by default.", valueName: "n"))
  var maxTraces: Int?

  @OptionGroup var costs: CostOptions
  @OptionGroup var appearance: AppearanceOptions
  @OptionGroup var findings: FindingOptions

  func validate() throws {
    if let maxTraces, maxTraces < 0 {
      throw ValidationError("--max-traces \(maxTraces): a number from 0 up is needed")
    }
    if output == nil, nights.history == nil, input.config == nil {
      throw ValidationError("Missing expected argument '--output <folder>'")
    }
  }

  mutating func run() throws {
    let words = words
    let configuration = try input.configure()
    correlation.complete(with: configuration)
    sampling.complete(with: configuration)
    try nights.complete(with: configuration)
    if baseline.isEmpty { baseline = configuration.baseline }
    let output = output ?? configuration.output
    if output == nil, nights.history == nil {
      throw CommandFailure(
        status: .wrongUse, message: "no output is named, on the command line (-o) or in \(input.config ?? "")"
      )
    }
    try write(to: output, configuration, siteOptions(configuration, words))
  }

  private func write(
    to output: String?, _ configuration: ReportConfiguration, _ siteOptions: ReportOptions
  ) throws {
    // An output that cannot be written is told before hours of reading.
    try orFail { if let output { try ReportSite.check(folder: output) } }
    let history = try nights.open(beside: output, siteOptions)
    let baseline = history?.resolvingNights(baseline) ?? baseline
    let policies = try sampling.policies()
    let log = input.stageLog()
    let rules = try input.rules(assembly, criticalPath: criticalPath)
    var before =
      baseline.isEmpty
      ? nil : try log.stage("baseline") { try ComparedInput(baseline, input.reading, rules.whole, log) }
    let store = try input.read(log)
    let walk = try input.group(store, rules, log)
    var tonight = try log.stage("index") {
      try history.flatMap { try TonightsEntry($0, walk, input.window, hasBaseline: !baseline.isEmpty) }
    }
    if before == nil, let path = tonight?.baseline?.digest {
      before = try log.stage("baseline") { try ComparedInput([path], input.reading, rules.whole, log) }
    }
    let examined = try examine(walk, against: before, policies, configuration, log)
    let (conclusions, traces) = (examined.conclusions, examined.traces)
    store.leaveMemoryWithFreed()
    var correlated = try log.stage("correlate") {
      try correlation.read(of: traces.ids, in: walk, input.reading)
    }
    correlated.links = appearance.links(configuration)
    var site = ReportSite(
      conclusions: conclusions, traces: traces, store: store, options: siteOptions, correlation: correlated)
    let archive = OTLPTraceLine(store: store)
    site.packedSpans = { trace in
      try GzipWriter.packQuickly { take in
        withoutActuallyEscaping(take) { take in
          // The writer calls it on this thread only.
          nonisolated(unsafe) let take = take
          var writer = JSONWriter { take($0) }
          archive.append(trace, to: &writer)
          writer.endLine()
          take(writer.bytes)
        }
      }
    }
    try orFail {
      site.progress = log.progress
      // A night is written from the same spans afterwards.
      if tonight == nil { site.afterTraces = { store.discard() } }
      site.extraFiles = [("digest.json.gz", examined.digestFile)]
      try log.stage("render and publish") {
        let threads = input.threadCount
        // The site is published last, and only when the night could be kept.
        let keep = { try tonight?.publish(site, pages: traces, threads: threads) }
        guard let output else { return try keep() }
        try site.write(to: output, threads: threads, beforePublishing: { try keep() })
      }
    }
    let holds = FindingOptions.report(findings.conditions(configuration), in: conclusions)
    // Everything is written. Leaving at once saves giving back the rest of memory piece by piece.
    withExtendedLifetime((store, walk, conclusions, traces, site)) {
      var status = before.map { $0.status == .done ? store.status : $0.status } ?? store.status
      if status == .done { status = correlated.status }
      FailureReport.exit(holds ? .conditionHolds : status)
    }
  }

  /// What is found out about the traces of a walk, and those that get a page.
  private struct Examined {
    var conclusions: Conclusions
    var traces: ChosenTraces
    /// Makes the bytes of the digest's file.
    var digestFile: @Sendable () throws -> [UInt8]
  }

  private func examine(
    _ walk: TraceWalk, against baseline: ComparedInput?, _ policies: [SamplingPolicy],
    _ configuration: ReportConfiguration,
    _ log: StageLog
  ) throws -> Examined {
    let store = walk.store
    var totals = AssemblyTotals(archives: store.archives.count)
    // Storage is measured while there is a thread to spare, unless what else is done then takes all memory.
    let hasThreads = input.threadCount > 1 && !store.isSpilled
    let measureStorage = { @Sendable in StorageSurvey.measure(walk, threads: 1) }
    var measured: Background<StorageMeasure>?
    let digest = log.stage("assemble and observe") {
      var digest = Digest(
        observing: walk, totals: &totals, sampling: declared.declaration(configuration.sampling)
      ) {
        if hasThreads, measured == nil { measured = Background(measureStorage) }
      }
      // Nothing will be merged to it any more; both its readers below would do this otherwise.
      digest.settle()
      return digest
    }
    // Concluding does not keep all threads busy: the digest's file is made meanwhile.
    let packDigest = { @Sendable in try GzipWriter.packQuickly { digest.encode(to: $0) } }
    let packed = hasThreads ? Background(packDigest) : nil
    let packedFirst = hasThreads ? nil : try packDigest()
    var options = ConclusionOptions()
    options.maxTraces = maxTraces ?? configuration.maxTraces ?? 200
    options.baseline = try baseline?.digest()
    options.threads = input.threadCount
    options.zone = try input.window.zone()
    options.thresholds = findings.thresholds(configuration)
    var conclusions = log.stage("conclude") { digest.conclude(options) }
    conclusions.requestedWindow = try input.window.statement()
    conclusions.costs = costs.basis(configuration)
    conclusions.input.complete(with: walk.archives, totals)
    if !policies.isEmpty {
      log.stage("replay policies") { simulate(policies, walk, configuration, &conclusions) }
    }
    let traces = log.stage("assemble pages") { pages(of: conclusions, in: walk) }
    log.stage("audit") { conclusions.add(walk.audit(digest, pages: traces)) }
    conclusions.storage = try log.stage("measure storage") { try measured?.value() ?? measureStorage() }
    // Where memory is short, the digest has gone into its file by now and is let go of.
    let digestFile: @Sendable () throws -> [UInt8] =
      if let packedFirst { { packedFirst } } else { { try packed?.value() ?? packDigest() } }
    return Examined(conclusions: conclusions, traces: traces, digestFile: digestFile)
  }

  private func simulate(
    _ policies: [SamplingPolicy], _ walk: TraceWalk, _ configuration: ReportConfiguration,
    _ conclusions: inout Conclusions
  ) {
    let simulation = SimulationInput(
      walk, policies: policies, sampling: declared.declaration(configuration.sampling))
    let result = Simulator(simulation).run(threads: walk.threadCount)
    // Advice about policies is no trouble of tonight: it stands behind what is.
    let advice = result.advice.map { advice in
      var advice = advice
      advice.severity = max(advice.severity, .low)
      return advice
    }
    conclusions.findings = (conclusions.findings + advice).sorted(by: Finding.isOrdered)
    conclusions.simulation = result
  }

  /// The traces that get a page, put together again with their warnings.
  private func pages(of conclusions: Conclusions, in walk: TraceWalk) -> ChosenTraces {
    ChosenTraces(
      conclusions.traces.filter { !$0.pageReasons.isEmpty }.map(\.id), of: walk,
      room: input.reading.memory?.spansOfTrace ?? .max)
  }

  /// The command as it was given, without what may differ between equal runs.
  private var words: [String] {
    let compared = baseline.isEmpty ? [] : ["--baseline"] + baseline
    return ["tracebook report"] + input.words + compared + sampling.words + declared.words
  }

  private func siteOptions(_ configuration: ReportConfiguration, _ words: [String]) -> ReportOptions {
    var options = ReportOptions()
    options.version = ProgramVersion.text
    options.command = words.joined(separator: " ")
    if let title = appearance.title ?? configuration.title { options.title = title }
    options.colours = appearance.colours(configuration)
    options.rules = [
      "critical path: \(criticalPath.rawValue)", "clock skew: \(assembly.skew.rawValue)",
      "dependencies: tracebook",
    ]
    return options
  }

  /// Turns an error of publishing into a failure of the run.
  private func orFail<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as ReportError {
      throw CommandFailure(status: .failed, message: error.description)
    }
  }
}
