import TraceAnalysis
import TraceModel

/// Entry points, services and links, then and now.
extension Page {
  private static let mostRows = 100

  /// The part of the overview that leads to the comparison: entry points that changed most.
  func againstBaseline() {
    guard let comparison = conclusions.comparison else { return }
    let changed = comparison.entryPoints.filter {
      $0.direction != .unchanged || $0.failsMore || $0.presence != .both
    }
    let count = conclusions.findings.filter { $0.isChange }.count
    section(
      "baseline", "Against the baseline",
      lead: {
        element(.p) {
          text(
            "\(NumberFormat.counted(comparison.currentRequests, "request")) now, "
              + "\(NumberFormat.grouped(comparison.baselineRequests)) in the baseline. ")
          anchor("\(NumberFormat.counted(count, "change"))", to: link("compare.html", fragment: "changes"))
          text(" that \(count == 1 ? "is" : "are") more than chance.")
        }
      }
    ) {
      if changed.isEmpty {
        note("Every entry point is as fast as before, and fails as often.")
      } else {
        entryPointsThenAndNow(Array(changed.prefix(8)), id: "baseline-entries")
      }
    }
  }

  func changedEntryPoints(_ comparison: ComparisonResult) {
    let changes = comparison.entryPoints.prefix(Self.mostRows)
    section(
      "entry-points", "Entry points",
      "Where requests enter, largest change of total time first; before and now."
    ) {
      guard !changes.isEmpty else { return note("Neither side holds requests.") }
      entryPointsThenAndNow(Array(changes), id: "changed-entries")
      note(shown: changes.count, of: comparison.entryPoints.count)
    }
  }

  private func entryPointsThenAndNow(_ changes: [EntryPointChange], id: String) {
    let lengths = changes.flatMap { [$0.before.p50, $0.before.p95, $0.after.p50, $0.after.p95] }
      .map { UInt64(max(0, $0.rawValue)) }
    let unit = DurationUnit.column(longest: lengths.max() ?? 0)
    let scale = LogScale(covering: lengths)
    table(
      "Entry points then and now", id: id,
      columns: [
        .text("Entry point"), .text("Change"), .number("Requests", "before"), .number("now"),
        .number("p50", unit.symbol + " before"), .number("now"), .number("p95", unit.symbol + " before"),
        .number("now"), .number("Failed", "% before"), .number("now"),
        .picture("strip", class: "wide-only"),
      ], rows: changes.count, axis: scale
    ) { row, index in
      let one = changes[index]
      row.head {
        swatch(one.service)
        text(one.service + " ")
        if let entry = conclusions.entryPoints.prefix(LatencyPage.mostListed).first(where: {
          $0.service == one.service && $0.operation == one.operation
        }) {
          anchor(one.operation.cut(70), to: link("latency.html", fragment: Anchor.entryPoint(entry.slug)))
        } else {
          text(one.operation.cut(70))
        }
      }
      row.cell { changeWord(one.presence, one.direction, failsMore: one.failsMore) }
      row.count(one.before.count)
      row.count(one.after.count)
      row.duration(one.before.p50.rawValue, in: unit)
      row.duration(one.after.p50.rawValue, in: unit)
      row.duration(one.before.p95.rawValue, in: unit)
      row.duration(one.after.p95.rawValue, in: unit)
      failedShare(row, one.errorsBefore, one.before.count)
      failedShare(row, one.errorsAfter, one.after.count)
      row.cell(class: "wide-only") { stripThenAndNow(one.before, one.after, scale: scale) }
    }
    stripKey()
  }

  private func failedShare(_ row: TableRow, _ errors: Int, _ count: Int) {
    row.number(PercentFormat.digits(UInt64(max(0, errors)), of: UInt64(max(0, count))))
  }

  func durationsThenAndNow(_ change: EntryPointChange, _ place: Int) {
    section(
      "durations-\(place + 1)", change.operation.isEmpty ? "(no name)" : change.operation.cut(80),
      lead: {
        element(.p) {
          service(change.service)
          text(
            ": median \(DurationFormat.text(change.after.p50)), before \(DurationFormat.text(change.before.p50))."
          )
        }
      }
    ) { overlay(change) }
  }

