import TraceModel

extension Concluder {
  /// Values that failing or slow requests share, one finding a group or entry point.
  func attributeSkews(_ conclusions: Conclusions) -> [Finding] {
    var findings: [Finding] = []
    for group in conclusions.errorGroups where group.rootFailures > 0 {
      guard let value = group.shared.first, value.isSignificant else { continue }
      var finding = Self.finding("attribute-skew", group.id, value.service, value.key, value.value)
      let words = group.message.isEmpty ? Words.name(group.type, "the failure") : Words.quote(group.message)
      finding.title = "\(words) happens with \(Words.value(value))"
      finding.entryService = group.entryPoints.first?.service ?? ""
      finding.entryOperation = group.entryPoints.first?.operation ?? ""
      finding.evidence = group.examples.map(\.evidence)
      finding.page = "errors.html#error-\(group.id)"
      describe(value, "failed traces", "healthy ones", &finding)
      findings.append(finding)
    }
    for entry in conclusions.entryPoints {
      guard let value = entry.slowShared.first, value.isSignificant else { continue }
      var finding = Self.finding(
        "attribute-skew", entry.service, entry.operation, value.service, value.key, value.value)
      let title = Words.entryPoint(entry.service, entry.operation, sharing: conclusions.sharedOperations)
      finding.title = "slow requests of \(title) have \(Words.value(value))"
      finding.entryService = entry.service
      finding.entryOperation = entry.operation
      finding.evidence = entry.examples.filter { $0.reason == "slowest" }.prefix(2).map(\.evidence)
      finding.page = "latency.html#\(entry.slug)"
      describe(value, "slow requests", "typical ones", &finding)
      findings.append(finding)
    }
    return findings
  }

  private func describe(_ value: SharedValue, _ these: String, _ others: String, _ finding: inout Finding) {
    let share = Self.share(value.count, of: value.total)
    let otherShare = Self.share(value.otherCount, of: value.otherTotal)
    finding.severity = share - otherShare >= 0.25 ? .medium : .low
    finding.score = share - otherShare
    finding.service = value.service
    finding.proof = [
      "\(Words.count(value.count)) of \(Words.count(value.total)) \(these) carry it, "
        + "\(Words.count(value.otherCount)) of \(Words.count(value.otherTotal)) \(others) "
        + "(\(Words.percent(share)) against \(Words.percent(otherShare)))."
    ]
    if !value.alike.isEmpty {
      finding.proof.append("The same traces share \(Words.list(value.alike.map { Words.name($0) })).")
    }
    finding.nextStep = "See what is different there: release, host, customer or input."
    finding.rule = "share against the others by Fisher's exact test, at most 1 % of such findings by chance"
  }
}
