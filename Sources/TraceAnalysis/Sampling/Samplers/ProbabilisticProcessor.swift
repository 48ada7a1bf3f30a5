package import TraceModel

/// The Collector's `probabilistic_sampler`.
///
/// Source: collector-contrib, `processor/probabilisticsamplerprocessor`. It decides span by span; here the primary root
/// of a trace decides for all of it, which is the same unless spans of one trace differ in their trace states.
package struct ProbabilisticProcessor: Sendable, Equatable {
  /// How the decision is made.
  package enum Mode: String, Sendable, CaseIterable {
    /// A hash of the trace id with a seed.
    case hashSeed = "hash_seed"
    /// The given share of what arrives, whatever was sampled before.
    case proportional
    /// The given share of what once was, or what arrives when that is less.
    case equalizing
  }

  /// How the decision is made.
  package var mode = Mode.hashSeed
  /// Percent to keep, in the precision that the Collector has.
  package var percentage: Float = 0
  /// The seed of `hashSeed`.
  package var seed: UInt32 = 0
  /// What cannot be decided is dropped.
  package var failsClosed = true
  /// Hex digits of thresholds.
  package var precision = 4

  /// Makes one that keeps nothing.
  package init() {}

  /// What became of a trace: whether it is kept, and with what probability it was to be.
  package struct Outcome: Sendable, Equatable {
    /// Whether it is kept.
    package var isKept: Bool
    /// The probability of being kept, given that the trace arrived; 1 when chance has no part in it.
    package var probability: Double
  }

  /// Decides over a trace by its id, the `ot` member of its root's trace state, and its `sampling.priority`.
  package func decide(
    _ id: TraceID, state: OpenTelemetryTraceState?, priority: Int64?
  ) -> Outcome {
    if let priority { return Outcome(isKept: priority > 0, probability: 1) }
    switch mode {
    case .hashSeed:
      guard state?.threshold == nil, state?.randomness == nil else {
        return Outcome(isKept: !failsClosed, probability: 1)
      }
      let bucket = CollectorHash.bits32(seed: seed, id) & 0x3fff
      return Outcome(isKept: bucket < acceptedBuckets, probability: Double(acceptedBuckets) / 16_384)
    case .proportional, .equalizing:
      let arrived = state?.threshold ?? 0
      let threshold = threshold(arrivedWith: arrived)
      let randomness = state?.randomness ?? id.randomness
      // Both keep the traces of highest randomness, so what is left of the probability is the quotient.
      let before = Threshold.probability(arrived)
      let probability = before > 0 ? min(1, Threshold.probability(threshold) / before) : 1
      return Outcome(isKept: randomness >= threshold, probability: probability)
    }
  }

  private func threshold(arrivedWith arrived: UInt64) -> UInt64 {
    let ratio = Double(percentage) / 100
    if mode == .equalizing { return max(arrived, Threshold.of(ratio, digits: precision)) }
    return Threshold.of(Threshold.probability(arrived) * min(max(ratio, 0), 1), digits: precision)
  }

  /// Of 16,384 buckets so many are kept.
  package var acceptedBuckets: UInt32 {
    if percentage >= 100 { return 16_384 }
    return percentage > 0 ? UInt32(percentage * Float(163.84)) : 0
  }
}
