import TraceAnalysis
import TraceModel

/// `traces/ID.html`: one trace, from the answer down to every attribute.
enum TracePage {
  /// Rows beyond these are left out and counted; a row with its panel takes about 2 KB.
  private static let mostRows = 2_000

  /// - `download`: the name of the file with the original spans beside the page, and its size in bytes.
  static func render(
    _ trace: Trace, store: SpanStore, context: ReportContext, shell: PageShell,
    download: (name: String, bytes: Int)? = nil
  ) throws -> ByteBuilder {
    let page = Page(.trace, in: context)
    var view = TraceView(trace, store: store, palette: context.palette)
    if let logs = context.correlation.logs { view.logs = PlacedLogs(logs[trace.id], in: view) }
    let selection = SpanSelection(trace, limit: mostRows)
    let story = TraceStory(view, context: context)
    let title = view.operation(of: trace.primaryRoot).cut(80) + ", trace " + ReportContext.shortID(trace.id)
    return try page.render(
      title: title,
      crumbs: [
        Crumb("Traces", page.link("search.html")), Crumb(ReportContext.shortID(trace.id), isCode: true),
      ], in: shell
    ) {
      page.traceVerdict(view, story, download: download)
      page.timeByService(view)
      page.section(
        "waterfall", "Waterfall", waterfallLead(trace, selection), isWide: true
      ) {
        page.waterfallKey(hasLogs: !view.logs.entries.isEmpty)
        Waterfall(view, selection: selection, opened: story.shownSpan, page: page).write()
      }
      page.traceLogs(view, selection)
      page.traceMetrics(view, selection)
      page.traceWarnings(view)
      page.traceAgainstTypical(view)
      page.traceGraph(view)
      page.resources(view)
      page.spanTable(view, selection)
    }
  }

  private static func waterfallLead(_ trace: Trace, _ selection: SpanSelection) -> String {
    let lead = "Follow a name to open a span; its address can be pasted into a ticket. Triangles fold."
    guard selection.shownCount < trace.spans.count else { return lead }
    return
      "\(NumberFormat.grouped(selection.shownCount)) of \(NumberFormat.grouped(trace.spans.count)) spans are "
      + "shown: the critical path, failures and the longest, each with all above it. " + lead
  }
}

extension Page {
  fileprivate func traceVerdict(_ view: TraceView, _ story: TraceStory, download: (name: String, bytes: Int)?)
  {
    let trace = view.trace
    verdict(
      story.sentence,
      kicker: {
        text(
          "Trace of \(view.operation(of: trace.primaryRoot).cut(120)), \(view.serviceName(of: trace.primaryRoot)) · "
            + "\(stamps.longDate(trace.start.rawValue)), \(stamps.timeWithMilliseconds(trace.start.rawValue)) \(stamps.zoneName)"
        )
      },
      lead: { text(story.lead) },
      extra: {
        traceIDs(view, download: download)
        externalLinks(view)
      }, numbers: story.numbers)
  }

  private func traceIDs(_ view: TraceView, download: (name: String, bytes: Int)?) {
    let trace = view.trace
    element(.p, "ids") {
      fact("trace ", trace.id.description, isCode: true)
      fact("", NumberFormat.grouped(trace.spans.count), trace.spans.count == 1 ? " span" : " spans")
      let services = Set(trace.spans.map(\.service)).count
      fact("", NumberFormat.grouped(services), services == 1 ? " service" : " services")
      fact("depth ", NumberFormat.grouped(trace.depth))
      let errors = trace.errorCount
      fact("", NumberFormat.grouped(errors), errors == 1 ? " error" : " errors")
      if view.logs.count > 0 {
        fact("", NumberFormat.grouped(view.logs.count), view.logs.count == 1 ? " log record" : " log records")
      }
      if !trace.isComplete { fact("incomplete: ", incompleteness(trace)) }
      if let download {
        text(" ")
        element(.span) {
          anchor("Original spans, OTLP JSON, gzip", to: link("traces/" + download.name))
          text(", " + ByteCountFormat.text(UInt64(max(0, download.bytes))))
        }
      }
    }
  }

  private func incompleteness(_ trace: Trace) -> String {
    if trace.roots.count > 1 { return NumberFormat.counted(trace.roots.count, "root") }
    return trace.hasTrueRoot ? "spans cut or refused" : "the root’s parent is absent"
  }

  private func fact(_ before: String, _ strong: String, _ after: String = "", isCode: Bool = false) {
    text(" ")
    element(.span) {
      text(before)
      leaf(.b, isCode ? "mono" : nil, strong)
      text(after)
    }
  }

  fileprivate func waterfallKey(hasLogs: Bool) {
    element(.ul, "key") {
      markup.fragment(
        """
        <li><svg width="30" height="12" aria-hidden="true"><rect y="1" width="30" height="10" class="f-mute" \
        fill="#5e5f59" fill-opacity=".22"/><rect y="1" width="30" height="2" class="f-mute" fill="#5e5f59"/>\
        <rect y="1" width="9" height="10" class="f-mute" fill="#5e5f59"/></svg>span in its service’s colour; \
        solid: self time</li><li><svg width="22" height="12" aria-hidden="true"><rect y="5" width="22" \
        height="2.5" class="f-ink" fill="#1b1c1a"/></svg>critical path</li>
        """)
      element(.li) {
        mark(.error, .bad)
        text(" error began here")
      }
      markup.fragment(
        """
        <li><svg class="mk c-bad" color="#b3261e" width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">\
        <use href="#m-passed"/></svg> error passed through</li><li><svg class="mk c-ink" color="#1b1c1a" \
        width="12" height="12" viewBox="0 0 12 12" aria-hidden="true"><use href="#m-event"/></svg> event</li>
        """)
      if hasLogs {
        markup.fragment(
          """
          <li><svg width="12" height="12" aria-hidden="true"><rect x="5" y="1" width="2" height="9" class="f-ink" \
          fill="#1b1c1a"/></svg> log record</li>
          """)
      }
    }
  }
}
