import TraceAnalysis
import TraceModel

/// `compare.html`: what changed since the baseline, and who is to be suspected.
enum ComparePage {
  /// Entry points whose durations are drawn.
  private static let mostDrawn = 6

  static func render(
    _ comparison: ComparisonResult, context: ReportContext, shell: PageShell
  ) throws -> ByteBuilder {
    let page = Page(.compare, in: context)
    let findings = context.conclusions.findings.filter(\.isChange)
    return try page.render(title: "Compare", crumbs: [Crumb("Compare")], in: shell) {
      page.compareVerdict(comparison, findings)
      page.section(
        "changes", "Changes",
        "Told only when it is more than chance, large enough to matter, and seen often enough."
      ) {
        if findings.isEmpty {
          page.note("Nothing changed that is more than chance.")
        } else {
          page.allFindings(findings)
        }
      }
      page.suspects()
      page.changedEntryPoints(comparison)
      for (place, change) in drawn(comparison).enumerated() { page.durationsThenAndNow(change, place) }
      page.changedServices(comparison)
      page.changedLinks(comparison)
      page.changedErrors(comparison)
      page.changedCalls(comparison)
    }
  }

  /// Those that changed, then the busiest ones when there is room.
  private static func drawn(_ comparison: ComparisonResult) -> [EntryPointChange] {
    let both = comparison.entryPoints.filter { $0.presence == .both }
    let changed = both.filter { $0.direction != .unchanged }.prefix(mostDrawn)
    if !changed.isEmpty { return Array(changed) }
    return Array(both.sorted { $0.after.count > $1.after.count }.prefix(1))
  }
}

extension Page {
  fileprivate func compareVerdict(_ comparison: ComparisonResult, _ findings: [Finding]) {
    let top = findings.first { $0.severity != .info }
    let window = comparison.baselineWindow
    verdict(
      compareSentence(comparison, top),
      kicker: {
        if let top {
          severity(top.severity)
          text(" ")
        }
        text("Against ")
        if comparison.baselineRequests > 0 {
          text(stamps.window(window.start.rawValue, window.end.rawValue))
        } else {
          text("an empty baseline")
        }
      },
      lead: {
        text(
          top?.proof.joined(separator: " ")
            ?? "Durations are compared by rank, failures and slow requests by their share; what lies within chance "
            + "is listed below, but not announced.")
      },
      numbers: compareNumbers(comparison))
  }

  private func compareSentence(_ comparison: ComparisonResult, _ top: Finding?) -> String {
    if let top { return top.title.hasSuffix(".") ? top.title : top.title + "." }
    if comparison.baselineRequests == 0 { return "The baseline holds no requests to compare with." }
    if comparison.currentRequests == 0 { return "There are no requests to compare." }
    return "Nothing changed that is more than chance: "
      + "\(NumberFormat.counted(comparison.currentRequests, "request")) against "
      + "\(NumberFormat.grouped(comparison.baselineRequests))."
  }

  private func compareNumbers(_ comparison: ComparisonResult) -> [KeyNumber] {
    let before = Totals(comparison.entryPoints, isNew: false)
    let after = Totals(comparison.entryPoints, isNew: true)
    return [
      KeyNumber(
        "Mean request", duration: after.mean,
        strong: PercentFormat.change(from: before.mean, to: after.mean) ?? "",
        context: "; before " + DurationFormat.text(before.mean)),
      KeyNumber(
        "Failed requests", NumberFormat.grouped(after.errors),
        strong: PercentFormat.share(UInt64(max(after.errors, 0)), of: UInt64(max(after.count, 0))),
        context: "; before "
          + PercentFormat.share(UInt64(max(before.errors, 0)), of: UInt64(max(before.count, 0)))),
      KeyNumber(
        "Requests", NumberFormat.grouped(after.count),
        context: "before " + NumberFormat.grouped(before.count)),
    ]
  }

  /// Sums over all entry points of one side.
  private struct Totals {
    var count = 0
    var errors = 0
    var sum: UInt64 = 0

    init(_ changes: [EntryPointChange], isNew: Bool) {
      for change in changes {
        let side = isNew ? change.after : change.before
        count += side.count
        errors += isNew ? change.errorsAfter : change.errorsBefore
        sum = sum.addingReportingOverflow(UInt64(max(side.sum.rawValue, 0))).partialValue
      }
    }

    var mean: UInt64 { sum / UInt64(max(count, 1)) }
  }

  /// One word for what became of something, marked when it is for the worse or the better.
  func changeWord(_ presence: ChangePresence, _ direction: ChangeDirection, failsMore: Bool) {
    let word = ComparisonText.word(presence, direction, failsMore)
    guard !word.isEmpty else { return leaf(.span, "mute nw", "within chance") }
    element(.span, "nw") {
      if presence == .both {
        mark(
          direction == .faster && !failsMore ? .down : .up, direction == .faster && !failsMore ? .good : .bad)
        text(" ")
      }
      text(word)
    }
  }

  func changedErrors(_ comparison: ComparisonResult) {
    let shown = comparison.errors.prefix(60)
    section("errors", "Errors", "Signatures that are new, gone, or clearly more frequent.") {
      guard !shown.isEmpty else { return note("No signature of an error came or went.") }
      table(
        "Error signatures then and now", id: "changed-errors",
        columns: [
          .text("Signature"), .text("Blamed"), .number("before"), .number("now"),
          .number("Requests", "failed now"),
          .text("Change"),
        ], rows: shown.count
      ) { row, index in
        let one = shown[index]
        row.head(class: "msg") {
          let words = one.words.isEmpty ? one.service + " · " + one.operation : one.words
          let isListed = conclusions.errorGroups.prefix(ErrorsPage.mostListed).contains { $0.id == one.id }
          if isListed {
            anchor(words.cut(120), to: link("errors.html", fragment: Anchor.errorGroup(one.id)))
          } else {
            text(words.cut(120))
          }
        }
        row.cell { service(one.blamedService.isEmpty ? one.service : one.blamedService) }
        row.count(one.before)
        row.count(one.after)
        row.count(one.rootFailures)
        row.cell(one.presence == .both ? "more frequent" : one.presence.rawValue)
      }
      note(shown: shown.count, of: comparison.errors.count)
    }
  }

  func changedCalls(_ comparison: ComparisonResult) {
    let shown = comparison.calls.prefix(60)
    section(
      "calls", "Calls",
      "Calls per healthy parent against the baseline. An observation: other traffic and broken instrumentation look "
        + "the same."
    ) {
      guard !shown.isEmpty else { return note("Every operation calls what it called before.") }
      table(
        "Calls then and now", id: "changed-calls",
        columns: [
          .text("Caller"), .text("Operation"), .text("Callee"), .text("Operation"), .number("expected"),
          .number("seen"), .text("Change"),
        ], rows: shown.count
      ) { row, index in
        let one = shown[index]
        row.head { service(one.parentService) }
        row.cell(one.parentOperation.cut(60))
        row.cell { service(one.childService) }
        row.cell(one.childOperation.cut(60))
        row.count(one.expected)
        row.count(one.seen)
        row.cell(one.presence == .new ? "new" : one.seen == 0 ? "gone" : "fewer")
      }
      note(shown: shown.count, of: comparison.calls.count)
    }
  }
}
