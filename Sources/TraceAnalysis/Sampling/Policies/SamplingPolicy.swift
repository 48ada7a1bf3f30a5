import TraceModel

/// A way of sampling that can be replayed: what a user gave by `--policy` or `--sampler`.
package struct SamplingPolicy: Sendable, Equatable {
  /// What decides.
  package enum Kind: Sendable, Equatable {
    /// A client library, by the trace id.
    case head(HeadSampler)
    /// A budget of traces a second, spent as traces start (Jaeger `ratelimiting`, brave `RateLimitingSampler`).
    case headRate(perSecond: Double)
    /// A probability for each operation that is adapted to a target (Jaeger adaptive sampling).
    case adaptive(perSecond: Double)
    /// The Collector: first `probabilistic_sampler`, then `tail_sampling`; either may be absent.
    case collector(CollectorPolicy)
  }

  /// How it is named in outputs.
  package var name: String
  /// What decides.
  package var kind: Kind

  /// Makes a policy of its parts.
  package init(name: String, kind: Kind) {
    self.name = name
    self.kind = kind
  }

  /// True for a policy of the Collector.
  var isCollector: Bool {
    if case .collector = kind { return true }
    return false
  }

  /// The questions it asks of single traces, in the order in which they stand.
  var questions: [PolicyQuestion] {
    guard case .collector(let policy) = kind else { return [] }
    return policy.policies.flatMap { Self.questions(of: $0.rule) }
  }

  /// Recursion only follows the nesting of a configuration, which its reader bounds.
  private static func questions(of rule: TailPolicy.Rule) -> [PolicyQuestion] {
    switch rule {
    case .question(let question): [question]
    case .budget: []
    case .and(let parts), .drop(let parts): parts.flatMap { questions(of: $0.rule) }
    case .not(let part): questions(of: part.rule)
    case .composite(let parts): parts.flatMap { questions(of: $0.policy.rule) }
    }
  }

  /// Reads the text of `--sampler`: `NAME:RATIO`, `zipkin:RATIO:SALT`, `ratelimiting:RATE` or `adaptive:RATE`.
  package static func sampler(_ text: String) -> SamplingPolicy? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard parts.count >= 2, let value = Double(parts[1]), value.isFinite, value >= 0 else { return nil }
    if parts.count == 2, value > 0, parts[0] == "ratelimiting" {
      return SamplingPolicy(name: text, kind: .headRate(perSecond: value))
    }
    if parts.count == 2, value > 0, parts[0] == "adaptive" {
      return SamplingPolicy(name: text, kind: .adaptive(perSecond: value))
    }
    guard let rule = HeadSampler.Rule(rawValue: parts[0]) else { return nil }
    var salt: UInt64 = 0
    if rule == .zipkin {
      guard parts.count == 3, let number = Int64(parts[2]) else { return nil }
      salt = UInt64(bitPattern: number)
    } else if parts.count != 2 {
      return nil
    }
    return HeadSampler(rule, ratio: value, salt: salt).map { SamplingPolicy(name: text, kind: .head($0)) }
  }
}

/// The two sampling processors of the OpenTelemetry Collector, in the order in which a trace meets them.
package struct CollectorPolicy: Sendable, Equatable {
  /// `probabilistic_sampler`; nil when there is none.
  package var probabilistic: ProbabilisticProcessor?
  /// The policies of `tail_sampling`; empty when there is none.
  package var policies: [TailPolicy] = []
  /// Whether there is a `tail_sampling` section.
  package var hasTailSampling = false
  /// The first policy that says Sampled ends the questions (`sample_on_first_match`).
  package var stopsAtFirstMatch = false

  /// Makes one without processors.
  package init() {}
}
