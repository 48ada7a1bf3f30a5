import TraceModel

/// Which things of each subject are the most frequent ones in the traces of a walk.
struct Census: Sendable {
  private struct Ranking: Sendable {
    var things: [UInt64] = []
    /// All of them: nothing was met that is not among the things.
    var isWhole = true
  }

  private var rankings: [Ranking]

  /// Looks at all traces once. Names are counted as they are joined.
  ///
  /// - Complexity: O(spans); memory is bounded.
  init(_ walk: TraceWalk, _ joinedNames: JoinedNames) {
    let store = walk.store
    let outcome = walk.walk {
      CensusTaker(store, joinedNames)
    } body: { taker, trace in
      taker.observe(trace)
    }
    var samples = Subject.allCases.map { _ in SubjectSample() }
    for taker in outcome.states {
      for (place, sample) in taker.takeSamples().enumerated() { samples[place].merge(sample) }
    }
    rankings = samples.map { Ranking(things: $0.ranked(), isWhole: $0.halvings == 0) }
  }

  /// The most frequent things of a subject; nil when there are no more than the limit.
  func mostFrequent(_ subject: Subject, _ limit: Int) -> Set<UInt64>? {
    let ranking = rankings[subject.rawValue]
    return ranking.isWhole && ranking.things.count <= limit ? nil : Set(ranking.things.prefix(limit))
  }

  /// How many were met, at least, of each subject whose things are not all told apart.
  func joined(by distinctions: Distinctions) -> [(subject: Subject, count: Int)] {
    Subject.allCases.filter { !distinctions.tellsAllApart($0) }.map { ($0, things(of: $0).count) }
  }

  /// The things of a subject, the most frequent first.
  func things(of subject: Subject) -> [UInt64] { rankings[subject.rawValue].things }
}

/// One thread's part in a census; only that thread may touch it until the walk is over.
private final class CensusTaker: @unchecked Sendable {
  private var seen: Observed
  private var operations = RecentNumbers()
  private var instances = RecentNumbers()
  private var dependencies = DependencyAnalysis()
  private var errors = ErrorAnalysis()
  private var quality = QualityAnalysis()

  init(_ store: SpanStore, _ joinedNames: JoinedNames) {
    seen = Observed(store: store, distinctions: Distinctions(countingBy: joinedNames))
  }

  /// Shows a trace to those that name things, which are told that all of them are joined.
  func observe(_ trace: Trace) {
    guard !trace.spans.isEmpty else { return }
    let spans = trace.spans.span
    seen.begin(trace, spans)
    for place in 0..<spans.count { count(spans[place], in: trace) }
    dependencies.observe(trace, spans, &seen)
    if seen.errorCount > 0 { errors.observe(trace, spans, &seen) }
    quality.observe(trace, spans, &seen)
    if seen.isCrowded { startAnew() }
  }

  /// Forgets all numbers of names: only what was counted is wanted.
  private func startAnew() {
    var fresh = Observed(store: seen.store, distinctions: seen.distinctions)
    swap(&fresh.samples, &seen.samples)
    seen = fresh
    dependencies = DependencyAnalysis()
    errors = ErrorAnalysis()
    quality = QualityAnalysis()
  }

  private func count(_ span: TraceSpan, in trace: Trace) {
    let lot = Observed.lot(span.record.spanID, trace)
    let name = UInt64(span.service.index) << 32 | UInt64(span.record.name.index)
    let operation = operations.number(of: name) { seen.operationThing(span) }
    let instance = instances.number(of: UInt64(span.record.resource)) {
      let resource = seen.store.resource(at: span.record.resource)
      let (version, instance) = ServiceAnalysis.instance(of: resource, &seen)
      return seen.instanceThing(instance, version, resource.serviceName)
    }
    seen.count(seen.thing(span.service), .services, lot)
    seen.count(operation, .operations, lot)
    seen.count(instance, .instances, lot)
  }

  func takeSamples() -> [SubjectSample] { seen.samples }
}
