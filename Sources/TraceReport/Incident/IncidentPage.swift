import TraceAnalysis
import TraceModel

/// One self-contained page about given traces, to be attached to a ticket.
///
/// Verdict, error groups, timeline, the traces beside a healthy one, who called whom, logs, the spans themselves,
/// and what was left out.
struct IncidentPage {
  let incident: Incident
  let budget: IncidentBudget
  let packedSpans: [UInt8]
  let shell: PageShell
  let page: Page
  let context: ReportContext
  /// The traces that are shown, the healthy one last.
  let views: [TraceView]
  private let shownCount: Int
  static let timelineRows = 80
  /// The spans are carried along up to this size, packed.
  private static let largestDownload = 1_500_000

  init(_ incident: Incident, _ budget: IncidentBudget, packedSpans: [UInt8], shell: PageShell) {
    self.incident = incident
    self.budget = budget
    self.packedSpans = packedSpans
    self.shell = shell
    let shown = incident.traces.prefix(budget.traces)
    shownCount = shown.count
    var correlation = Correlation()
    correlation.logs = incident.logs
    correlation.metrics = incident.metrics
    correlation.links = incident.links
    context = ReportContext(
      conclusions: incident.conclusions, tracesWithPage: [], options: incident.options,
      correlation: correlation, isSinglePage: true)
    page = Page(.incident, in: context)
    var views: [TraceView] = []
    let typical = incident.typical.map { [$0] } ?? []
    for (number, trace) in (shown + typical).enumerated() {
      var view = TraceView(trace, store: incident.store, palette: context.palette)
      view.prefix = "t\(number + 1)-"
      if let logs = incident.logs { view.logs = PlacedLogs(logs[trace.id], in: view) }
      page.inlineTraces[trace.id] = view.prefix
      views.append(view)
    }
    self.views = views
  }

  func render() throws -> ByteBuilder {
    let stories = views.map { TraceStory($0, context: context) }
    let title = stories.first?.sentence ?? "No trace was found"
    return try page.render(title: "Incident: " + title.cut(120), in: shell) {
      verdict(stories.first)
      groups()
      timeline()
      for number in views.indices { trace(number, stories[number]) }
      graph()
      original()
      leftOut()
    }
  }

  /// The traces of the incident that are shown.
  var givenViews: [TraceView] { Array(views.prefix(shownCount)) }

  private func verdict(_ story: TraceStory?) {
    let failed = incident.traces.filter { $0.errorCount > 0 }.count
    let first = incident.traces.map(\.start).min() ?? .unknown
    let last = incident.traces.map(\.end).max() ?? .unknown
    page.verdict(
      story?.sentence ?? "None of the traces that were asked for is in these archives.",
      kicker: {
        page.text(
          "Incident · "
            + (first == .unknown ? "" : page.stamps.window(first.rawValue, last.rawValue)))
      },
      lead: { page.text(story?.lead ?? "") }, extra: { contents() },
      numbers: [
        KeyNumber(
          "Traces", NumberFormat.grouped(incident.traces.count),
          strong: NumberFormat.grouped(failed), context: "with errors"),
        KeyNumber(
          "Error groups", NumberFormat.grouped(incident.conclusions.errorGroups.count),
          context: incident.conclusions.errorGroups.first.map {
            "first in " + ($0.blamedService.isEmpty ? $0.service : $0.blamedService)
          } ?? ""),
        KeyNumber(
          "Services", NumberFormat.grouped(Set(incident.traces.flatMap { $0.spans.map(\.service) }).count),
          context: "take part"),
      ])
  }

  /// Links to the parts of the page.
  private func contents() {
    page.element(.p, "ids") {
      var parts = [("Errors", "errors"), ("Timeline", "timeline")]
      for number in views.indices {
        let id = ReportContext.shortID(views[number].trace.id)
        parts.append((number < shownCount ? "Trace " + id : "Healthy trace " + id, "t\(number + 1)-trace"))
      }
      if !incident.conclusions.links.isEmpty { parts.append(("Who calls whom", "graph")) }
      if hasDownload { parts.append(("Spans", "spans")) }
      parts.append(("Left out", "left-out"))
      for (name, anchor) in parts {
        page.text(" ")
        page.element(.span) { page.anchor(name, to: .fragment(anchor)) }
      }
    }
  }

  private var hasDownload: Bool {
    budget.hasOriginalSpans && !packedSpans.isEmpty && packedSpans.count <= Self.largestDownload
  }

