import TraceAnalysis
import TraceModel

/// What instrumentation should do otherwise.
extension Page {
  private static var mostAudits: Int { 400 }
  private static var mostSubjects: Int { 4 }

  func audit() {
    let audits = conclusions.quality.audits
    section(
      "audit", "Instrumentation audit",
      lead: {
        leaf(.p, nil, "One row a check and service: how often, examples, and what to change.")
        leaf(.p, nil, sampleSentence())
      }
    ) {
      if audits.isEmpty {
        note("No check found anything to change.")
        return
      }
      table(
        "Instrumentation audit", id: "audit-table",
        columns: [
          .text("Severity"), .text("What"), .text("Service"), .number("Found"), .number("of"),
          .number("", "%"),
          .text("Where, and what to write instead", isSortable: false), .text("What to change"),
          .text("Example", isSortable: false),
        ], rows: min(audits.count, Self.mostAudits)
      ) { row, index in auditRow(audits[index], row) }
      note(shown: Self.mostAudits, of: audits.count, "rows")
      rules(of: audits)
    }
  }

  private func sampleSentence() -> String {
    let sample = conclusions.quality.sample
    if sample.spans == 0 { return "Attributes were not looked at." }
    if sample.isEverything {
      return "Attributes of all \(NumberFormat.counted(sample.spans, "span")) were looked at."
    }
    return "Names, kinds, limits and resources: all spans. Attributes and scopes (marked “sample”): "
      + "\(NumberFormat.counted(sample.spans, "span")) of \(NumberFormat.counted(sample.traces, "trace")), those with a "
      + "page and the slowest of each frequent operation."
  }

  private func auditRow(_ audit: AuditResult, _ row: TableRow) {
    row.head { severity(audit.check.severity) }
    row.cell {
      text(audit.check.title)
      if audit.isSampled && !conclusions.quality.sample.isEverything { leaf(.p, "note", "sample") }
    }
    row.cell { if audit.check == .duplicate { text("all") } else { service(audit.service) } }
    row.count(audit.count)
    row.count(audit.total)
    row.number(PercentFormat.digits(UInt64(max(0, audit.count)), of: UInt64(max(0, audit.total))))
    row.cell(class: "msg") { subjects(of: audit) }
    row.cell(audit.check.remedy, class: "msg")
    row.cell { if let evidence = audit.evidence { trace(evidence) } }
  }

  private func subjects(of audit: AuditResult) {
    for subject in audit.subjects.prefix(Self.mostSubjects) {
      element(.p) {
        leaf(.span, "mono", subject.text.isEmpty ? "(no name)" : subject.text.cut(120))
        if !subject.advice.isEmpty { text(" → " + subject.advice.cut(120)) }
        if subject.count > 0 { text(" (" + NumberFormat.grouped(subject.count) + ")") }
      }
    }
    let more = audit.subjects.count - Self.mostSubjects
    if more > 0 { leaf(.p, "note", "and \(more) more in report.json") }
  }

  /// When each check that found something reports.
  private func rules(of audits: [AuditResult]) {
    let found = Set(audits.map(\.check))
    let checks = AuditCheck.allCases.filter { found.contains($0) }
    element(.details, "twin") {
      leaf(.summary, nil, "When a check reports")
      table(
        "Rules of the audit", columns: [.text("Check"), .text("What"), .text("Reported when")],
        rows: checks.count
      ) { row, index in
        row.head { leaf(.span, "mono", checks[index].rawValue) }
        row.cell(checks[index].title)
        row.cell(checks[index].rule)
      }
    }
  }

  /// Automatic against manual instrumentation, by service.
  func instrumentation() {
    let rows = conclusions.quality.instrumentation
    guard !rows.isEmpty else { return }
    section(
      "instrumentation", "What makes the spans",
      "Libraries and agents against spans written by hand, by the names of instrumentation scopes; of the spans "
        + "looked at. Clean: no check of single spans found anything."
    ) {
      table(
        "Instrumentation by service", id: "instrumentation-table",
        columns: [
          .text("Service"), .number("Spans", "looked at"), .number("Clean", "%"), .number("Automatic", "%"),
          .number("By hand", "%"), .number("Not said", "%"), .text("Scopes", isSortable: false),
          .text("SDK and distribution", isSortable: false),
        ], rows: min(rows.count, 500)
      ) { row, index in
        let one = rows[index]
        let all = UInt64(max(0, one.sampledSpans))
        let manual = one.sampledSpans - one.automaticSpans - one.unnamedSpans
        row.head { service(one.service) }
        row.count(one.sampledSpans)
        for part in [one.cleanSpans, one.automaticSpans, manual, one.unnamedSpans] {
          row.number(PercentFormat.digits(UInt64(max(0, part)), of: all))
        }
        row.cell(class: "msg") { scopes(of: one) }
        row.cell(class: "msg") {
          let kits = one.kits + one.distributions
          for kit in kits.prefix(4) { leaf(.p, nil, kit.cut(80)) }
          if kits.isEmpty { leaf(.span, "mute", "not said") }
          if kits.count > 4 { leaf(.p, "note", "and \(kits.count - 4) more") }
        }
      }
      note(shown: 500, of: rows.count, "services")
    }
  }

  private func scopes(of one: ServiceInstrumentation) {
    for scope in one.scopes.prefix(4) where !scope.name.isEmpty {
      element(.p) {
        leaf(.span, "mono", scope.name.cut(80))
        let version = scope.version.isEmpty ? "" : " " + scope.version.cut(20)
        text(
          "\(version) (\(NumberFormat.grouped(scope.count)), \(scope.isAutomatic ? "automatic" : "by hand"))")
      }
    }
    if one.scopes.count > 4 { leaf(.p, "note", "and \(one.scopes.count - 4) more in report.json") }
  }
}
