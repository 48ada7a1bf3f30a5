import TraceAnalysis
import TraceModel

/// `search.html` of a history: search over all nights by the script, and lists to read without it.
enum HistorySearchPage {
  static func render(_ view: HistoryView, shell: PageShell) throws -> ByteBuilder {
    let page = Page(.nightSearch, in: view.context)
    return try page.renderHistory(view, title: "Search", isSearch: true, in: shell) {
      page.searchVerdict(view)
      page.section("search", "Search", page.searchLead(view), isWide: true) {
        page.nightSearchBox()
        page.markup.island("nights", HistoryManifest.document(view))
      }
      page.section("lists", "By night", "Each night has a list of its own, to read and to sort.") {
        page.nightLists(view)
      }
      page.section(
        "telling", "Failing and slow", "The slowest failing and the slowest other traces of each night.",
        isWide: true
      ) { page.tellingTraces(view) }
    }
  }
}

extension Page {
  fileprivate func searchVerdict(_ view: HistoryView) {
    let searched = view.nights.reduce(0) { $0 + $1.searchedTraces }
    let all = view.nights.reduce(0) { $0 + $1.traceCount }
    markup.element(.section, .class("verdict"), .label("Verdict")) {
      leaf(
        .h1, nil,
        "\(NumberFormat.counted(searched, "trace")) of \(NumberFormat.counted(view.nights.count, "night")) can be searched."
      )
      leaf(
        .p, "stand",
        all > searched
          ? "\(NumberFormat.grouped(all)) were read; the failing ones and a sample of the rest are in the index."
          : "These are all that were read. The search command finds them in the archives, by more than is in the index."
      )
    }
  }

  fileprivate func searchLead(_ view: HistoryView) -> String {
    let keys = Set(view.nights.flatMap(\.unsearchedKeys)).sorted()
    let left =
      keys.isEmpty
      ? ""
      : " Not searchable, for too many values: \(keys.prefix(12).joined(separator: ", "))"
        + (keys.count > 12 ? " and \(keys.count - 12) more." : ".")
    return "By service, operation, error, duration, attribute, id and time; needs the script." + left
  }

  /// The search needs the script, so the script shows it.
  fileprivate func nightSearchBox() {
    markup.fragment(
      """
      <form class="find" id="night-search" hidden=""><label for="q">Search</label> \
      <input id="q" type="search" autocomplete="off" spellcheck="false" \
      placeholder="service:payment status:error duration&gt;500ms"/> <output role="status"></output>\
      <details class="twin"><summary>How to search</summary><p class="note">All terms must hold. \
      <code>service:payment</code>, <code>operation:"POST /orders"</code> and <code>status:error</code> hold for one and \
      the same operation of a trace; <code>status:ok</code> for traces whose request did not fail. \
      <code>root:gateway</code>, <code>duration&gt;500ms</code>, <code>duration&lt;=2s</code>, <code>spans&gt;100</code>, \
      <code>errors&gt;0</code>, <code>trace:4bf92f</code> (the first or last digits), <code>http.route=/orders</code> or \
      <code>http.route=/ord*</code> (an attribute of a request, a failing operation or a resource), \
      <code>night:2026-11-21</code>, <code>after:2026-11-21T02:00</code>, <code>before:2026-11-21T03:30</code> (UTC). \
      Any other word is looked for in services, operations, errors and attribute values; \
      <code>"two words"</code> stay together, <code>!term</code> must not hold. \
      Newest first. The address holds the search: it can be pasted.</p></details></form>\
      <div id="night-results"></div>
      """)
  }

  fileprivate func nightLists(_ view: HistoryView) {
    let order = Array(view.nights.indices.reversed())
    table(
      "Lists by night", class: "tight",
      columns: [
        .text("Night"), .number("Traces"), .number("Failed requests"), .text("List", isSortable: false),
      ],
      rows: order.count
    ) { row, index in
      let place = order[index]
      row.head { anchor(view.longDate(place), to: view.link(place)) }
      row.count(view.nights[place].traceCount)
      row.count(view.nights[place].failures)
      row.cell { anchor("traces of this night", to: view.link(place, "search.html")) }
    }
  }

  fileprivate func tellingTraces(_ view: HistoryView) {
    let rows = view.nights.indices.reversed().flatMap { place in view.nights[place].traces.map { (place, $0) }
    }
    let longest = UInt64(max(0, rows.map(\.1.duration.rawValue).max() ?? 0))
    let unit = DurationUnit.column(longest: longest)
    table(
      "Failing and slow traces of each night", class: "traces", id: "telling-table",
      columns: [
        .text("Night"), .text("Trace"), .text("Service"), .text("Operation"), .text("Start, UTC"),
        .number("Duration", unit.symbol), .number("Spans"), .number("Errors"), .text("Status"),
        .text("What happened"),
      ], rows: rows.count
    ) { row, index in
      let (place, one) = rows[index]
      row.cell(view.shortDate(place), class: "nw")
      row.head(class: "mono") {
        let path = "traces/\(one.id).html"
        if view.nights[place].files.contains(path) {
          anchor(ReportContext.shortID(one.id), to: view.link(place, path))
        } else {
          text(ReportContext.shortID(one.id))
        }
      }
      row.cell { service(one.service, isLinked: false) }
      row.cell(one.operation.cut(80))
      row.cell(StampFormat.utc.timeWithMilliseconds(one.start.rawValue), class: "nw")
      row.duration(one.duration.rawValue, in: unit)
      row.count(one.spanCount)
      row.count(one.errorCount)
      row.status(failed: one.rootFailed)
      row.cell(one.errorText.cut(100), class: "msg")
    }
  }
}
