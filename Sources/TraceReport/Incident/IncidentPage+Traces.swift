import TraceAnalysis
import TraceModel

/// The error groups and the traces of an incident.
extension IncidentPage {
  func groups() {
    let groups = incident.conclusions.errorGroups
    page.section("errors", "What failed", "Failures by where they began, in the traces of this file.") {
      if groups.isEmpty { return page.note("No span of these traces reports an error.") }
      for group in groups.prefix(6) {
        page.heading(Self.name(of: group).cut(160))
        page.element(.p) {
          page.text("Began in ")
          page.service(group.service)
          page.text(" · " + (group.operation.isEmpty ? "(no name)" : group.operation.cut(80)))
          if !group.blamedService.isEmpty, group.blamedService != group.service {
            page.text("; to blame is ")
            page.service(group.blamedService)
          }
          page.text(". " + counts(of: group))
          if !group.consequence.isEmpty { page.text(" What came of it: " + group.consequence.cut(200) + ".") }
        }
        firstLog(of: group)
        if !group.path.isEmpty { page.errorPath(group) }
        let missing = group.notReached.map(\.service)
        if !missing.isEmpty { page.note("Not reached: " + missing.joined(separator: ", ") + ".") }
      }
      if groups.count > 6 { page.note("6 of \(groups.count) groups are shown.") }
    }
  }

  static func name(of group: ErrorGroup) -> String {
    let message = group.exampleMessage.isEmpty ? group.message : group.exampleMessage
    return message.isEmpty ? (group.type.isEmpty ? "(no message)" : group.type) : message
  }

  /// Here and in all archives.
  func counts(of group: ErrorGroup) -> String {
    var text = "Here in \(NumberFormat.counted(group.traceCount, "trace"))"
    if let all = incident.groupCounts[group.id] {
      text +=
        ", in all archives \(NumberFormat.counted(all.count, "time")) in \(NumberFormat.counted(all.traces, "trace"))"
    }
    return text + "."
  }

  private func firstLog(of group: ErrorGroup) {
    guard let record = Self.firstLog(of: group, in: incident.logs) else { return }
    page.element(.p) {
      page.text(
        "First error logged, by \(record.service.isEmpty ? "a service that is not named" : record.service): ")
      page.leaf(.code, nil, record.message.cut(500))
    }
  }

  static func firstLog(of group: ErrorGroup, in logs: CorrelatedLogs?) -> LogRecord? {
    guard let logs else { return nil }
    for example in group.examples {
      let errors = logs[example.evidence.traceID].records.filter { $0.severity.isError }
      if let record = errors.first(where: { $0.spanID == example.evidence.spanID }) ?? errors.first {
        return record
      }
    }
    return nil
  }

  /// One trace: what there is to say, its waterfall, its logs.
  func trace(_ number: Int, _ story: TraceStory) {
    let view = views[number]
    let isHealthy = number >= givenViews.count
    let selection = SpanSelection(view.trace, limit: budget.rows)
    let id = view.trace.id
    page.section(
      view.prefix + "trace",
      isHealthy ? "A healthy one beside it" : "Trace \(ReportContext.shortID(id))", isWide: true,
      lead: {
        page.leaf(
          .p, nil,
          isHealthy ? "A typical request of the same entry point: what should happen." : story.sentence)
        page.element(.p) {
          page.leaf(.span, "mono", id.description)
          page.text(
            " · \(page.stamps.longDate(view.trace.start.rawValue)), "
              + "\(page.stamps.timeWithMilliseconds(view.trace.start.rawValue)) \(page.stamps.zoneName) · "
              + "\(DurationFormat.text(UInt64(max(0, view.trace.duration.rawValue)))) · "
              + NumberFormat.counted(view.trace.spans.count, "span"))
        }
        page.externalLinks(view)
        if selection.shownCount < view.trace.spans.count {
          page.leaf(
            .p, nil,
            "\(NumberFormat.grouped(selection.shownCount)) spans are shown: the critical path, failures and the longest."
          )
        }
      }
    ) {
      page.markup.element(.div, .id(view.prefix + "waterfall")) {
        Waterfall(view, selection: selection, opened: isHealthy ? nil : story.shownSpan, page: page).write()
      }
    }
    page.traceLogs(view, selection)
    page.traceMetrics(view, selection)
    page.resources(view)
  }
}
