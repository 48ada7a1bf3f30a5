import TraceAnalysis
import TraceModel

/// `errors.html`: what fails and why, group by group, with the way of the error and what it kept from happening.
enum ErrorsPage {
  /// Groups shown in full.
  private static let mostShown = 20
  /// Groups in the table; each of them has a place that links lead to.
  static let mostListed = 200

  static func render(_ context: ReportContext, shell: PageShell) throws -> ByteBuilder {
    let page = Page(.errors, in: context)
    let groups = context.conclusions.errorGroups
    return try page.render(title: "Errors", crumbs: [Crumb("Errors")], in: shell) {
      page.errorsVerdict()
      page.section(
        "groups", "Error groups",
        "One row for each cause, not for each symptom: origin, operation, type and message with its variable parts removed."
      ) {
        if groups.isEmpty {
          page.note("No span failed, so there is nothing to group.")
        } else {
          page.groupTable(Array(groups.prefix(mostListed)), shown: min(mostShown, groups.count))
        }
        page.note(shown: mostListed, of: groups.count)
      }
      for group in groups.prefix(mostShown) { page.groupSection(group) }
      page.notReachedOfAll()
      page.swallowed(groups)
    }
  }
}

extension Page {
  fileprivate func errorsVerdict() {
    let groups = conclusions.errorGroups
    let failures = conclusions.entryPoints.reduce(0) { $0 + $1.errors }
    let requests = conclusions.entryPoints.reduce(0) { $0 + $1.latency.count + $1.incomplete }
    let swallowed = groups.reduce(0) { $0 + $1.swallowed }
    verdict(
      errorsSentence(groups, failures: failures),
      kicker: { text("Errors") },
      lead: {
        if let first = groups.first {
          text(
            "It begins in \(first.service) · \(first.operation.cut(60))"
              + (first.peer.isEmpty ? "" : " → \(first.peer.cut(40))")
              + ", first seen \(stamps.time(first.firstSeen.rawValue)), last \(stamps.time(first.lastSeen.rawValue)). "
          )
          if let entry = first.entryPoints.first {
            text(
              "It hurts \(entry.operation.cut(60)) most: \(NumberFormat.grouped(entry.count)) of \(NumberFormat.grouped(entry.total)) traces. "
            )
          }
          anchor("Follow the error", to: .fragment(Anchor.errorGroup(first.id)))
          text(".")
        } else {
          text("No span of any trace reports an error.")
        }
      },
      numbers: [
        KeyNumber(
          "Failed requests", NumberFormat.grouped(failures),
          strong: PercentFormat.share(UInt64(max(0, failures)), of: UInt64(max(0, requests))),
          context: "of " + NumberFormat.counted(requests, "request")),
        KeyNumber(
          "Error groups", NumberFormat.grouped(groups.count),
          context: groups.first.map { "the largest began " + NumberFormat.counted($0.count, "time") } ?? ""),
        KeyNumber(
          "Swallowed", NumberFormat.grouped(swallowed), context: "errors below a parent that succeeded"),
      ])
  }

  private func errorsSentence(_ groups: [ErrorGroup], failures: Int) -> String {
    guard let first = groups.first else { return "Nothing failed." }
    let name = first.message.isEmpty ? first.type : first.message
    let quoted = name.isEmpty ? first.service + " · " + first.operation.cut(60) : "“" + name.cut(100) + "”"
    if failures > 0, first.rootFailures > 0 {
      return
        "\(quoted) is behind \(NumberFormat.grouped(first.rootFailures)) of \(NumberFormat.counted(failures, "failed request")): "
        + "it begins in \(first.blamedService.isEmpty ? first.service : first.blamedService)."
    }
    return "No request failed for it, but \(quoted) was seen \(NumberFormat.counted(first.count, "time"))."
  }

  fileprivate func groupTable(_ groups: [ErrorGroup], shown: Int) {
    table(
      "Error groups", class: "groups", id: "group-table",
      columns: [
        .text("Signature of the origin"), .number("Traces"), .number("Requests", "failed"),
        .number("Swallowed"),
        .picture("Over time, own scale"), .text("First, last"), .text("Blamed"),
      ], rows: groups.count
    ) { row, index in
      let group = groups[index]
      row.head(class: "sig") {
        element(.b) {
          if index < shown {
            anchor(groupName(group).cut(120), to: .fragment(Anchor.errorGroup(group.id)))
          } else {
            markup.leaf(.span, .id(Anchor.errorGroup(group.id)), text: groupName(group).cut(120))
          }
        }
        leaf(.span, nil, signature(group))
      }
      row.count(group.traceCount)
      row.count(group.rootFailures)
      row.count(group.swallowed)
      row.cell {
        let values = group.series.map { UInt64(max(0, max($0.errors, $0.count))) }
        if values.count > 1 {
          sparkBars(values, title: "Times seen over the window, at most \(values.max() ?? 0) in a step")
        }
      }
      row.cell(
        stamps.time(group.firstSeen.rawValue) + "–" + stamps.time(group.lastSeen.rawValue),
        class: "nw")
      row.cell { service(group.blamedService.isEmpty ? group.service : group.blamedService) }
    }
  }

  private func groupName(_ group: ErrorGroup) -> String {
    group.message.isEmpty ? (group.type.isEmpty ? "(no message)" : group.type) : group.message
  }

