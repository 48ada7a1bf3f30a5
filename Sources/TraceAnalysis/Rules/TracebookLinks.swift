import TraceModel

/// Tracebook's own rule with exact percentiles.
enum TracebookLinks {
  static func links(of walk: TraceWalk) -> [LinkResult] {
    let store = walk.store
    let outcome = walk.walk {
      Worker(store)
    } body: { worker, trace in
      worker.observe(trace)
    }
    var digest = Digest(merging: outcome.states.map { $0.digest() })
    digest.settle()
    return digest.links.map { row in
      var link = LinkResult()
      link.parent = digest.name(row.parent)
      link.child = digest.name(row.child)
      link.connectionType = row.type
      link.callCount = row.latency.count
      link.errorCount = row.errors
      link.clientErrorCount = row.clientErrors
      link.latency = summary(row.lengths ?? [])
      return link
    }
  }

  private static func summary(_ lengths: [Int64]) -> DurationSummary {
    let sorted = lengths.sorted()
    var summary = DurationSummary()
    summary.count = sorted.count
    summary.sum = Nanoseconds(sorted.reduce(0) { $0.saturatingSum($1) })
    summary.p50 = Nanoseconds(rank(0.5, sorted))
    summary.p90 = Nanoseconds(rank(0.9, sorted))
    summary.p95 = Nanoseconds(rank(0.95, sorted))
    summary.p99 = Nanoseconds(rank(0.99, sorted))
    summary.least = Nanoseconds(sorted.first ?? 0)
    summary.greatest = Nanoseconds(sorted.last ?? 0)
    return summary
  }

  /// The value at place `ceil(part · count)`.
  private static func rank(_ part: Double, _ sorted: [Int64]) -> Int64 {
    guard !sorted.isEmpty else { return 0 }
    // Whole hundredths, so that 0.95 · 20 is 19 and not a little more.
    let hundredths = Int((part * 100).rounded())
    let place = (sorted.count * hundredths + 99) / 100
    return sorted[min(max(place, 1), sorted.count) - 1]
  }

  /// One thread's share of the work; only that thread touches it until the walk is over.
  private final class Worker: @unchecked Sendable {
    private var seen: Observed
    private var services = ServiceNames()
    private var dependencies = DependencyAnalysis(keepsLengths: true)

    init(_ store: SpanStore) { seen = Observed(store: store) }

    func observe(_ trace: Trace) {
      guard !trace.spans.isEmpty else { return }
      let spans = trace.spans.span
      seen.begin(trace, spans)
      dependencies.observe(trace, spans, &seen)
    }

    func digest() -> Digest {
      var digest = Digest()
      services.report(to: &digest, &seen)
      dependencies.report(to: &digest, &seen)
      digest.takeNames(from: seen.store, seen.texts)
      digest.canonicalise()
      return digest
    }
  }

  /// Nothing but the names of services, which messages without a peer are counted at.
  private struct ServiceNames {
    func report(to digest: inout Digest, _ seen: inout Observed) {
      for number in 0..<seen.services.count {
        var row = ServiceRow()
        row.service = seen.services[number]
        digest.services.append(row)
      }
    }
  }
}
