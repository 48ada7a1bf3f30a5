/// Log records joined to traces, and how many could not be.
package struct CorrelatedLogs: Sendable {
  /// What came out of one log archive.
  package struct Archive: Sendable {
    /// Its path as given.
    package var path: String
    /// Records met.
    package var records = 0
    /// What could not be read, in one sentence; nil when it was read whole.
    package var error: String?

    /// Starts with nothing read.
    package init(path: String) { self.path = path }
  }

  /// How many records there were of each kind. The kinds add up to the records met.
  package struct Counts: Sendable, Equatable {
    /// Of traces that were asked for.
    package var joined = 0
    /// Of those, records without a span id: they are placed by time and service.
    package var joinedWithoutSpan = 0
    /// Of traces that are in the archives but were not asked for.
    package var otherTraces = 0
    /// Of traces that are in no archive: sampled out, or lost.
    package var unknownTraces = 0
    /// Of ids of 64 bits that fit several traces.
    package var ambiguous = 0
    /// Without a trace id.
    package var withoutTrace = 0

    /// Starts at nothing.
    package init() {}

    /// Records met.
    package var all: Int { joined + otherTraces + unknownTraces + ambiguous + withoutTrace }

    /// Adds what another one counted.
    package mutating func merge(_ other: Counts) {
      joined += other.joined
      joinedWithoutSpan += other.joinedWithoutSpan
      otherTraces += other.otherTraces
      unknownTraces += other.unknownTraces
      ambiguous += other.ambiguous
      withoutTrace += other.withoutTrace
    }
  }

  /// The archives, by path.
  package var archives: [Archive] = []
  /// How many records of each kind.
  package var counts = Counts()
  /// The records that are kept, by trace.
  package var byTrace: [TraceID: TraceLogs] = [:]

  /// Makes logs of nothing.
  package init() {}

  /// The records of a trace in the order of time.
  package subscript(trace: TraceID) -> TraceLogs { byTrace[trace] ?? TraceLogs() }
}

/// The traces whose log records are wanted.
package struct LogTargets: Sendable {
  private let byLowHalf: [UInt64: [TraceID]]
  private let isKnown: @Sendable (TraceID) -> Bool

  /// Makes targets of traces; `isKnown` says whether another trace is in the archives.
  package init(_ traces: some Sequence<TraceID>, isKnown: @escaping @Sendable (TraceID) -> Bool) {
    var byLowHalf: [UInt64: [TraceID]] = [:]
    for id in traces { byLowHalf[id.low, default: []].append(id) }
    self.byLowHalf = byLowHalf
    self.isKnown = isKnown
  }

  /// What is known of the trace that a record names.
  package enum Match: Sendable, Equatable {
    case wanted(TraceID)
    case known
    case unknown
    case ambiguous
  }

  /// Looks up a trace id. Where one side has 64 bits only, the low halves are compared; ids that fit several traces
  /// are not joined.
  package func match(_ id: TraceID) -> Match {
    if let candidates = byLowHalf[id.low] {
      if candidates.contains(id) { return .wanted(id) }
      let fitting = candidates.filter { id.is64Bit || $0.is64Bit }
      if fitting.count == 1 { return .wanted(fitting[0]) }
      if fitting.count > 1 { return .ambiguous }
    }
    return isKnown(id) ? .known : .unknown
  }
}