  /// What is not in this file, and what was taken out of it.
  private func leftOut() {
    var lines: [String] = []
    if !incident.absent.isEmpty {
      lines.append(
        "Not in the archives: " + incident.absent.prefix(20).map(\.description).joined(separator: ", ")
          + (incident.absent.count > 20 ? " and \(incident.absent.count - 20) more" : "") + ".")
    }
    let hidden = incident.traces.count - shownCount
    if hidden > 0 {
      lines.append(
        "\(NumberFormat.counted(hidden, "trace")) of \(incident.traces.count) without a waterfall.")
    }
    if incident.omittedTraces > 0 {
      lines.append("\(NumberFormat.counted(incident.omittedTraces, "further trace")) that fit the query.")
    }
    let cut = views.filter { SpanSelection($0.trace, limit: budget.rows).shownCount < $0.trace.spans.count }
    if !cut.isEmpty {
      lines.append(
        "Spans beyond \(budget.rows) in the waterfalls of \(NumberFormat.counted(cut.count, "trace")).")
    }
    if !packedSpans.isEmpty, !hasDownload {
      lines.append("The spans themselves, \(ByteCountFormat.text(UInt64(packedSpans.count))) packed.")
    }
    if incident.logs == nil { lines.append("Logs: none were given.") }
    page.section("left-out", "Left out", "What this file does not hold.") {
      page.element(.ul, "plain") {
        for line in lines { page.leaf(.li, nil, line) }
        if !incident.redaction.isEmpty { page.leaf(.li, nil, incident.redaction) }
      }
    }
  }

  private func timeline() {
    let timeline = IncidentTimeline(givenViews, limit: Self.timelineRows)
    page.section(
      "timeline", "Timeline",
      "Failures at the moment they ended, and warnings and errors that were logged, in \(page.stamps.zoneName)."
    ) {
      if timeline.rows.isEmpty { return page.note("Nothing failed and nothing was logged.") }
      page.table(
        "Timeline", id: "timeline-table",
        columns: [.text("Time"), .text("Trace"), .text("Service"), .text("What"), .text("Words")],
        rows: timeline.rows.count
      ) { row, index in
        let one = timeline.rows[index]
        row.head { page.leaf(.span, "nw mono", page.stamps.timeWithMilliseconds(one.time.rawValue)) }
        row.cell { page.trace(Evidence(traceID: one.trace, spanID: one.span)) }
        row.cell { if !one.service.isEmpty { page.service(one.service) } }
        row.cell(class: "nw") {
          if one.isError { page.mark(.error, .bad) }
          page.text((one.isError ? " " : "") + one.what)
        }
        row.message(one.text)
      }
      if timeline.total > timeline.rows.count {
        page.note("The first \(timeline.rows.count) of \(NumberFormat.grouped(timeline.total)).")
      }
    }
  }

  private func graph() {
    let conclusions = incident.conclusions
    let graph = ServiceGraph(links: conclusions.links, nodes: conclusions.nodes)
    guard !graph.edges.isEmpty else { return }
    let drawn = graph.nodes.count <= 24 ? graph : graph.mostTelling(nodes: 24, edges: 40)
    page.section("graph", "Who calls whom", "In the traces of this file.", isWide: true) {
      page.serviceGraph(drawn, label: "Services of the incident")
      page.twin("calls") {
        page.table(
          "Calls",
          columns: [.text("From"), .text("To"), .number("Calls"), .number("Failed"), .number("p95")],
          rows: min(conclusions.links.count, 200)
        ) { row, index in
          let link = conclusions.links[index]
          row.head { page.service(link.parent) }
          row.cell { page.service(link.child) }
          row.count(link.callCount)
          row.count(link.errorCount)
          row.number(DurationFormat.text(UInt64(max(0, link.latency.p95.rawValue))))
        }
      }
    }
  }

  private func original() {
    guard hasDownload else { return }
    page.section("spans", "The spans", "As OTLP JSON, redacted like everything here; one trace a line.") {
      page.element(.p) {
        page.markup.leaf(
          .a, .file(base64: Base64Text.encode(packedSpans)), .download("incident-spans.jsonl.gz"),
          text: "incident-spans.jsonl.gz")
        page.text(
          ", \(ByteCountFormat.text(UInt64(packedSpans.count))): "
            + NumberFormat.counted(incident.traces.reduce(0) { $0 + $1.spans.count }, "span"))
      }
    }
  }
}

/// Bytes as standard base64 (RFC 4648).
enum Base64Text {
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  static func encode(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    var place = 0
    while place < bytes.count {
      let count = min(3, bytes.count - place)
      var group = UInt32(0)
      for offset in 0..<3 { group = group << 8 | (offset < count ? UInt32(bytes[place + offset]) : 0) }
      for digit in 0..<4 {
        let value = Int(group >> UInt32(18 - 6 * digit) & 63)
        text.append(digit <= count ? alphabet[value] : UInt8(ascii: "="))
      }
      place += 3
    }
    return String(decoding: text, as: UTF8.self)
  }
}
