package import TraceModel

/// Durations of something, summed up by OpenTelemetry's base-2 exponential histogram.
package struct DurationSummary: Sendable {
  /// The number of durations.
  package var count: Int = 0
  /// Their sum.
  package var sum: Nanoseconds = .zero
  /// Nearest rank, upper bound of its bucket.
  package var p50: Nanoseconds = .zero
  /// Nearest rank, upper bound of its bucket.
  package var p90: Nanoseconds = .zero
  /// Nearest rank, upper bound of its bucket.
  package var p95: Nanoseconds = .zero
  /// Nearest rank, upper bound of its bucket.
  package var p99: Nanoseconds = .zero
  /// The shortest.
  package var least: Nanoseconds = .zero
  /// The longest.
  package var greatest: Nanoseconds = .zero
  /// The buckets that hold something, from short to long.
  package var buckets: [DurationBucket] = []

  /// Makes a summary of nothing.
  package init() {}
}

/// How many durations lie above one bound and not above another.
package struct DurationBucket: Sendable {
  /// The bound that is not included.
  package var lower: Nanoseconds
  /// The bound that is included.
  package var upper: Nanoseconds
  /// How many.
  package var count: Int

  /// Makes a bucket of its parts.
  package init(lower: Nanoseconds, upper: Nanoseconds, count: Int) {
    self.lower = lower
    self.upper = upper
    self.count = count
  }
}

/// One stretch of the window in a series.
package struct SeriesPoint: Sendable {
  /// Where the stretch begins.
  package var start: UnixNanoseconds = .unknown
  /// Requests that began in it.
  package var count: Int = 0
  /// Those of them that failed.
  package var errors: Int = 0
  /// Nearest rank of their durations; zero when there are none.
  package var p95: Nanoseconds = .zero

  /// Makes an empty point.
  package init() {}
}

/// A value that an attribute takes, with how often.
package struct ValueCount: Sendable {
  /// The value.
  package var value: String
  /// How many spans carry it.
  package var count: Int

  /// Makes a count of a value.
  package init(value: String, count: Int) {
    self.value = value
    self.count = count
  }
}

/// One service over the whole window.
package struct ServiceResult: Sendable {
  /// Its name; empty for spans without one.
  package var name: String = ""
  /// All its spans.
  package var spanCount: Int = 0
  /// Its failed spans.
  package var errorSpanCount: Int = 0
  /// Requests it answered: its root spans and those called from another service (dependencies, rule 2.1).
  package var requestCount: Int = 0
  /// Those that failed.
  package var requestErrors: Int = 0
  /// How long its requests took.
  package var latency = DurationSummary()
  /// Its requests in all, where archives were sampled and say how; nil otherwise.
  package var estimated: PopulationEstimate?
  /// Its self time over all spans.
  package var selfTime: Nanoseconds = .zero
  /// Its time on critical paths of primary roots.
  package var criticalPathTime: Nanoseconds = .zero
  /// Its share of the critical paths of all complete traces; 0 to 1.
  package var criticalPathShare: Double = 0
  /// Traces it takes part in.
  package var traceCount: Int = 0
  /// Failures that began here.
  package var errorOrigins: Int = 0
  /// Its requests over the window, in equal stretches.
  package var series: [SeriesPoint] = []
  /// Values of `service.version`, most frequent first.
  package var versions: [ValueCount] = []
  /// Values of `service.instance.id`, or of the pod or host, most frequent first; at most 50.
  package var instances: [ValueCount] = []
  /// Slowest, failing and typical traces, best first.
  package var examples: [ExampleTrace] = []

  /// Makes a result about nothing.
  package init() {}
}

/// A trace worth looking at and why.
package struct ExampleTrace: Sendable {
  /// `slowest`, `failing`, `typical` or `first`.
  package var reason: String
  /// The trace and span.
  package var evidence: Evidence
  /// How long the span or root took.
  package var duration: Nanoseconds

  /// Makes an example of its parts.
  package init(reason: String, evidence: Evidence, duration: Nanoseconds) {
    self.reason = reason
    self.evidence = evidence
    self.duration = duration
  }
}

/// One operation of one service.
package struct OperationResult: Sendable {
  /// The service.
  package var service: String = ""
  /// The span name.
  package var operation: String = ""
  /// The kind of its spans.
  package var kind: SpanKind = .unspecified
  /// Its failed spans.
  package var errors: Int = 0
  /// How long its spans took.
  package var latency = DurationSummary()
  /// Its spans in all, where archives were sampled and say how; nil otherwise.
  package var estimated: PopulationEstimate?
  /// Self time over all its spans.
  package var selfTime: Nanoseconds = .zero
  /// Time on critical paths of primary roots.
  package var criticalPathTime: Nanoseconds = .zero
  /// A slow and a failing span.
  package var examples: [ExampleTrace] = []

  /// Makes a result about nothing.
  package init() {}
}
