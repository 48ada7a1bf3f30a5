package import TraceModel

/// One worker's view of a run: shown every trace that falls to it, it knows a `Digest` in the end.
///
///     worker 1   observe observe observe …  finish ─┐
///     worker 2   observe observe …          finish ─┴─▶ Digest(merging:) ─▶ conclude
///
/// Which worker sees which trace, and in which order, makes no difference to the merged digest.
///
/// - Complexity: O(spans) for each trace; memory grows with distinct operations, call paths and signatures, which
///   `rowBytes` tells of.
package struct TraceObserver: ~Copyable {
  private var seen: Observed
  private var totals = DigestTotals()
  private var operations = OperationAnalysis()
  private var services = ServiceAnalysis()
  private var latency = LatencyAnalysis()
  private var classes = ClassAnalysis()
  private var patterns = PatternAnalysis()
  private var dependencies = DependencyAnalysis()
  private var errors = ErrorAnalysis()
  private var reach = ReachAnalysis()
  private var quality = QualityAnalysis()
  private var examples = TraceListAnalysis()
  private var weights: WeightAnalysis

  /// Starts looking at traces of a store.
  ///
  /// - Parameters:
  ///   - sampling: what the user says of how they were sampled.
  ///   - distinctions: what is told apart.
  ///   - sizeLimit: what rows may take; once they take more, traces may be looked at in part, and nothing counts any more.
  init(
    store: SpanStore, sampling: SamplingDeclaration = SamplingDeclaration(),
    distinctions: Distinctions = Distinctions(), sizeLimit: Int = .max
  ) {
    seen = Observed(store: store, distinctions: distinctions, sizeLimit: sizeLimit)
    weights = WeightAnalysis(store, sampling)
  }

  /// Takes up one trace; none any more once some service has more names than are told apart, which the digest shows.
  ///
  /// Of a large trace that alone has too many things it stops to take up any as soon as that is certain.
  package mutating func observe(_ trace: Trace) {
    guard !trace.spans.isEmpty, !seen.hasTooManyNames, !seen.hasTooMuch else { return }
    let spans = trace.spans.span
    seen.begin(trace, spans)
    guard !seen.hasTooMuch else {
      // Each of what was numbered has a row.
      operations.makeCells(seen)
      services.makeCells(seen)
      return
    }
    weights.begin(trace, spans, &seen)
    count(trace, spans)
    operations.observe(trace, spans, &seen)
    services.observe(trace, spans, &seen)
    guard hasRoom(spans, latency.rowBytes) else { return }
    latency.observe(trace, spans, &seen)
    classes.observe(trace, spans, &seen)
    patterns.observe(trace, spans, &seen)
    guard hasRoom(spans, dependencies.rowBytes) else { return }
    dependencies.observe(trace, spans, &seen)
    reach.observe(trace, spans, &seen)
    quality.observe(trace, spans, &seen)
    if seen.errorCount > 0 {
      guard hasRoom(spans, errors.rowBytes) else { return }
      errors.observe(trace, spans, &seen)
    }
    weights.observe(trace, spans, &seen)
    // Last, since it keeps what the others have chosen.
    examples.observe(trace, spans, &seen)
  }

  /// True when there is room for more rows; tells the analysis that is next, whose rows are given, what the others take.
  private mutating func hasRoom(_ spans: Span<TraceSpan>, _ own: Int) -> Bool {
    guard spans.count >= Observed.spansBetweenLooks else { return true }
    seen.rowBytesOfOthers = rowBytes - own
    return !seen.isOver(own)
  }

  /// As for an `Analysis`.
  var rowBytes: Int {
    operations.rowBytes + services.rowBytes + latency.rowBytes + classes.rowBytes + patterns.rowBytes
      + dependencies.rowBytes + errors.rowBytes + reach.rowBytes + quality.rowBytes + weights.rowBytes
  }

  /// The memory that names take in its digest, at the most.
  var nameBytes: Int { seen.nameBytes }

  /// True when it holds much that a digest would not: texts that were only needed for a while, traces that are no longer
  /// examples, resources that tell of the same instance.
  var isFull: Bool {
    examples.count > 1 << 16 || seen.texts.byteCount > 12 << 20 || services.resourceCount > 1 << 16
  }

  private mutating func count(_ trace: Trace, _ spans: Span<TraceSpan>) {
    totals.traces += 1
    totals.completeTraces += trace.isComplete ? 1 : 0
    totals.spans += spans.count
    totals.fusedSpans += trace.fusedSpans
    totals.duplicateSpans += trace.duplicateSpans
    totals.anyStart = min(totals.anyStart, trace.start.rawValue)
    totals.anyEnd = max(totals.anyEnd, trace.end.rawValue)
    for place in 0..<spans.count where TimeGrid.isPlausible(spans[place].start.rawValue) {
      totals.start = min(totals.start, spans[place].start.rawValue)
      if TimeGrid.isPlausible(spans[place].end.rawValue) {
        totals.end = max(totals.end, spans[place].end.rawValue)
      }
    }
  }

  /// What was found out.
  package consuming func finish() -> Digest {
    var digest = Digest()
    digest.totals = totals
    for number in 0..<seen.entryPoints.count {
      var row = EntryPointRow()
      row.service = seen.serviceName(seen.entryPoints[number].service)
      row.operation = seen.entryPoints[number].operation
      digest.entryPoints.append(row)
    }
    Self.close(&operations, &digest, &seen)
    Self.close(&services, &digest, &seen)
    Self.close(&latency, &digest, &seen)
    Self.close(&classes, &digest, &seen)
    Self.close(&patterns, &digest, &seen)
    Self.close(&dependencies, &digest, &seen)
    Self.close(&reach, &digest, &seen)
    Self.close(&quality, &digest, &seen)
    Self.close(&errors, &digest, &seen)
    Self.close(&examples, &digest, &seen)
    weights.report(to: &digest, &seen)
    digest.takeNames(from: seen.store, seen.texts)
    digest.canonicalise()
    return digest
  }

  /// Takes what an analysis found out, and lets go of its memory: all of it twice would be much.
  private static func close<Part: Analysis & ~Copyable>(
    _ analysis: inout Part, _ digest: inout Digest, _ seen: inout Observed
  ) {
    analysis.report(to: &digest, &seen)
    analysis = Part()
  }
}
