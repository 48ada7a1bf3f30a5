/// How archives say that they were sampled, and what each trace then stands for.
package enum WeightScheme: String, Sendable, CaseIterable {
  /// The debug flag of Zipkin or Jaeger: kept whatever the sampler said, so it stands for itself alone.
  case debug = "debug"
  /// The threshold `th` of the trace state (OpenTelemetry consistent sampling).
  case threshold = "th"
  /// The older `p` of the trace state.
  case power = "p"
  /// What Tracebook wrote when it thinned archives out.
  case adjustedCount = "sampling.adjusted_count"
  /// Tags of a Jaeger client.
  case jaeger = "sampler.type"
  /// Rates of a Datadog agent or rule.
  case datadog = "_dd.rule_psr"
  /// A stratum of the configuration.
  case stratum = "sampling.strata"
  /// The ratio that the user gave.
  case given = "--sampling-ratio"
  /// Nothing says it, or what says it has no weight (rate limits).
  case unknown = "unknown"

  /// Its place among all, for numbers in files.
  var number: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
