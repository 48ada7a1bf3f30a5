import ArgumentParser
import SpanArchive
import TraceAnalysis
import TraceModel
import TraceReport

/// `tracebook compare`: what changed between two sets of traces.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Print what changed since a baseline, most suspect service first.",
    usage: "tracebook compare --baseline <archive> ... -- <archive> ... [options]",
    discussion: """
      Each side is archives or digests, as digest and report write them; a folder that holds a report stands for its \
      digest. What got slower or faster, by entry point, service and edge, what fails anew and what is gone is told \
      only when it is more than chance; the services are ranked as suspects.

        tracebook compare --baseline last-night/ -- tonight/
        tracebook compare --baseline last-night.digest.json.gz -- tonight/ --format json
        tracebook report tonight/ --baseline last-night/ -o site        (the same with compare.html)
      """)

  @OptionGroup var input: InputOptions
  @OptionGroup var assembly: AssemblyArguments

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "What to compare with: archives or digests, every word up to the next option or --.",
      valueName: "archive"))
  var baseline: [String] = []

  @Option(help: "Which of two touching siblings counts: inclusive (both) or strict (as Jaeger UI).")
  var criticalPath: CriticalPathRule = .inclusive

  @Option(help: "text (tables) or json.")
  var format: CompareFormat = .text

  @Option(
    name: [.short, .customLong("output")],
    help: ArgumentHelp("The file to write; standard output by default.", valueName: "file"))
  var output: String?

  @OptionGroup var findings: FindingOptions

  enum CompareFormat: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
  }

  func validate() throws {
    if baseline.isEmpty, input.config == nil { throw Self.noBaseline }
  }

  private static var noBaseline: ValidationError {
    ValidationError("Missing value for '--baseline <archive> ...'")
  }

  mutating func run() throws {
    let configuration = try input.configure()
    if baseline.isEmpty { baseline = configuration.baseline }
    if baseline.isEmpty { throw Self.noBaseline }
    try compare(configuration)
  }

  private func compare(_ configuration: ReportConfiguration) throws {
    let rules = try input.rules(assembly, criticalPath: criticalPath)
    let log = input.stageLog()
    let before = try log.stage("baseline") { try ComparedInput(baseline, input.reading, rules.whole, log) }
    let after = try log.stage("read and observe") {
      try ComparedInput(input.archives, input.reading, rules, log, waits: false)
    }
    var options = ConclusionOptions()
    options.baseline = try before.digest()
    options.zone = try input.window.zone()
    options.thresholds = findings.thresholds(configuration)
    var conclusions = try after.digest().conclude(options)
    conclusions.findings.removeAll { !$0.isChange }
    conclusions.input.complete(with: after.archives)
    try write(format == .json ? ComparisonJSON.document(conclusions) : ComparisonText.document(conclusions))
    if FindingOptions.report(findings.conditions(configuration), in: conclusions) {
      throw ExitCode(ExitStatus.conditionHolds.rawValue)
    }
    for status in [before.status, after.status] where status != .done { throw ExitCode(status.rawValue) }
  }

  private func write(_ bytes: [UInt8]) throws {
    if let output {
      do {
        return try FilePublisher.publish(bytes, to: output)
      } catch let error as ReportError {
        throw CommandFailure(status: .failed, message: error.description)
      }
    }
    let standard = StandardOutput()
    try standard.write(bytes)
    try standard.flush()
  }
}
