package import TraceModel

/// One policy of the Collector's `tail_sampling` processor, as configured.
package struct TailPolicy: Sendable, Equatable {
  /// Its name, unique among its siblings.
  package var name: String
  /// What it asks.
  package var rule: Rule

  /// Makes a policy of its parts.
  package init(name: String, rule: Rule) {
    self.name = name
    self.rule = rule
  }

  /// What a policy asks of a trace.
  package indirect enum Rule: Sendable, Equatable {
    /// A question that one trace answers by itself.
    case question(PolicyQuestion)
    /// A budget of spans or bytes that traces share.
    case budget(RateBudget)
    /// Sampled when all parts say so.
    case and([TailPolicy])
    /// The opposite of its part.
    case not(TailPolicy)
    /// Dropped when all parts say Sampled, whatever other policies say.
    case drop([TailPolicy])
    /// The first part that matches decides, within the part's budget of spans per second.
    case composite([CompositePart])
  }
}

/// A part of a composite policy.
package struct CompositePart: Sendable, Equatable {
  /// What it asks.
  package var policy: TailPolicy
  /// The most spans it may keep in one second.
  package var spansPerSecond: Int64

  /// Makes a part.
  package init(policy: TailPolicy, spansPerSecond: Int64) {
    self.policy = policy
    self.spansPerSecond = spansPerSecond
  }
}

/// A question that a trace answers by itself, without regard to other traces.
package enum PolicyQuestion: Sendable, Hashable {
  /// Always yes.
  case always
  /// The trace lasted at least `threshold` ms; with an upper bound: more than `threshold` and at most `upper` ms, asked
  /// after every span.
  case latency(threshold: Int64, upper: Int64)
  /// A whole number between bounds.
  case number(key: String, least: Int64, greatest: Int64, isInverted: Bool)
  /// The hash of the trace id is at most a bound.
  case hash(salt: String, bound: UInt64)
  /// A span has one of these statuses.
  case status([SpanStatus])
  /// A text is one of these, or matches one of these patterns.
  case text(key: String, values: [String], patterns: Bool, isInverted: Bool)
  /// A truth value.
  case boolean(key: String, value: Bool, isInverted: Bool)
  /// The number of spans lies between bounds; 0 is no upper bound.
  case spanCount(least: Int64, greatest: Int64)
  /// A member of the trace state has one of these values.
  case traceState(key: String, values: [String])
  /// A span has the sampled flag.
  case sampledFlag
  /// A condition of the OpenTelemetry Transformation Language holds for a span or an event.
  case conditions(spans: [SpanCondition], events: [SpanCondition])

  /// True when a yes is a veto (`invert_match`).
  package var isInverted: Bool {
    switch self {
    case .number(_, _, _, let isInverted), .text(_, _, _, let isInverted), .boolean(_, _, let isInverted):
      isInverted
    default: false
    }
  }
}

/// A budget that traces share, in the two forms that the Collector has had.
package struct RateBudget: Sendable, Hashable {
  /// What is counted.
  package enum Unit: Sendable, Hashable {
    /// Spans of the trace.
    case spans
    /// Bytes of the trace's records.
    case bytes
  }

  /// What is counted.
  package var unit: Unit
  /// How much flows in a second.
  package var perSecond: Int64
  /// How much may be saved up; nil for a fixed window of one second (collectors up to May 2026).
  package var burst: Int64?

  /// Makes a budget.
  package init(_ unit: Unit, perSecond: Int64, burst: Int64?) {
    self.unit = unit
    self.perSecond = perSecond
    self.burst = burst
  }
}

/// What a policy says of a trace.
package enum PolicyVote: UInt8, Sendable {
  /// Nothing.
  case none
  /// Keep it.
  case sampled
  /// No reason to keep it.
  case notSampled
  /// Throw it away, whatever others say.
  case dropped
  /// Keep it, unless another has no reason to: an inverted match that holds.
  case invertSampled
  /// Do not keep it: an inverted match that fails is a veto.
  case invertNotSampled
}

/// What became of a trace.
package enum SamplingDecision: String, BitwiseCopyable, Sendable {
  /// Kept.
  case sampled
  /// Not kept.
  case notSampled
  /// Thrown away by a `drop` policy.
  case dropped
}