  private func signature(_ group: ErrorGroup) -> String {
    var parts = [group.service, group.operation.cut(60)]
    if !group.peer.isEmpty { parts[1] += " → " + group.peer.cut(40) }
    if !group.type.isEmpty, group.type != group.message { parts.append(group.type) }
    return parts.filter { !$0.isEmpty }.joined(separator: " · ")
  }

  fileprivate func groupSection(_ group: ErrorGroup) {
    section(
      Anchor.errorGroup(group.id), groupName(group).cut(120),
      lead: {
        leaf(
          .p, nil,
          "\(NumberFormat.counted(group.traceCount, "trace")), \(NumberFormat.grouped(group.rootFailures)) failed requests, "
            + "from \(stamps.time(group.firstSeen.rawValue)) to \(stamps.time(group.lastSeen.rawValue))."
        )
      }
    ) {
      if !group.exampleMessage.isEmpty, group.exampleMessage != group.message {
        element(.p) {
          text("One message as it was: ")
          leaf(.code, nil, group.exampleMessage)
        }
      }
      originLog(group)
      if !group.path.isEmpty { errorPath(group) }
      notReached(group)
      shared(group)
      affected(group)
      if !group.examples.isEmpty {
        heading("Traces")
        element(.p, "exs") { examples(group.examples, limit: 6) }
      }
    }
  }

  /// The first error that was logged where the failure began, else anywhere in an example of it.
  private func originLog(_ group: ErrorGroup) {
    guard let logs = context.correlation.logs else { return }
    for example in group.examples {
      let errors = logs[example.evidence.traceID].records.filter { $0.severity.isError }
      guard let record = errors.first(where: { $0.spanID == example.evidence.spanID }) ?? errors.first else {
        continue
      }
      element(.p) {
        text(
          "First error logged, by \(record.service.isEmpty ? "a service that is not named" : record.service): "
        )
        leaf(.code, nil, record.message.cut(500))
        text(" ")
        trace(example.evidence)
      }
      return
    }
  }

  private func notReached(_ group: ErrorGroup) {
    guard !group.notReached.isEmpty else { return }
    heading("Not reached")
    note("Expected from healthy traces of the same entry point; incomplete traces are left out.")
    notReachedTable(group.notReached, label: "Not reached by traces with " + groupName(group).cut(60))
  }

  /// What failing requests do not reach, whichever the error.
  fileprivate func notReachedOfAll() {
    guard !conclusions.notReached.isEmpty else { return }
    section(
      "not-reached", "Not reached",
      "Services that healthy traces of an entry point reach and its failing ones do not. An observation, not a cause."
    ) {
      notReachedTable(conclusions.notReached, label: "Not reached")
    }
  }

  private func notReachedTable(_ rows: [NotReached], label: String) {
    table(
      label,
      columns: [
        .text("Service"), .text("Entry point"), .number("usually reached", "%"), .number("healthy", "traces"),
        .number("expected"), .number("seen"), .text("Trace", isSortable: false),
      ], rows: min(rows.count, 60)
    ) { row, index in
      let one = rows[index]
      row.head { service(one.service) }
      row.cell(one.entryOperation.cut(60))
      row.number(PercentFormat.digits(one.usualShare))
      row.count(one.healthyCount)
      row.count(one.expectedCount)
      row.cell(class: "r") { leaf(.b, nil, NumberFormat.grouped(one.seenCount)) }
      row.cell { if let evidence = one.evidence { trace(evidence) } }
    }
    note(shown: 60, of: rows.count, isInReportJSON: false)
  }

  private func shared(_ group: ErrorGroup) {
    sharedValues(
      group.shared, of: "failing", against: "other",
      note: "Traces with this error against healthy traces of the entry point they hurt most.")
  }

  private func affected(_ group: ErrorGroup) {
    guard !group.entryPoints.isEmpty else { return }
    heading("Whom it hurts")
    table(
      "Entry points with this error",
      columns: [.text("Entry point"), .number("Traces with it"), .number("of all", "%")],
      rows: min(group.entryPoints.count, 30)
    ) { row, index in
      let one = group.entryPoints[index]
      row.head {
        swatch(one.service)
        text(one.service + " " + one.operation.cut(80))
      }
      row.count(one.count)
      row.number(PercentFormat.digits(UInt64(max(0, one.count)), of: UInt64(max(0, one.total))))
    }
  }

  fileprivate func swallowed(_ groups: [ErrorGroup]) {
    let swallowed = groups.filter { $0.swallowed > 0 }
    guard !swallowed.isEmpty else { return }
    section(
      "swallowed", "Swallowed errors",
      "Failed below a parent that succeeded: a fallback or a retry. Somebody may have waited for it."
    ) {
      table(
        "Swallowed errors",
        columns: [
          .text("Seen in"), .text("Failed operation"), .text("Error"), .number("Traces"),
          .text("Example", isSortable: false),
        ],
        rows: min(swallowed.count, 50)
      ) { row, index in
        let group = swallowed[index]
        row.head { service(group.service) }
        row.cell(group.operation.cut(60) + (group.peer.isEmpty ? "" : " → " + group.peer.cut(40)))
        row.cell(groupName(group).cut(80), class: "msg")
        row.count(group.swallowed)
        row.cell { if let example = group.examples.first { trace(example.evidence) } }
      }
    }
  }
}
