import TraceModel

/// Announces what audits found, where it makes the rest of the report doubtful or should not be mailed.
///
/// One finding a check, over all services; the quality page has the rows.
enum AuditFindings {
  /// A check is announced when it holds for this share of what a service has, and for so many of them.
  private static let leastShare = 0.01
  private static let leastCount = 3

  static func findings(about audits: [AuditResult], in conclusions: Conclusions) -> [Finding] {
    AuditCheck.allCases.compactMap { check in
      guard check.severity < .info else { return nil }
      let rows = audits.filter { $0.check == check && isAnnounced($0) }
      return rows.isEmpty ? nil : finding(about: check, rows)
    }
  }

  private static func isAnnounced(_ row: AuditResult) -> Bool {
    if row.check == .propagation || row.check == .sensitive { return true }
    return row.count >= leastCount && Double(row.count) >= leastShare * Double(row.total)
  }

  private static func finding(about check: AuditCheck, _ rows: [AuditResult]) -> Finding {
    var finding = Concluder.finding(check.rawValue)
    let worst = rows.sorted { $0.count != $1.count ? $0.count > $1.count : $0.service < $1.service }
    let isWide = check.severity == .medium && share(worst[0]) >= 0.05 && !isMild(worst)
    finding.severity = isWide ? .medium : .low
    finding.title =
      check == .duplicate
      ? check.title : "\(check.title): \(Words.list(worst.map { Words.name($0.service) }))"
    finding.proof = worst.prefix(3).map { row in
      let subject = row.subjects.first { !$0.text.isEmpty }.map { ", such as \(Words.quote($0.text))" } ?? ""
      let place = check == .duplicate ? "all services" : Words.name(row.service)
      return "\(place): \(Words.count(row.count)) of \(Words.count(row.total, check.unit))"
        + (row.isSampled ? " looked at" : "") + subject + "."
    }
    finding.nextStep = check.remedy
    finding.rule = check.rule
    finding.service = worst[0].service
    finding.score = min(share(worst[0]), 1) * 0.5
    finding.evidence = worst.compactMap(\.evidence)
    finding.page = "quality.html#audit"
    return finding
  }

  /// Literals in SQL are worth a word, not an alarm.
  private static func isMild(_ rows: [AuditResult]) -> Bool {
    rows[0].check == .sensitive
      && rows.allSatisfy { $0.subjects.allSatisfy { $0.advice == SensitiveData.Sign.literal.rawValue } }
  }

  private static func share(_ row: AuditResult) -> Double { Concluder.share(row.count, of: row.total) }
}

extension AuditResult {
  /// By severity, check, service, then what was looked at.
  static func isOrdered(_ left: AuditResult, _ right: AuditResult) -> Bool {
    if left.check.severity != right.check.severity { return left.check.severity < right.check.severity }
    if left.check != right.check { return left.check.rank < right.check.rank }
    if left.service != right.service { return left.service < right.service }
    return !left.isSampled && right.isSampled
  }
}

extension AuditCheck {
  /// Its place in the order in which checks are shown.
  fileprivate var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
