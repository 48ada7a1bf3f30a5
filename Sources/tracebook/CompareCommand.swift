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

  @Option(
    help: ArgumentHelp(
      "End with status 1 on a change of that severity: high, medium, low or info.", valueName: "severity"))
  var failOn: [String] = []

  enum CompareFormat: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
  }

  func validate() throws {
    if baseline.isEmpty, input.config == nil { throw Self.noBaseline }
    for text in failOn where FindingSeverity(rawValue: text) == nil {
      throw ValidationError("--fail-on \(text): one of high, medium, low, info is needed")
    }
  }

  private static var noBaseline: ValidationError {
    ValidationError("Missing value for '--baseline <archive> ...'")
  }

  mutating func run() throws {
    let configuration = try input.configure()
    if baseline.isEmpty { baseline = configuration.baseline }
    if baseline.isEmpty { throw Self.noBaseline }
    try compare()
  }

  private func compare() throws {
    let rules = try input.rules(assembly, criticalPath: criticalPath)
    let before = try ComparedInput(baseline, input.reading, rules.whole)
    let after = try ComparedInput(input.archives, input.reading, rules)
    var options = ConclusionOptions()
    options.baseline = before.digest
    options.zone = try input.window.zone()
    var conclusions = after.digest.conclude(options)
    conclusions.findings.removeAll { !$0.isChange }
    try write(format == .json ? ComparisonJSON.document(conclusions) : ComparisonText.document(conclusions))
    let reasons = failOn.compactMap { FailCondition($0)?.reason(in: conclusions) }
    for reason in reasons { FailureReport.say("tracebook: \(reason)") }
    if !reasons.isEmpty { throw ExitCode(ExitStatus.conditionHolds.rawValue) }
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
    var standard = StandardOutput()
    try standard.write(bytes)
    try standard.flush()
  }
}