  func changedServices(_ comparison: ComparisonResult) {
    let changes = comparison.services.prefix(Self.mostRows)
    section(
      "services", "Services",
      "Own time with the gaps of calls to it, against baseline requests that touch the same services; most suspect "
        + "first."
    ) {
      guard !changes.isEmpty else { return note("There is nothing to compare.") }
      let unit = DurationUnit.column(
        longest: UInt64(
          max(0, changes.flatMap { [$0.perCallBefore, $0.perCallAfter] }.map(\.rawValue).max() ?? 0)))
      let added = DurationUnit.column(longest: changes.map(\.excess.rawValue.magnitude).max() ?? 0)
      let scale = DivergingScale(changes.map(\.excess.rawValue))
      table(
        "Services then and now", class: "dvg", id: "changed-services",
        columns: [
          .text("Service"), .text("Change"), .number("a span", unit.symbol + " before"), .number("now"),
          .number("Spans", "before"), .number("now"), .number("adds", added.symbol + " a request"),
          .number("z"), .picture("", class: "bars"),
        ], rows: changes.count
      ) { row, index in
        let one = changes[index]
        row.head { service(one.service) }
        row.cell { changeWord(.both, one.isSignificant ? .slower : .unchanged, failsMore: one.errorZ > 4) }
        row.duration(one.perCallBefore.rawValue, in: unit)
        row.duration(one.perCallAfter.rawValue, in: unit)
        row.count(one.spansBefore)
        row.count(one.spansAfter)
        row.number(DurationFormat.signedFigure(one.excess.rawValue, in: added))
        row.number(Self.decimal(one.z))
        row.cell(class: "bars") { addedBar(one, scale: scale) }
      }
      note(
        "z: the added time over what chance gives; from 4 on it is announced when it is large and most requests show it."
      )
    }
  }

  private static func decimal(_ value: Double) -> String {
    let tenths = (min(abs(value), 1e9) * 10).rounded()
    return (value < 0 && tenths > 0 ? NumberFormat.minus : "")
      + NumberFormat.fixed(UInt64(tenths), decimals: 1)
  }

  private func addedBar(_ change: ServiceChange, scale: DivergingScale) {
    markup.element(.svg, .width("100%"), .height("14"), .role("img")) {
      markup.leaf(
        .title,
        text: "\(change.service) adds \(DurationFormat.signed(change.excess.rawValue)) to the mean request")
      let zero = scale.place(0)
      let end = scale.place(change.excess.rawValue)
      markup.rect(
        x: min(zero, end), width: max(zero, end) - min(zero, end), y: 2, height: 10,
        fill: context.palette[change.service].ink, opacity: change.isSignificant ? nil : ".45")
      markup.line(x1: zero, x2: zero, y1: 0, y2: 14, stroke: .strongRule)
    }
  }

  func changedLinks(_ comparison: ComparisonResult) {
    let links = comparison.links.prefix(Self.mostRows)
    section(
      "links", "Edges",
      "Calls between two services that got slower, faster or fail more, and edges that only one side has."
    ) {
      guard !links.isEmpty else { return note("Every edge is as it was.") }
      let unit = DurationUnit.column(
        longest: UInt64(
          max(0, links.flatMap { [$0.before.latency.p95, $0.after.latency.p95] }.map(\.rawValue).max() ?? 0)))
      table(
        "Edges then and now", id: "changed-links",
        columns: [
          .text("Caller"), .text("Callee"), .text("Change"), .number("Calls", "before"), .number("now"),
          .number("p50", unit.symbol + " before"), .number("now"), .number("p95", unit.symbol + " before"),
          .number("now"), .number("Failed", "% before"), .number("now"),
        ], rows: links.count
      ) { row, index in
        let one = links[index]
        row.head { service(one.parent) }
        row.cell { service(one.child) }
        row.cell { changeWord(one.presence, one.direction, failsMore: one.failsMore) }
        row.count(one.before.calls)
        row.count(one.after.calls)
        row.duration(one.before.latency.p50.rawValue, in: unit)
        row.duration(one.after.latency.p50.rawValue, in: unit)
        row.duration(one.before.latency.p95.rawValue, in: unit)
        row.duration(one.after.latency.p95.rawValue, in: unit)
        failedShare(row, one.before.errors, one.before.calls)
        failedShare(row, one.after.errors, one.after.calls)
      }
      note(shown: links.count, of: comparison.links.count)
    }
  }
}
