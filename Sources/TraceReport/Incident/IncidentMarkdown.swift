import TraceAnalysis
import TraceModel

/// The text of an incident for a ticket: the page in words.
enum IncidentMarkdown {
  private static let mostTraces = 20
  private static let mostRows = 20

  static func document(_ incident: Incident) -> [UInt8] {
    let page = ReportContext(
      conclusions: incident.conclusions, tracesWithPage: [], options: incident.options, isSinglePage: true)
    let views = incident.traces.prefix(mostTraces).map { trace in
      var view = TraceView(trace, store: incident.store, palette: page.palette)
      if let logs = incident.logs { view.logs = PlacedLogs(logs[trace.id], in: view) }
      return view
    }
    let stories = views.map { TraceStory($0, context: page) }
    var lines: [String] = []
    lines.append(
      "# "
        + escaped(stories.first?.sentence ?? "None of the traces that were asked for is in these archives."))
    lines.append("")
    if let lead = stories.first?.lead, !lead.isEmpty { lines += [escaped(lead), ""] }
    lines +=
      groups(incident) + traces(incident, stories) + timeline(views, StampFormat(incident.conclusions.zone))
      + leftOut(incident)
    return Array((lines.joined(separator: "\n") + "\n").utf8)
  }

  private static func escaped(_ text: String) -> String { SummaryMarkdown.escaped(text) }

  private static func groups(_ incident: Incident) -> [String] {
    let groups = incident.conclusions.errorGroups
    guard !groups.isEmpty else { return ["Nothing failed.", ""] }
    var lines = ["## What failed", ""]
    for group in groups.prefix(6) {
      let blamed = group.blamedService.isEmpty ? group.service : group.blamedService
      var line = "- **\(escaped(IncidentPage.name(of: group)))**, \(escaped(blamed)): "
      line += "\(NumberFormat.counted(group.traceCount, "trace")) here"
      if let all = incident.groupCounts[group.id] {
        line += ", \(NumberFormat.counted(all.traces, "trace")) in all archives"
      }
      let missing = group.notReached.map(\.service)
      if !missing.isEmpty { line += "; not reached: " + escaped(missing.joined(separator: ", ")) }
      lines.append(line)
      if let record = IncidentPage.firstLog(of: group, in: incident.logs) {
        lines.append("  log of \(escaped(record.service)): \(escaped(record.message))")
      }
    }
    return lines + [""]
  }

  private static func traces(_ incident: Incident, _ stories: [TraceStory]) -> [String] {
    guard !incident.traces.isEmpty else { return [] }
    let stamps = StampFormat(incident.conclusions.zone)
    var lines = [
      "## Traces", "", "| trace | start | length | spans | errors | |", "|---|---|--:|--:|--:|---|",
    ]
    for (trace, story) in zip(incident.traces, stories) {
      lines.append(
        "| \(trace.id) | \(stamps.iso(trace.start.rawValue)) "
          + "| \(DurationFormat.text(UInt64(max(0, trace.duration.rawValue)))) "
          + "| \(NumberFormat.grouped(trace.spans.count)) | \(NumberFormat.grouped(trace.errorCount)) "
          + "| \(escaped(story.sentence)) |")
    }
    return lines + [""]
  }

  private static func timeline(_ views: [TraceView], _ stamps: StampFormat) -> [String] {
    let timeline = IncidentTimeline(views, limit: mostRows)
    guard !timeline.rows.isEmpty else { return [] }
    var lines = ["## Timeline (\(stamps.zoneName))", ""]
    for row in timeline.rows {
      lines.append(
        "- \(stamps.timeWithMilliseconds(row.time.rawValue)) \(escaped(row.service)) \(row.what): \(escaped(row.text))"
      )
    }
    let more = timeline.total - timeline.rows.count
    if more > 0 { lines.append("- and \(NumberFormat.grouped(more)) more") }
    return lines + [""]
  }

  private static func leftOut(_ incident: Incident) -> [String] {
    var lines: [String] = []
    if !incident.absent.isEmpty {
      lines.append(
        "Not in the archives: " + incident.absent.prefix(20).map(\.description).joined(separator: ", "))
    }
    let more = incident.traces.count - min(incident.traces.count, mostTraces) + incident.omittedTraces
    if more > 0 { lines.append("\(NumberFormat.counted(more, "further trace")) left out here.") }
    if !incident.redaction.isEmpty { lines.append(incident.redaction) }
    return lines
  }
}
