package import TraceModel

/// What a night leaves for the pages over all nights: small, and independent of the run.
///
/// It lies in the night's folder as `night.json`, and proves that the folder is one: nothing without it is ever
/// listed, replaced or removed. Written from `Conclusions`; read back by `init(decoding:)`, which trusts nothing.
package struct NightSummary: Sendable, Equatable {
  /// The version of the form it is written in.
  package static let schemaVersion = 1

  /// The day that names it.
  package var date: NightDate
  /// Least start to greatest end of its spans.
  package var window = TimeWindow()
  /// Its traces.
  package var traceCount = 0
  /// Its accepted spans.
  package var spanCount = 0
  /// Root requests.
  package var requests = 0
  /// Those of them that failed.
  package var failures = 0
  /// The night that it was compared with; nil for none, or for a baseline from elsewhere.
  package var baseline: NightDate?
  /// By name.
  package var services: [NightService] = []
  /// What stood out, in the order of the report; changes since a baseline among them.
  package var findings: [NightFinding] = []
  /// Slow and failing traces that have a page, most telling first.
  package var traces: [NightTrace] = []
  /// The files that search loads.
  package var shards: [NightShard] = []
  /// Keys of attributes that have too many values to be searched for, sorted.
  package var unsearchedKeys: [String] = []
  /// Every file of the night's folder but `night.json`, sorted; nothing else is ever removed.
  package var files: [String] = []

  /// Makes a summary of nothing.
  package init(date: NightDate) { self.date = date }

  /// The number of traces that search finds.
  package var searchedTraces: Int { shards.reduce(0) { $0 + $1.count } }
}

/// One service in one night.
package struct NightService: Sendable, Equatable {
  /// Its name.
  package var name = ""
  /// Requests it answered.
  package var requests = 0
  /// Those that failed.
  package var errors = 0
  /// Of the durations of its requests.
  package var p50: Nanoseconds = .zero
  /// Of the durations of its requests.
  package var p95: Nanoseconds = .zero
  /// Of the durations of its requests.
  package var p99: Nanoseconds = .zero

  /// Makes a service of nothing.
  package init() {}
}

/// One finding in one night.
package struct NightFinding: Sendable, Equatable {
  /// Equal for the same thing in every night.
  package var id = ""
  /// A fixed word.
  package var kind = ""
  /// How much it mattered.
  package var severity: FindingSeverity = .info
  /// One sentence.
  package var title = ""
  /// The service it is about; may be empty.
  package var service = ""
  /// The page of the night that explains it, perhaps with a place.
  package var page = ""
  /// True when it tells of a change since a baseline.
  package var isChange = false

  /// Makes a finding of nothing.
  package init() {}
}

/// One trace of a night that has a page.
package struct NightTrace: Sendable, Equatable {
  /// Its id.
  package var id: TraceID = .absent
  /// Its least start.
  package var start: UnixNanoseconds = .unknown
  /// From least start to greatest end.
  package var duration: Nanoseconds = .zero
  /// The number of its spans.
  package var spanCount = 0
  /// The number of its failed spans.
  package var errorCount = 0
  /// True when its primary root failed.
  package var rootFailed = false
  /// The service of its primary root.
  package var service = ""
  /// The operation of its primary root.
  package var operation = ""
  /// The text of its first error, if any.
  package var errorText = ""

  /// Makes a trace of nothing.
  package init() {}
}

/// One of the files that search loads: the traces that start in a stretch of time.
package struct NightShard: Sendable, Equatable {
  /// The first start in it.
  package var first: UnixNanoseconds = .unknown
  /// The last start in it.
  package var last: UnixNanoseconds = .unknown
  /// The longest duration in it.
  package var longest: Nanoseconds = .zero
  /// The number of its traces.
  package var count = 0
  /// Those of them in which something failed.
  package var failing = 0

  /// Makes a shard of nothing.
  package init() {}
}

extension NightSummary {
  /// The most traces that are listed by a night.
  package static let mostTraces = 30
  private static let mostFindings = 500
  private static let longestText = 400

  /// Sums a night up.
  package init(date: NightDate, _ conclusions: Conclusions) {
    self.init(date: date)
    window = conclusions.window
    traceCount = conclusions.traceCount
    spanCount = conclusions.input.spansAccepted
    requests = conclusions.entryPoints.reduce(0) { $0 + $1.latency.count + $1.incomplete }
    failures = conclusions.entryPoints.reduce(0) { $0 + $1.errors }
    services = conclusions.services.map(NightService.init)
    findings = conclusions.findings.prefix(Self.mostFindings).map(NightFinding.init)
    let listed = conclusions.traces.filter { !$0.pageReasons.isEmpty }
    // Half of them for failures, so that neither kind crowds out the other.
    let failing = Self.slowest(listed.filter(\.rootFailed)).prefix(Self.mostTraces / 2)
    let known = Set(failing.map(\.id))
    let slow = Self.slowest(listed.filter { !known.contains($0.id) }).prefix(Self.mostTraces - failing.count)
    traces = (failing + slow).map(NightTrace.init)
  }

  private static func slowest(_ traces: [TraceSummary]) -> [TraceSummary] {
    traces.sorted { ($0.duration, $1.id) > ($1.duration, $0.id) }
  }

  /// A text that is short enough to be kept for every night.
  fileprivate static func cut(_ text: String) -> String {
    text.utf8.count <= longestText ? text : String(text.prefix(longestText - 1)) + "…"
  }
}

extension NightService {
  fileprivate init(_ service: ServiceResult) {
    name = service.name
    requests = service.requestCount
    errors = service.requestErrors
    p50 = service.latency.p50
    p95 = service.latency.p95
    p99 = service.latency.p99
  }
}

extension NightFinding {
  fileprivate init(_ finding: Finding) {
    id = finding.id
    kind = finding.kind
    severity = finding.severity
    title = NightSummary.cut(finding.title)
    service = finding.service
    page = finding.page
    isChange = finding.isChange
  }
}

extension NightTrace {
  fileprivate init(_ trace: TraceSummary) {
    id = trace.id
    start = trace.start
    duration = trace.duration
    spanCount = trace.spanCount
    errorCount = trace.errorCount
    rootFailed = trace.rootFailed
    service = trace.rootService
    operation = NightSummary.cut(trace.rootOperation)
    errorText = NightSummary.cut(trace.errorText)
  }
}
