import TraceAnalysis
import TraceModel

/// `search.html`: the listed traces, as a plain table that the script can search.
enum SearchPage {
  /// A row takes about 700 bytes.
  private static let mostRows = 5_000

  static func render(_ context: ReportContext, shell: PageShell) throws -> ByteBuilder {
    let page = Page(.search, in: context)
    let traces = chosen(context)
    return try page.render(title: "Traces", crumbs: [Crumb("Traces")], in: shell) {
      page.searchVerdict(traces)
      page.section(
        "list", "Traces", isWide: true,
        lead: {
          page.leaf(
            .p, nil,
            "\(NumberFormat.grouped(traces.count)) of \(NumberFormat.counted(context.conclusions.traceCount, "trace")) are listed, "
              + "those with a page first. The search command finds all of them in the archives.")
        }
      ) {
        page.searchBox()
        page.searchTable(traces)
      }
    }
  }

  /// With a page first, then by duration: what is cut away is what matters least.
  private static func chosen(_ context: ReportContext) -> [TraceSummary] {
    context.conclusions.traces.first(mostRows) { left, right in
      let a = context.tracesWithPage.contains(left.id)
      let b = context.tracesWithPage.contains(right.id)
      if a != b { return a }
      return (left.duration, right.id) > (right.duration, left.id)
    }
  }
}

extension Page {
  fileprivate func searchVerdict(_ traces: [TraceSummary]) {
    let failed = traces.filter(\.rootFailed).count
    let longest = traces.max { $0.duration < $1.duration }
    verdict(
      "\(NumberFormat.counted(traces.count, "trace")) to look at, \(NumberFormat.grouped(context.tracesWithPage.count)) of them span by span.",
      kicker: { text("Traces") },
      lead: {
        text(
          "Those that findings point to, the slowest and the failing ones of each entry point, and typical ones to compare with."
        )
      },
      numbers: [
        KeyNumber(
          "Listed", NumberFormat.grouped(traces.count),
          strong: PercentFormat.share(UInt64(traces.count), of: UInt64(max(0, conclusions.traceCount))),
          context: "of all traces"),
        KeyNumber(
          "Failed requests among them", NumberFormat.grouped(failed),
          strong: PercentFormat.share(UInt64(failed), of: UInt64(traces.count)), context: "of those listed"),
        KeyNumber(
          "Longest", duration: UInt64(max(0, longest?.duration.rawValue ?? 0)),
          context: longest.map { $0.rootOperation.cut(40) } ?? ""),
      ])
  }

  /// The search needs the script, so the script shows it.
  fileprivate func searchBox() {
    markup.fragment(
      """
      <form class="find" data-table="trace-table" hidden=""><label for="q">Search</label> \
      <input id="q" type="search" autocomplete="off" spellcheck="false" \
      placeholder="service:payment status:error duration&gt;500ms !GET"/> <output></output>\
      <details class="twin"><summary>How to search</summary><p class="note">Words must all be found in a row; \
      <code>"two words"</code> stay together, <code>!word</code> must not be there. <code>service:name</code>, \
      <code>operation:text</code>, <code>id:digits</code>, <code>status:error</code> or <code>status:ok</code>, \
      <code>duration&gt;500ms</code>, <code>duration&lt;2s</code>, <code>spans&gt;100</code>, <code>errors&gt;0</code>. \
      <code>/</code> goes here, <code>Esc</code> clears. The address holds the search: it can be pasted.</p></details></form>
      """)
  }

  fileprivate func searchTable(_ traces: [TraceSummary]) {
    let longest = UInt64(max(0, traces.map(\.duration.rawValue).max() ?? 0))
    let unit = DurationUnit.column(longest: longest)
    table(
      "Listed traces", class: "traces", id: "trace-table",
      columns: [
        .text("Trace"), .text("Service"), .text("Operation"), .text("Start, " + stamps.zoneName),
        .number("Duration", unit.symbol),
        .picture("", class: "wide-only"), .number("Spans"), .number("Errors"), .text("Status"),
        .text("Services"), .text("What happened"),
      ], rows: traces.count
    ) { row, index in
      let one = traces[index]
      row.head(class: "mono") { trace(Evidence(traceID: one.id, spanID: .absent)) }
      row.cell {
        service(one.rootService, isLinked: false)
      }
      row.cell(one.rootOperation.cut(80))
      row.cell(stamps.dateTime(one.start.rawValue), class: "nw")
      row.duration(one.duration.rawValue, in: unit)
      row.cell(class: "wide-only") { bar(UInt64(max(0, one.duration.rawValue)), of: longest, width: 60) }
      row.count(one.spanCount)
      row.count(one.errorCount)
      row.status(failed: one.rootFailed)
      row.cell(one.services.joined(separator: ", ").cut(160), class: "svcs")
      row.cell(class: "msg") {
        text(one.errorText.cut(100))
        let reasons = shortReasons(one)
        if !reasons.isEmpty { leaf(.span, "mute", (one.errorText.isEmpty ? "" : " · ") + reasons) }
      }
    }
  }
}
