package import TraceModel

/// A condition under which a run ends with status 1 although it is done: what `--fail-on` takes.
///
///     high, medium, low, info      a finding of that severity or a higher one
///     data-loss>1%                 more than that share of spans quarantined, or any bytes unreadable
///     errors>5%                    more than that share of requests failed
///     p99>2s                       an entry point whose p99 is longer
package enum FailCondition: Sendable {
  case severity(FindingSeverity)
  case dataLoss(above: Double)
  case errors(above: Double)
  case p99(above: Nanoseconds)

  /// Reads a condition; nil when it is none.
  package init?(_ text: String) {
    if let severity = FindingSeverity(rawValue: text) {
      self = .severity(severity)
      return
    }
    let parts = text.split(separator: ">", maxSplits: 1).map { String($0).filter { $0 != " " } }
    guard parts.count == 2 else { return nil }
    switch parts[0] {
    case "data-loss":
      guard let share = Self.share(parts[1]) else { return nil }
      self = .dataLoss(above: share)
    case "errors":
      guard let share = Self.share(parts[1]) else { return nil }
      self = .errors(above: share)
    case "p99":
      guard let limit = DurationParser.nanoseconds(parts[1]), limit >= .zero else { return nil }
      self = .p99(above: limit)
    default: return nil
    }
  }

  /// `5%` or `0.05`.
  private static func share(_ text: String) -> Double? {
    let isPercent = text.hasSuffix("%")
    guard let number = Double(isPercent ? String(text.dropLast()) : text), number.isFinite, number >= 0 else {
      return nil
    }
    return isPercent ? number / 100 : number
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
    }
  }

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
