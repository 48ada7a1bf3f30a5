import TraceModel

extension Concluder {
  /// What stands out, by severity, then score, then id.
  func findings(_ conclusions: Conclusions) -> [Finding] {
    var findings = bottlenecks(conclusions)
    findings += errorOrigins(conclusions)
    findings += swallowedErrors(conclusions)
    findings += missingCalls(conclusions)
    findings += attributeSkews(conclusions)
    findings += patternFindings(conclusions)
    findings += slowInstances()
    findings += queueWaits(conclusions)
    findings += incompleteTraces(conclusions)
    findings += AuditFindings.findings(about: conclusions.quality.audits, in: conclusions)
    findings += conclusions.arrived.findings
    if let comparison = conclusions.comparison {
      findings = findings.map { against(comparison, $0) }
      findings += changes(comparison, conclusions)
    }
    return findings.sorted(by: Finding.isOrdered)
  }

  static func finding(_ kind: String, _ subject: String...) -> Finding {
    var finding = Finding()
    finding.kind = kind
    var hash = StableHash()
    hash.add(kind)
    for text in subject { hash.add(text) }
    finding.id = "\(kind)-\(hash.digits(12))"
    return finding
  }
}

extension Finding {
  /// By severity, then score, then id.
  package static func isOrdered(_ left: Finding, _ right: Finding) -> Bool {
    if left.severity != right.severity { return left.severity < right.severity }
    return left.score != right.score ? left.score > right.score : left.id < right.id
  }
}
