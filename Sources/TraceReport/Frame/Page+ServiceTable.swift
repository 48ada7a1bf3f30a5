import TraceAnalysis
import TraceModel

/// The table of services by rate, errors and duration, and lists of traces.
extension Page {
  private static let mostServices = 200

  /// Every service, most suspect first.
  func services() {
    let ranks = Dictionary(
      conclusions.suspects.filter { $0.score > 0 }.enumerated().map { ($1.service, $0) },
      uniquingKeysWith: { first, _ in first })
    let count = conclusions.services.count
    let shown = conclusions.services.first(Self.mostServices) { left, right in
      let a = ranks[left.name] ?? .max
      let b = ranks[right.name] ?? .max
      if a != b { return a < b }
      if left.requestErrors != right.requestErrors { return left.requestErrors > right.requestErrors }
      return left.name < right.name
    }
    serviceTable(shown)
    if count > shown.count {
      note(
        "\(shown.count) of \(NumberFormat.grouped(count)) services are shown; all are in report.json."
          + (context.services.withPage.count < count
            ? " \(NumberFormat.grouped(context.services.withPage.count)) have a page: those that findings are about, then those with most spans."
            : "")
      )
    }
    element(.ul, "key") {
      leaf(.li, nil, "tick p50, dot p95, end tick p99; one logarithmic axis for all rows")
      leaf(.li, nil, "p95 line: from 0 to at least twice its median")
    }
  }

  private func serviceTable(_ services: [ServiceResult]) {
    let most = UInt64(max(services.map(\.requestCount).max() ?? 0, 1))
    let longest = services.map(\.latency.p99.rawValue).max() ?? 0
    let unit = DurationUnit.column(longest: UInt64(max(0, longest)))
    let scale = LogScale(
      covering: services.flatMap { [$0.latency.p50, $0.latency.p99] }.map { UInt64(max(0, $0.rawValue)) })
    stripTable(
      "Services: requests, errors, durations", scale: scale,
      columns: [
        .text("Service"), .number("Requests"), .picture("", class: "wide-only"), .number("Errors"),
        .number("%"), .number("p50", unit.symbol), .number("p95", unit.symbol), .number("p99", unit.symbol),
        .picture("strip", class: "wide-only"), .picture("p95 over time"), .number("of the path", "%"),
      ] + requestsInAllColumn, rows: services.count
    ) { row, index in
      let one = services[index]
      row.head { service(one.name) }
      row.count(one.requestCount)
      row.cell(class: "wide-only") { bar(UInt64(max(0, one.requestCount)), of: most) }
      row.cell(class: one.requestErrors == 0 ? "r zero" : "r") {
        errorCount(one.requestErrors, of: one.requestCount)
      }
      row.number(
        PercentFormat.digits(UInt64(max(0, one.requestErrors)), of: UInt64(max(0, one.requestCount))))
      for value in [one.latency.p50, one.latency.p95, one.latency.p99] {
        row.duration(value.rawValue, in: unit)
      }
      row.cell(class: "wide-only") { strip(one.latency, scale: scale) }
      row.cell {
        sparkline(
          one.series.map { UInt64(max(0, $0.p95.rawValue)) },
          title: "p95 of \(one.name) over the window; at most "
            + DurationFormat.text(UInt64(max(0, one.series.map(\.p95.rawValue).max() ?? 0))))
      }
      row.number(PercentFormat.digits(one.criticalPathShare))
      requestsInAllCell(one.estimated, row)
    }
    noteEstimates()
  }

  /// A table one of whose columns, titled `strip`, holds strips; its head is their axis.
  func stripTable(
    _ label: String, scale: LogScale, columns: [TableColumn], rows: Int, row: (TableRow, Int) -> Void
  ) {
    table(
      label, class: "red", id: "table-" + Slugs.word(label), columns: columns, rows: rows, axis: scale,
      row: row)
  }

  /// Why a trace has a page, in a word each: `evidence: …` and `slowest of …` need not be spelled out in every row.
  func shortReasons(_ trace: TraceSummary) -> String {
    var words: [String] = []
    for reason in trace.pageReasons {
      let word = reason.hasPrefix("evidence") ? "evidence of a finding" : String(reason.prefix { $0 != " " })
      if !words.contains(word) { words.append(word) }
    }
    return words.joined(separator: ", ")
  }

  /// Traces in a list, in the order given.
  func traceTable(_ traces: [TraceSummary], label: String, id: String? = nil) {
    let longest = UInt64(max(0, traces.map(\.duration.rawValue).max() ?? 0))
    let unit = DurationUnit.column(longest: longest)
    table(
      label, class: "traces", id: id,
      columns: [
        .text("Trace"), .text("Entry point"), .text("Start, " + stamps.zoneName),
        .number("Duration", unit.symbol),
        .picture(""), .number("Spans"), .number("Errors"), .text("What happened", isSortable: false),
      ], rows: traces.count
    ) { row, index in
      let one = traces[index]
      row.head { trace(Evidence(traceID: one.id, spanID: .absent)) }
      row.cell {
        service(one.rootService, isLinked: false)
        text(" " + one.rootOperation.cut(60))
      }
      row.cell(stamps.timeWithMilliseconds(one.start.rawValue), class: "nw")
      row.duration(one.duration.rawValue, in: unit)
      row.cell { bar(UInt64(max(0, one.duration.rawValue)), of: longest, width: 90) }
      row.count(one.spanCount)
      row.cell(class: one.errorCount == 0 ? "r zero" : "r") {
        if one.rootFailed {
          errorCount(one.errorCount, of: one.spanCount)
        } else {
          text(NumberFormat.grouped(one.errorCount))
        }
      }
      row.cell(class: "msg") {
        let reasons = shortReasons(one)
        if one.errorText.isEmpty {
          leaf(.span, "mute", reasons)
        } else {
          text(one.errorText.cut(90))
          if !reasons.isEmpty { leaf(.span, "mute", " · " + reasons) }
        }
        if !one.isComplete { leaf(.span, "mute", " · incomplete") }
      }
    }
  }
}
