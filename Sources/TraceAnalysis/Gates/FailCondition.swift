package import TraceModel

/// A condition under which a run ends with status 1 although it is done: what `--fail-on` takes.
///
///     high, medium, low, info      a finding of that severity or a higher one
///     data-loss>1%                 more than that share of spans quarantined, or any bytes unreadable
///     errors>5%                    more than that share of requests failed
///     p99>2s                       an entry point whose p99 is longer
///     new-error                    an error group that the baseline does not have
///     regression                   something is slower or fails more than in the baseline, of medium severity or more
package enum FailCondition: Sendable {
  case severity(FindingSeverity)
  case dataLoss(above: Double)
  case errors(above: Double)
  case p99(above: Nanoseconds)
  case newError
  case regression

  /// The conditions there are, for messages.
  package static let wanted =
    "one of high, medium, low, info, data-loss>1%, errors>5%, p99>2s, new-error, regression"

  /// Reads a condition; nil when it is none.
  package init?(_ text: String) {
    if let severity = FindingSeverity(rawValue: text) {
      self = .severity(severity)
      return
    }
    if text == "new-error" || text == "regression" {
      self = text == "regression" ? .regression : .newError
      return
    }
    let parts = text.split(separator: ">", maxSplits: 1).map { String($0).filter { $0 != " " } }
    guard parts.count == 2 else { return nil }
    switch parts[0] {
    case "data-loss":
      guard let share = ShareText.read(parts[1]) else { return nil }
      self = .dataLoss(above: share)
    case "errors":
      guard let share = ShareText.read(parts[1]) else { return nil }
      self = .errors(above: share)
    case "p99":
      guard let limit = DurationParser.nanoseconds(parts[1]), limit >= .zero else { return nil }
      self = .p99(above: limit)
    default: return nil
    }
  }

  /// True when it cannot hold without a baseline.
  package var needsBaseline: Bool {
    switch self {
    case .newError, .regression: true
    case .severity, .dataLoss, .errors, .p99: false
    }
  }

  /// Why the condition holds, in one sentence; nil when it does not.
  package func reason(in conclusions: Conclusions) -> String? {
    switch self {
    case .severity(let limit):
      guard let finding = conclusions.findings.first(where: { $0.severity <= limit }) else { return nil }
      return "\(finding.severity.rawValue) finding: \(finding.title)"
    case .dataLoss(let limit): return dataLossReason(conclusions.input, limit)
    case .errors(let limit):
      let requests = conclusions.timeline.points.reduce(0) { $0 + $1.count }
      let failed = conclusions.timeline.points.reduce(0) { $0 + $1.errors }
      guard requests > 0, Double(failed) / Double(requests) > limit else { return nil }
      return "\(failed) of \(requests) requests failed"
    case .p99(let limit):
      guard let slow = conclusions.entryPoints.first(where: { $0.latency.p99 > limit }) else { return nil }
      return "p99 of \(slow.operation) (\(slow.service)) is \(slow.latency.p99.rawValue / 1_000_000) ms"
    case .newError:
      guard let new = conclusions.comparison?.errors.first(where: { $0.presence == .new && $0.after > 0 })
      else {
        return nil
      }
      let words = new.words.isEmpty ? "an error without words" : new.words
      return "new error group in \(new.service): \(words)"
    case .regression:
      let worse = conclusions.findings.first {
        $0.isChange && $0.severity <= .medium && Self.regressions.contains($0.kind)
      }
      return worse.map { "regression: \($0.title)" }
    }
  }

  /// The kinds of findings that tell of a change for the worse.
  private static let regressions: Set = [
    "latency-regression", "latency-stalls", "error-regression", "error-signature-new",
  ]

  /// Bytes that cannot be read count as more than any share: nobody knows how many spans they held.
  private func dataLossReason(_ input: InputAccounting, _ limit: Double) -> String? {
    if let damaged = input.archives.first(where: { $0.error != nil }) {
      return "\(damaged.path) could not be read whole"
    }
    guard input.spansRead > 0, Double(input.spansQuarantined) / Double(input.spansRead) > limit else {
      return nil
    }
    return "\(input.spansQuarantined) of \(input.spansRead) spans were quarantined"
  }
}
