import ArgumentParser
import TraceAnalysis
import TraceReport

/// What counts as severe, and when a run ends with status 1; common to `report` and `compare`.
struct FindingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "End with status 1 when this holds: high, medium, low or info (a finding of that severity or above), data-loss>1%, "
        + "errors>5%, p99>2s, and beside a baseline new-error or regression; may be repeated.",
      valueName: "condition"))
  var failOn: [String] = []

  @Option(
    help: ArgumentHelp(
      "From which share on findings are severe: high-requests=5%, medium-requests=1% (of requests that fail), "
        + "high-latency=25%, medium-latency=10% (of an entry point's time), bottleneck=40% (of its critical path); may be "
        + "repeated.", valueName: "name=share"))
  var threshold: [String] = []

  func validate() throws {
    for text in failOn where FailCondition(text) == nil {
      throw ValidationError("--fail-on \(text): \(FailCondition.wanted) is needed")
    }
    var thresholds = FindingThresholds()
    for text in threshold where !thresholds.set(text) {
      throw ValidationError("--threshold \(text): \(FindingThresholds.wanted)")
    }
  }

  /// The conditions of the command line, else those of the file.
  func conditions(_ configuration: ReportConfiguration) -> [FailCondition] {
    failOn.isEmpty ? configuration.failOn : failOn.compactMap(FailCondition.init)
  }

  /// The thresholds of the file, with those of the command line in place of some.
  func thresholds(_ configuration: ReportConfiguration) -> FindingThresholds {
    var thresholds = configuration.thresholds
    for text in threshold { _ = thresholds.set(text) }
    return thresholds
  }

  /// Says which conditions hold; true when one does.
  static func report(_ conditions: [FailCondition], in conclusions: Conclusions) -> Bool {
    if conclusions.comparison == nil, conditions.contains(where: \.needsBaseline) {
      FailureReport.say(
        "tracebook: new-error and regression cannot hold: there is no baseline; name one (--baseline)")
    }
    let reasons = conditions.compactMap { $0.reason(in: conclusions) }
    for reason in reasons { FailureReport.say("tracebook: \(reason)") }
    return !reasons.isEmpty
  }
}
