package import TraceAnalysis
import TraceModel

/// What `tracebook compare` prints for people: suspects, what changed, and then and now by entry point and service.
package enum ComparisonText {
  /// The most rows of a table.
  private static let mostRows = 20

  /// The whole text; texts from archives cannot steer the terminal.
  package static func document(_ conclusions: Conclusions) -> [UInt8] {
    guard let comparison = conclusions.comparison else { return [] }
    let stamps = StampFormat(conclusions.zone)
    var lines = [
      "Baseline  " + side(comparison.baselineWindow, comparison.baselineRequests, stamps),
      "Now       " + side(conclusions.window, comparison.currentRequests, stamps), "",
    ]
    lines += findings(conclusions.findings)
    lines += suspects(conclusions.suspects)
    lines += entryPoints(comparison.entryPoints)
    lines += services(comparison.services)
    return Array((lines.joined(separator: "\n") + "\n").utf8)
  }

  private static func side(_ window: TimeWindow, _ requests: Int, _ stamps: StampFormat) -> String {
    let stamp = requests > 0 ? stamps.window(window.start.rawValue, window.end.rawValue) + ", " : ""
    return stamp + NumberFormat.counted(requests, "request")
  }

  private static func findings(_ findings: [Finding]) -> [String] {
    if findings.isEmpty { return ["Nothing changed that is more than chance.", ""] }
    var lines = ["CHANGES"]
    for finding in findings.prefix(mostRows) {
      let severity = finding.severity == .info ? "note" : finding.severity.rawValue
      lines.append(pad(severity, 8, atEnd: true) + visible(finding.title))
      for proof in finding.proof { lines.append("        " + visible(proof)) }
    }
    if findings.count > mostRows { lines.append("        and \(findings.count - mostRows) more") }
    return lines + [""]
  }

  private static func suspects(_ suspects: [Suspect]) -> [String] {
    guard !suspects.isEmpty else { return [] }
    var lines = ["SUSPECTS"]
    for (place, suspect) in suspects.enumerated() {
      let score = NumberFormat.fixed(UInt64(min(max(suspect.score, 0), 1) * 100 + 0.5), decimals: 2)
      lines.append(pad("\(place + 1)", 3, atEnd: false) + "  " + score + "  " + visible(suspect.service))
      for reason in suspect.reasons { lines.append("           " + visible(reason)) }
    }
    return lines + [""]
  }

  private static func entryPoints(_ changes: [EntryPointChange]) -> [String] {
    guard !changes.isEmpty else { return [] }
    var lines = [row(["REQUESTS", "P50", "P95", "FAILED"], "CHANGE", "ENTRY POINT")]
    for change in changes.prefix(mostRows) {
      lines.append(
        row(
          [
            pair(NumberFormat.grouped(change.before.count), NumberFormat.grouped(change.after.count)),
            pair(DurationFormat.text(change.before.p50), DurationFormat.text(change.after.p50)),
            pair(DurationFormat.text(change.before.p95), DurationFormat.text(change.after.p95)),
            pair(
              PercentFormat.share(
                UInt64(max(change.errorsBefore, 0)), of: UInt64(max(change.before.count, 0))),
              PercentFormat.share(UInt64(max(change.errorsAfter, 0)), of: UInt64(max(change.after.count, 0)))),
          ], word(change.presence, change.direction, change.failsMore),
          visible(change.service + ": " + change.operation)))
    }
    if changes.count > mostRows { lines.append("and \(changes.count - mostRows) more") }
    return lines + [""]
  }

  private static func services(_ changes: [ServiceChange]) -> [String] {
    guard !changes.isEmpty else { return [] }
    var lines = [row(["SPANS", "TIME A SPAN", "ADDS", "Z"], "CHANGE", "SERVICE")]
    for change in changes.prefix(mostRows) {
      lines.append(
        row(
          [
            pair(NumberFormat.grouped(change.spansBefore), NumberFormat.grouped(change.spansAfter)),
            pair(DurationFormat.text(change.perCallBefore), DurationFormat.text(change.perCallAfter)),
            DurationFormat.signed(change.excess.rawValue), decimal(change.z),
          ], change.isSignificant ? "slower" : "", visible(change.service)))
    }
    if changes.count > mostRows { lines.append("and \(changes.count - mostRows) more") }
    return lines
  }

  /// What became of something, in one word.
  static func word(_ presence: ChangePresence, _ direction: ChangeDirection, _ failsMore: Bool) -> String {
    switch presence {
    case .new: return "new"
    case .gone: return "gone"
    case .both:
      let speed =
        switch direction {
        case .slower: "slower"
        case .slowerTail: "slow more often"
        case .faster: "faster"
        case .unchanged: ""
        }
      return speed + (failsMore ? (speed.isEmpty ? "" : ", ") + "fails more" : "")
    }
  }

  private static func decimal(_ value: Double) -> String {
    let tenths = (min(max(abs(value), 0), 1e9) * 10).rounded()
    return (value < 0 && tenths > 0 ? NumberFormat.minus : "")
      + NumberFormat.fixed(UInt64(tenths), decimals: 1)
  }

  private static func pair(_ before: String, _ after: String) -> String { before + " → " + after }

  private static func row(_ figures: [String], _ change: String, _ name: String) -> String {
    let columns = figures.map { pad($0, 19, atEnd: false) } + [pad(change, 16, atEnd: true), name]
    return columns.joined(separator: "  ")
  }

  private static func visible(_ text: String) -> String {
    let out = ByteBuilder()
    var text = text
    text.withUTF8 { VisibleText.append($0, to: out, in: .plain, limit: 400) }
    return String(decoding: out.bytes, as: UTF8.self)
  }

  private static func pad(_ text: String, _ width: Int, atEnd: Bool) -> String {
    let blanks = String(repeating: " ", count: max(0, width - text.count))
    return atEnd ? text + blanks : blanks + text
  }
}
