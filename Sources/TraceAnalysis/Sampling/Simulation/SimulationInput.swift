package import TraceModel

/// Every trace of a store as a simulation needs it: in the order of decisions, with the answers to all questions.
///
/// Made by one walk over the store on all threads. Some 24 bytes a span and 100 a trace, in memory or where the spans
/// are; whoever simulates no policy does not pay for it. Where names are too many (`SimulationLimits`), two more walks
/// find the most frequent ones and begin anew with the rest joined.
package final class SimulationInput: Sendable {
  let traces: StoredRows<SimulatedTrace>
  let answers: StoredRows<UInt64>
  let spans: StoredRows<SimulatedSpan>
  /// Numbers of links that a trace has, each once a trace.
  let traceLinks: StoredRows<Int32>
  let operations: [OperationKey]
  let links: [LinkKey]
  let questions: QuestionList
  /// The policies in the order in which they were given.
  package let policies: [SamplingPolicy]
  /// What was joined, since there were too many: nothing, usually.
  let joined: [(subject: Subject, count: Int)]
  private let store: SpanStore
  /// What the user says of how the archives were sampled.
  let sampling: SamplingDeclaration
  /// True when 95 % of the traces say what they stand for, and some stand for more than themselves.
  let isWeighted: Bool
  /// What was assembled, dropped and joined.
  package let totals: AssemblyTotals

  /// Looks at every trace of a walk once.
  ///
  /// - Complexity: O(spans + attributes), in parallel, then O(traces log traces).
  ///
  /// - Parameters:
  ///   - sampling: how the archives were sampled before, where spans do not say it themselves.
  ///   - areEstimated: figures of each name are wanted for each policy.
  package convenience init(
    _ walk: TraceWalk, policies: [SamplingPolicy], sampling: SamplingDeclaration = SamplingDeclaration(),
    areEstimated: Bool = true
  ) {
    self.init(
      walk, policies: policies, sampling: sampling, areEstimated: areEstimated, limits: SimulationLimits())
  }

  /// The same with other limits, for tests.
  init(
    _ walk: TraceWalk, policies: [SamplingPolicy], sampling: SamplingDeclaration, areEstimated: Bool = true,
    limits: SimulationLimits
  ) {
    self.policies = policies
    self.sampling = sampling
    store = walk.store
    let list = QuestionList(policies, store: store)
    questions = list
    // Each Collector policy has a yardstick beside it, and what arrived is estimated, too.
    let rows = areEstimated ? policies.reduce(1) { $0 + ($1.isCollector ? 2 : 1) } : 0
    func fit(_ parts: [TraceCollector]) -> Bool {
      SimulationNames.bytes(parts, walk.store, policies: rows) <= limits.bytes
    }
    let room = NameRoom(limits.most)
    var outcome = Self.collect(walk, list, sampling, nil, room)
    var names: SimulationNames?
    if !room.isTooSmall, fit(outcome.states) { names = SimulationNames(outcome.states, store) }
    if let found = names, room.isTooSmall(for: found) { names = nil }
    var joined: [(subject: Subject, count: Int)] = []
    if names == nil {
      // What was gathered does not count, and takes memory.
      outcome.states = []
      let samples = NameSamples(walk)
      for counts in limits.told {
        outcome.states = []
        let told = ToldNames(samples, counts)
        joined = told.joined
        outcome = Self.collect(walk, list, sampling, told, NameRoom(limits.most))
        if fit(outcome.states) { break }
      }
    }
    totals = outcome.totals
    self.joined = joined
    let parts = outcome.states
    let joiner = SimulationJoiner(parts, names ?? SimulationNames(parts, store), store.spill)
    operations = joiner.names.operations
    links = joiner.names.links
    traces = joiner.traces
    answers = joiner.answers
    spans = joiner.spans
    traceLinks = joiner.links
    let unknown = traces.count { $0.weight.isNaN }
    isWeighted =
      unknown * 20 <= traces.count && traces.contains { !$0.weight.isNaN && $0.weight != 1 }
  }

  private static func collect(
    _ walk: TraceWalk, _ list: QuestionList, _ sampling: SamplingDeclaration, _ told: ToldNames?,
    _ room: NameRoom
  ) -> TraceWalk.Outcome<TraceCollector> {
    let store = walk.store
    return walk.walk {
      TraceCollector(list, store, sampling, told, room)
    } body: { collector, trace in
      collector.collect(trace)
    }
  }

  /// Where rows about traces go; nil for memory.
  var space: SpillSpace? { store.spill }

  /// The requests that count in figures of latency, by entry point: the roots that name no parent.
  var measuredRequests: some Sequence<Population.Item> {
    traces.indices.lazy.compactMap { [traces] number -> Population.Item? in
      let trace = traces[number]
      guard trace.traits.contains(.isMeasured) else { return nil }
      let error: UInt32 = trace.traits.contains(.rootFailed) ? 1 << 31 : 0
      return Population.Item(
        group: trace.entryPoint, traceAndError: UInt32(truncatingIfNeeded: number) | error,
        duration: trace.duration)
    }
  }

  /// What the trace state of a root says of sampling, if anything.
  func samplingState(_ trace: SimulatedTrace) -> OpenTelemetryTraceState? {
    guard !trace.state.isEmpty else { return nil }
    return TraceState(store.symbols.text(trace.state))?["ot"].map { OpenTelemetryTraceState($0) }
  }

  /// Lets go of the pages of texts that are in files.
  func leaveTexts() { store.leaveMemory() }

  /// How many traces one stands for: one where nothing is known of sampling, else what it says, and nothing for the
  /// few that do not say it.
  func standing(_ trace: SimulatedTrace) -> Double {
    isWeighted ? (trace.weight.isNaN ? 0 : trace.weight) : 1
  }

  /// From the first reported start of a trace to the last reported end.
  package var window: TimeWindow {
    var window = TimeWindow()
    for trace in traces where trace.start != 0 {
      let start = UnixNanoseconds(trace.start)
      if window.start == .unknown || start < window.start { window.start = start }
    }
    window.end = max(window.start, UnixNanoseconds(traces.last?.latestEnd ?? 0))
    return window
  }

  /// Traces with one root and nothing missing.
  package var completeTraces: Int { traces.count { $0.traits.contains(.isComplete) } }
}
