package import TraceModel

/// The requests that enter at one service and operation.
package struct EntryPointResult: Sendable {
  /// The service of the root span.
  package var service: String = ""
  /// The operation of the root span.
  package var operation: String = ""
  /// Stable text for addresses, made of both.
  package var slug: String = ""
  /// Failed roots.
  package var errors: Int = 0
  /// Its requests in all, where archives were sampled and say how; nil otherwise.
  package var estimated: PopulationEstimate?
  /// Requests a second over the window.
  package var rate: Double = 0
  /// Traces left out of the latency figures since their root names an absent parent.
  package var incomplete: Int = 0
  /// How long requests took.
  package var latency = DurationSummary()
  /// Requests over the window.
  package var series: [SeriesPoint] = []
  /// Critical-path time by service; the shares add up to 1. Largest share first, then by name.
  package var profileByService: [ProfileRow] = []
  /// The part of the profile that lies between a caller and the service it calls (network, queueing, connection
  /// set-up), by both; it is contained in the callers' rows of the profile. Largest share first, then by name.
  package var gaps: [ProfileRow] = []
  /// Critical-path time by (service, operation, kind). Largest share first, then by name.
  package var profileByOperation: [ProfileRow] = []
  /// Critical-path time by call path, parents before children; for the icicle.
  package var callPaths: [CallPathRow] = []
  /// The typical requests.
  package var typical = CohortResult()
  /// The slow requests.
  package var slow = CohortResult()
  /// How much each service adds in slow requests, largest first.
  package var cohortRows: [CohortRow] = []
  /// How long requests would take if one service were faster; by service of largest share, then percent.
  package var whatIf: [WhatIfResult] = []
  /// Values of attributes that slow requests carry more often than typical ones, strongest first.
  package var slowShared: [SharedValue] = []
  /// Slowest, failing and typical traces.
  package var examples: [ExampleTrace] = []

  /// Makes a result about nothing.
  package init() {}
}

/// The share of one component in the critical path.
package struct ProfileRow: Sendable {
  /// The service.
  package var service: String = ""
  /// The operation; empty in the profile by service.
  package var operation: String = ""
  /// The kind of the operation's spans; unspecified in the profile by service.
  package var kind: SpanKind = .unspecified
  /// The called service; only in `gaps`.
  package var callee: String = ""
  /// Time on the critical path, over all requests, zeros kept.
  package var total: Nanoseconds = .zero
  /// Mean over all requests.
  package var mean: Nanoseconds = .zero
  /// Of the total; all rows add up to 1.
  package var share: Double = 0
  /// The part of requests in which it is on the path at all.
  package var occurrence: Double = 0
  /// Nearest rank over all requests, zeros kept, upper bound of its bucket; not known by operation.
  package var p50: Nanoseconds = .zero
  /// Likewise.
  package var p95: Nanoseconds = .zero
  /// Likewise.
  package var p99: Nanoseconds = .zero
  /// Of the variance of the requests' duration: what makes it unpredictable, even where the mean is small. All rows
  /// add up to 1; nil where nothing varies, and in the profiles by operation and of gaps.
  package var varianceShare: Double?
  /// The request in which it took longest.
  package var worst: ExampleTrace?

  /// Makes an empty row.
  package init() {}
}

/// One node of the tree of call paths, in display order.
package struct CallPathRow: Sendable {
  /// Levels below the root.
  package var depth: Int = 0
  /// The place of its parent row; −1 for the root.
  package var parent: Int = -1
  /// The service.
  package var service: String = ""
  /// The operation.
  package var operation: String = ""
  /// The kind of its spans.
  package var kind: SpanKind = .unspecified
  /// Calls over all requests.
  package var count: Int = 0
  /// Critical-path time of the spans of this very path.
  package var own: Nanoseconds = .zero
  /// The same with everything below it.
  package var total: Nanoseconds = .zero
  /// The same as `total`, per typical request.
  package var typicalMean: Nanoseconds = .zero
  /// The same as `total`, per slow request.
  package var slowMean: Nanoseconds = .zero

  /// Makes an empty row.
  package init() {}
}

/// A set of requests chosen by duration.
package struct CohortResult: Sendable {
  /// How many.
  package var count: Int = 0
  /// The shortest duration that belongs to it.
  package var from: Nanoseconds = .zero
  /// The longest.
  package var to: Nanoseconds = .zero
  /// Mean duration.
  package var mean: Nanoseconds = .zero

  /// Makes an empty cohort.
  package init() {}
}

/// What one service adds to slow requests compared with typical ones.
package struct CohortRow: Sendable {
  /// The service.
  package var service: String = ""
  /// Mean time in typical requests.
  package var typical: Nanoseconds = .zero
  /// Mean time in slow requests.
  package var slow: Nanoseconds = .zero
  /// The part of the difference due to being called more often.
  package var moreOften: Nanoseconds = .zero
  /// The part due to taking longer.
  package var slowerPerCall: Nanoseconds = .zero
  /// Of the whole difference; all rows add up to 1.
  package var share: Double = 0
  /// Half the width of the 95 % interval of the difference.
  package var margin: Nanoseconds = .zero

  /// Makes an empty row.
  package init() {}
}

/// How long requests would take if the own part of a service were shorter, by timing a sample of them anew.
package struct WhatIfResult: Sendable {
  /// The service.
  package var service: String = ""
  /// By how much its own part is shorter.
  package var percent: Int = 0
  /// Requests that were timed anew; each stands for those of its duration.
  package var probes: Int = 0
  /// Mean of these as they are.
  package var meanBefore: Nanoseconds = .zero
  /// Their median.
  package var p50Before: Nanoseconds = .zero
  /// Their 99th percentile.
  package var p99Before: Nanoseconds = .zero
  /// Mean after the change.
  package var meanAfter: Nanoseconds = .zero
  /// Median after the change.
  package var p50After: Nanoseconds = .zero
  /// 99th percentile after the change.
  package var p99After: Nanoseconds = .zero

  /// Makes a result about nothing.
  package init() {}
}
