import TraceAnalysis

/// Findings as readers meet them: what is claimed, what proves it, where to look.
extension Page {
  /// All findings: those of low severity fold away when there are many.
  func allFindings(_ found: [Finding]) {
    let first = max(found.filter { $0.severity < .low }.count, 6)
    let shown = found.prefix(200)
    findings(Array(shown.prefix(first)), from: 0, total: found.count)
    if shown.count > first {
      element(.details, "twin") {
        leaf(.summary, nil, "\(shown.count - first) more of low severity")
        findings(Array(shown.dropFirst(first)), from: first, total: found.count)
      }
    }
    note(shown: shown.count, of: found.count)
  }

  /// The report's findings in their order, as a list with a picture of the proof where there is one.
  private func findings(_ findings: [Finding], from start: Int, total: Int) {
    guard !findings.isEmpty else {
      note("Nothing stands out: no rule that looks for trouble found any.")
      return
    }
    element(.ol, "findings") {
      for (place, finding) in findings.enumerated() {
        let index = start + place
        let isMinor = finding.severity == .low || finding.severity == .info
        markup.element(
          .li, .class(isMinor ? "finding minor" : "finding"),
          .id("finding-" + Slugs.word(finding.id) + "-\(index + 1)")
        ) {
          element(.div) {
            severity(finding.severity)
            text(" ")
            leaf(.span, "rank", "\(index + 1) of \(NumberFormat.grouped(total))")
          }
          element(.div) { claim(finding) }
          element(.div, "pic") { if !isMinor { picture(of: finding) } }
        }
      }
    }
  }

  private func claim(_ finding: Finding) {
    element(.h3) {
      if let address = link(of: finding) { anchor(finding.title, to: address) } else { text(finding.title) }
    }
    if !finding.proof.isEmpty { leaf(.p, nil, finding.proof.joined(separator: " ")) }
    element(.p, "ev") {
      if !finding.nextStep.isEmpty { leaf(.span, nil, finding.nextStep) }
      for evidence in finding.evidence.prefix(3) {
        text(" ")
        element(.span, "nw") {
          text("trace ")
          trace(evidence)
        }
      }
      if context.isService(finding.service) {
        text(" ")
        service(finding.service)
      }
      if !finding.rule.isEmpty {
        text(" ")
        leaf(.span, nil, "rule: " + finding.rule)
      }
    }
  }

  private func picture(of finding: Finding) {
    let entry = conclusions.entryPoints.first {
      $0.service == finding.entryService && $0.operation == finding.entryOperation
    }
    let service = conclusions.services.first { $0.name == finding.service }
    guard let series = entry?.series ?? service?.series, series.count > 1 else { return }
    let subject = entry.map { $0.service + " " + $0.operation } ?? finding.service
    if finding.kind.contains("error") || finding.kind.contains("not-reached") {
      let values = series.map { UInt64(max(0, $0.errors)) }
      let peak = values.max() ?? 0
      guard peak > 0 else { return }
      sparkBars(values, title: "Failed requests of \(subject) over the window", width: 213, height: 36)
      text("failed requests; at most \(NumberFormat.grouped(peak)) in a step")
    } else {
      let values = series.map { UInt64(max(0, $0.p95.rawValue)) }
      let peak = values.max() ?? 0
      guard peak > 0 else { return }
      sparkline(values, title: "p95 of \(subject) over the window", width: 213, height: 36)
      text("p95; at most " + DurationFormat.text(peak))
    }
  }
}
