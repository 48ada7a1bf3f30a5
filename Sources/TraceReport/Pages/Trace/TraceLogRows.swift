import TraceAnalysis
import TraceModel

extension SpanDetail {
  private static let mostLogs = 100

  /// The log records written in a span.
  func logs(of place: Int, _ span: TraceSpan) {
    let numbers = view.logs.entries(of: place)
    guard !numbers.isEmpty else { return }
    let out = page.markup.output
    out.append(
      "<h4 class=\"evs\">Logs</h4><table class=\"tle\" aria-label=\"Logs\"><thead><tr><th scope=\"col\" class=\"r\">"
    )
    page.markup.text(view.unit.symbol)
    out.append(
      "</th><th scope=\"col\" class=\"r\">in span</th><th scope=\"col\">Level</th><th scope=\"col\">Message</th>"
        + "<th scope=\"col\">Fields</th></tr></thead><tbody>")
    for number in numbers.prefix(Self.mostLogs) { row(view.logs.entries[number], span) }
    out.append("</tbody></table>")
    if numbers.contains(where: { view.logs.entries[$0].isGuessed }) {
      page.note("Records marked * name no span: they are placed by time and service.")
    }
    page.note(shown: Self.mostLogs, of: numbers.count, "log records", isInReportJSON: false)
  }

  private func row(_ entry: PlacedLogs.Entry, _ span: TraceSpan) {
    let out = page.markup.output
    out.append("<tr><td class=\"r\">")
    page.markup.text(DurationFormat.figure(view.offset(entry.time), in: view.unit))
    out.append("</td><td class=\"r\">")
    page.markup.text(DurationFormat.signedFigure((entry.time - span.start).rawValue, in: view.unit))
    out.append("</td><td>")
    page.logLevel(entry)
    out.append("</td><td>")
    page.markup.text(entry.record.message)
    out.append("</td><td class=\"ea\">")
    for (index, field) in entry.record.fields.enumerated() {
      if index > 0 { out.append("<br/>") }
      out.append("<span class=\"mute\">")
      page.markup.text(field.key)
      out.append("</span> ")
      page.markup.text(field.value)
    }
    out.append("</td></tr>")
  }
}

extension Page {
  /// The word of a severity, marked when it is an error, with a star when the span was guessed.
  func logLevel(_ entry: PlacedLogs.Entry) {
    let severity = entry.record.severity
    let word = (severity.name.isEmpty ? "–" : severity.name) + (entry.isGuessed ? " *" : "")
    guard severity.isError else { return text(word) }
    element(.span, "nw c-bad") {
      mark(.error, .bad)
      text(" " + word)
    }
  }

  /// All log records of a trace, by time, each with the way to its span.
  func traceLogs(_ view: TraceView, _ selection: SpanSelection) {
    let entries = view.logs.entries
    guard !entries.isEmpty else { return }
    section(
      view.prefix + "logs", view.prefix.isEmpty ? "Logs" : "Its logs",
      lead: {
        leaf(.p, nil, logsLead(view))
      }
    ) {
      table(
        "Log records of this trace", id: view.prefix + "log-table",
        columns: [
          .number("at", view.unit.symbol), .text("Level"), .text("Service"), .text("Span"), .text("Message"),
        ], rows: entries.count
      ) { row, index in
        let entry = entries[index]
        let offset = view.offset(entry.time)
        row.number(DurationFormat.figure(offset, in: view.unit), key: offset)
        row.cell(class: "nw") { logLevel(entry) }
        row.cell { if !entry.record.service.isEmpty { service(entry.record.service) } }
        row.cell(class: "msg") { logSpan(entry, view, selection) }
        row.message(entry.record.message)
      }
    }
  }

  private func logsLead(_ view: TraceView) -> String {
    let shown = view.logs.entries.count
    var lead = "What was logged while it ran, on the clock of the waterfall."
    if shown < view.logs.count {
      lead +=
        " \(NumberFormat.grouped(shown)) of \(NumberFormat.grouped(view.logs.count)) are kept, errors first."
    }
    if view.logs.entries.contains(where: \.isGuessed) {
      lead += " Records marked * name no span: they are placed by time and service."
    }
    return lead
  }

  private func logSpan(_ entry: PlacedLogs.Entry, _ view: TraceView, _ selection: SpanSelection) {
    guard let place = entry.place else {
      text(entry.record.spanID.isAbsent ? "on no span" : "span \(entry.record.spanID), not in the archives")
      return
    }
    let operation = view.operation(of: place)
    let name = operation.isEmpty ? "(no name)" : operation.cut(80)
    if selection.shows(place) {
      anchor(name, to: .fragment(view.anchor(of: place)))
    } else {
      text(name)
    }
  }
}
