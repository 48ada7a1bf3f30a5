package import TraceModel

/// Everything a report says about a set of archives, as plain values ready to be shown.
///
/// All names are texts, every array has a stated order, and nothing refers to the run (time, host, threads), so equal
/// input gives equal conclusions. Made by `Digest.conclude`; pages, JSON and Markdown are written from it.
package struct Conclusions: Sendable {
  /// Least start to greatest end of all spans.
  package var window = TimeWindow()
  /// The window that was asked for; nil when all traces take part.
  package var requestedWindow: WindowStatement?
  /// What money is reckoned with.
  package var costs = CostBasis()
  /// The time zone of what people read.
  package var zone = TimeZoneRules.utc
  /// The accounting of what was read.
  package var input = InputAccounting()
  /// What stands out, by severity, then score, then id.
  package var findings: [Finding] = []
  /// Services as the cause of trouble, most suspect first.
  package var suspects: [Suspect] = []
  /// By name.
  package var services: [ServiceResult] = []
  /// By (service, operation, kind).
  package var operations: [OperationResult] = []
  /// Most requests first, then by (service, operation).
  package var entryPoints: [EntryPointResult] = []
  /// Which of their operations are those of several services.
  package var sharedOperations = SharedOperations()
  /// By (parent, child, connection type).
  package var links: [LinkResult] = []
  /// Services and the outside systems that only appear as peers, by name.
  package var nodes: [GraphNode] = []
  /// Who calls whom, one tree for each entry point's service, by name.
  package var callTrees: [CallTree] = []
  /// Failed root requests first, then count, then id.
  package var errorGroups: [ErrorGroup] = []
  /// Calls usual in healthy traces and missing after failures, by (entry point, service).
  package var notReached: [NotReached] = []
  /// Volume and failures over the window.
  package var timeline = Timeline()
  /// Traces by time and duration.
  package var heatMap = HeatMap()
  /// The traces that the report lists, by (start, trace id).
  package var traces: [TraceSummary] = []
  /// Of how many.
  package var traceCount: Int = 0
  /// What was repaired and what is doubtful.
  package var quality = QualityResult()

  /// Repeated calls, retries, gaps and calls in sequence, largest saving first.
  package var patterns: [PatternResult] = []
  /// What changed since a baseline; nil without one.
  package var comparison: ComparisonResult?
  /// What sampling policies would do; nil when none was replayed.
  package var simulation: SimulationResult?
  /// What the archives say of their own sampling.
  package var arrived = ArrivedSampling()
  /// What the spans take; nil when it was not measured.
  package var storage: StorageMeasure?

  /// Makes conclusions about nothing.
  package init() {}
}

/// From a moment to a later one.
package struct TimeWindow: Sendable, Equatable {
  /// The first moment.
  package var start: UnixNanoseconds = .unknown
  /// The last moment.
  package var end: UnixNanoseconds = .unknown

  /// Makes an unknown window.
  package init() {}
}

/// The window that was asked for, as far as it may be told: nothing that two runs a moment apart would not share.
package struct WindowStatement: Sendable, Equatable {
  /// The first moment; nil when it has no beginning, or one that hangs on the moment of the run.
  package var since: UnixNanoseconds?
  /// The first moment after it; nil likewise.
  package var until: UnixNanoseconds?
  /// In words, such as `from yesterday (2026-11-19 00:00:00 +01:00) to before today (…)`.
  package var words: String

  /// Makes a statement of its parts.
  package init(since: UnixNanoseconds?, until: UnixNanoseconds?, words: String) {
    self.since = since
    self.until = until
    self.words = words
  }
}

/// The accounting: `spansRead = spansAccepted + spansQuarantined + duplicateSpans`.
///
/// Spans of traces outside the window that was asked for are none of these: they are counted apart.
package struct InputAccounting: Sendable {
  /// One for each archive, by path.
  package var archives: [ArchiveSummary] = []
  /// Exact copies of other spans, by archive; empty when it is not known.
  package var duplicatesByArchive: [Int] = []
  /// Spans met in all archives, but for those outside the window.
  package var spansRead: Int = 0
  /// Spans of traces that begin outside the window.
  package var spansOutsideWindow: Int = 0
  /// Spans that take part.
  package var spansAccepted: Int = 0
  /// Spans refused for their content.
  package var spansQuarantined: Int = 0
  /// Exact copies of other spans.
  package var duplicateSpans: Int = 0
  /// Accepted records that were joined into others.
  package var spansFused: Int = 0
  /// Traces.
  package var traces: Int = 0
  /// Traces with one root that names no parent, nothing cut, nothing quarantined.
  package var completeTraces: Int = 0

  /// The copies of other spans in an archive, by its place; nil when it is not known.
  package func duplicates(ofArchive place: Int) -> Int? {
    duplicatesByArchive.indices.contains(place) ? duplicatesByArchive[place] : nil
  }

  /// Makes an empty accounting.
  package init() {}

  /// Adds what only the archives and assembly know.
  package mutating func complete(with archives: [ArchiveSummary], _ totals: AssemblyTotals? = nil) {
    self.archives = archives
    duplicatesByArchive = totals?.duplicatesByArchive ?? []
    spansRead = archives.reduce(0) { $0 + $1.spansRead }
    spansQuarantined = archives.reduce(0) { $0 + $1.spansQuarantined }
    spansOutsideWindow = archives.reduce(0) { $0 + $1.spansOutsideWindow }
  }
}

/// One trace in a list.
package struct TraceSummary: Sendable {
  /// Its id.
  package var id: TraceID = .absent
  /// The service of its primary root.
  package var rootService: String = ""
  /// The operation of its primary root.
  package var rootOperation: String = ""
  /// Its least start.
  package var start: UnixNanoseconds = .unknown
  /// From least start to greatest end.
  package var duration: Nanoseconds = .zero
  /// The number of its spans.
  package var spanCount: Int = 0
  /// The number of its failed spans.
  package var errorCount: Int = 0
  /// True when its primary root failed.
  package var rootFailed: Bool = false
  /// The names of its services, sorted.
  package var services: [String] = []
  /// Its deepest level.
  package var depth: Int = 0
  /// See `Trace.isComplete`.
  package var isComplete: Bool = true
  /// The text of its first error, if any.
  package var errorText: String = ""
  /// Why it has a page; empty when it has none.
  package var pageReasons: [String] = []

  /// Makes a summary of nothing.
  package init() {}
}
