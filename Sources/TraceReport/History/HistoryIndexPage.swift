import TraceAnalysis
import TraceModel

/// The index over all nights: what is new, what goes on and what is solved; trends; links to each night.
enum HistoryIndexPage {
  static func render(_ view: HistoryView, shell: PageShell) throws -> ByteBuilder {
    let page = Page(.nights, in: view.context)
    return try page.renderHistory(view, title: "Nights", isSearch: false, in: shell) {
      page.nightsVerdict(view)
      page.section("nights", "Nights", "Newest first. Each is a report of its own.") { page.nightTable(view) }
      page.section("findings", "Findings", page.coursesLead(view)) { page.courses(view) }
      page.section("traffic", "Traffic and failures", "Requests and failed requests by night.") {
        page.nightCharts(view)
      }
      page.section(
        "services", "Services", "Each line runs from the first to the last night, on a scale of its own.",
        isWide: true
      ) { page.serviceTrends(view) }
    }
  }
}

extension Page {
  fileprivate func nightsVerdict(_ view: HistoryView) {
    let last = view.nights[view.last]
    let before = view.last > 0 ? view.nights[view.last - 1] : nil
    verdict(
      nightsSentence(view),
      kicker: { text(view.longDate(view.last)) },
      lead: {
        anchor("The last night's report", to: view.link(view.last))
        text(" has the evidence, ")
        anchor("search", to: link("search.html"))
        text(" finds traces of all nights.")
      },
      numbers: [
        KeyNumber(
          "Requests last night", NumberFormat.grouped(last.requests),
          strong: change(before?.requests, last.requests),
          context: before == nil ? "" : "against the night before"),
        KeyNumber(
          "Failed requests", NumberFormat.grouped(last.failures),
          strong: PercentFormat.share(UInt64(last.failures), of: UInt64(last.requests)),
          context: before.map {
            "; " + PercentFormat.share(UInt64($0.failures), of: UInt64($0.requests)) + " the night before"
          } ?? "of all requests"),
        KeyNumber(
          "Nights kept", NumberFormat.grouped(view.nights.count), strong: view.shortDate(0),
          context: "is the first"),
      ])
  }

  private func nightsSentence(_ view: HistoryView) -> String {
    let count = { (state: FindingCourse.State) in
      view.courses.filter { $0.state == state && $0.last >= view.last - 1 }.count
    }
    let (new, going, solved) = (count(.new), count(.continuing), count(.solved))
    let night = "The night of " + view.shortDate(view.last)
    if view.nights.count == 1 {
      return "\(night) is the first that is kept, with \(NumberFormat.counted(new, "finding"))."
    }
    let start =
      new == 0
      ? "\(night) brought nothing new"
      : "\(night) brought \(NumberFormat.grouped(new)) new \(new == 1 ? "finding" : "findings")"
    return "\(start); \(NumberFormat.grouped(going)) \(going == 1 ? "goes" : "go") on, "
      + "\(NumberFormat.grouped(solved)) \(solved == 1 ? "is" : "are") solved."
  }

  /// Growth since the night before; empty where there is none to tell.
  func change(_ old: Int?, _ new: Int) -> String {
    old.flatMap { PercentFormat.change(from: UInt64(max(0, $0)), to: UInt64(max(0, new))) } ?? ""
  }

  fileprivate func nightTable(_ view: HistoryView) {
    let order = Array(view.nights.indices.reversed())
    table(
      "Nights", class: "tight", id: "night-table",
      columns: [
        .text("Night"), .number("Requests"), .number("Failed"), .number("%"), .number("Traces"),
        .number("High"), .number("Medium"), .number("Low"), .number("New"), .number("Solved"),
        .text("Compared with"), .text("Traces", isSortable: false),
      ], rows: order.count
    ) { row, index in
      let place = order[index]
      let night = view.nights[place]
      row.head(class: "nw") { anchor(view.shortDate(place), to: view.link(place)) }
      row.count(night.requests)
      row.cell(class: night.failures == 0 ? "r zero" : "r") { errorCount(night.failures, of: night.requests) }
      row.number(PercentFormat.digits(UInt64(night.failures), of: UInt64(night.requests)))
      row.count(night.traceCount)
      for severity in [FindingSeverity.high, .medium, .low] {
        row.count(night.findings.filter { $0.severity == severity }.count)
      }
      let changes = view.changes(at: place)
      row.number(place == 0 ? "–" : NumberFormat.grouped(changes.new))
      row.number(place == 0 ? "–" : NumberFormat.grouped(changes.solved))
      row.cell(class: "nw") { comparedWith(night, place, view) }
      row.cell { anchor("list", to: view.link(place, "search.html")) }
    }
  }

  private func comparedWith(_ night: NightSummary, _ place: Int, _ view: HistoryView) {
    guard night.files.contains("compare.html") else { return text("–") }
    let other = night.baseline.flatMap { date in view.nights.firstIndex { $0.date == date } }
    let words = other.map { view.shortDate($0) } ?? night.baseline?.description ?? "a baseline"
    anchor(words, to: view.link(place, "compare.html"))
  }
}

extension HistoryView {
  /// How many findings a night had that the one before had not, and the other way round.
  func changes(at place: Int) -> (new: Int, solved: Int) {
    guard place > 0 else { return (0, 0) }
    var changes = (new: 0, solved: 0)
    for course in courses {
      let (before, now) = (course.severities[place - 1], course.severities[place])
      if before == nil, now != nil { changes.new += 1 }
      if before != nil, now == nil { changes.solved += 1 }
    }
    return changes
  }
}
