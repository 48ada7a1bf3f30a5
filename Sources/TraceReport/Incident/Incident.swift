package import TraceAnalysis
package import TraceModel

/// What an incident file is made of: everything redacted already.
package struct Incident: Sendable {
  /// Conclusions about the given traces alone; the window, the accounting and the entry points are those of all.
  package var conclusions: Conclusions
  /// The given traces, in the order of time; all of them.
  package var traces: [Trace]
  /// A healthy trace of the first one's entry point; nil when there is none.
  package var typical: Trace?
  /// Where the traces lie.
  package var store: SpanStore
  /// Their log records; nil when no logs were given.
  package var logs: CorrelatedLogs?
  /// Exemplars of metrics that name them; nil when no metrics were given.
  package var metrics: CorrelatedMetrics?
  /// Links to other tools, made of redacted values.
  package var links: [LinkTemplate] = []
  /// The traces that were asked for and are not in the archives.
  package var absent: [TraceID] = []
  /// Traces that fit the query beyond those that are looked at.
  package var omittedTraces = 0
  /// Error groups of all archives by id: how often, and in how many traces.
  package var groupCounts: [String: (count: Int, traces: Int)] = [:]
  /// The spans of the given traces as OTLP JSON.
  package var originalSpans: [UInt8] = []
  /// How it was made.
  package var options: ReportOptions
  /// What was taken out, in words.
  package var redaction = ""

  /// Makes an incident of its parts.
  package init(conclusions: Conclusions, traces: [Trace], store: SpanStore, options: ReportOptions) {
    self.conclusions = conclusions
    self.traces = traces
    self.store = store
    self.options = options
  }
}

/// How much of an incident is shown; tried from much to little until the file is small enough.
struct IncidentBudget {
  var traces: Int
  var rows: Int
  var hasOriginalSpans: Bool

  static let steps = [
    IncidentBudget(traces: 12, rows: 400, hasOriginalSpans: true),
    IncidentBudget(traces: 8, rows: 250, hasOriginalSpans: true),
    IncidentBudget(traces: 5, rows: 150, hasOriginalSpans: true),
    IncidentBudget(traces: 3, rows: 100, hasOriginalSpans: false),
    IncidentBudget(traces: 1, rows: 60, hasOriginalSpans: false),
  ]
}

/// Makes the two files of an incident.
package enum IncidentFiles {
  /// The page: at most `largestPage` bytes, with as much as fits.
  package static func page(of incident: Incident) throws -> [UInt8] {
    let shell = PageShell(version: incident.options.version)
    let packed =
      incident.originalSpans.isEmpty ? [] : try GzipWriter.pack(incident.originalSpans, level: 9)
    var page = ByteBuilder()
    for budget in IncidentBudget.steps {
      page = try IncidentPage(incident, budget, packedSpans: packed, shell: shell).render()
      if page.count <= incident.options.largestPage { break }
    }
    return page.bytes
  }

  /// The text for a ticket.
  package static func markdown(of incident: Incident) -> [UInt8] { IncidentMarkdown.document(incident) }
}
