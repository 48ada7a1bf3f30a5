package import TraceModel

/// What the user says of how the archives were sampled, for traces that do not say it themselves.
package struct SamplingDeclaration: Sendable, Equatable {
  /// Groups of traces that were kept at rates of their own; the first that fits a trace counts.
  package var strata: [SamplingStratum] = []
  /// What a head sampler kept of all others; nil when that is not known.
  package var ratio: Double?

  /// Says nothing.
  package init() {}

  /// Says that a head sampler kept so much.
  package init(ratio: Double?) { self.ratio = ratio }
}

/// A group of traces that were kept at one rate: one line of `sampling.strata` in the configuration.
package struct SamplingStratum: Sendable, Equatable {
  /// Which traces are in it.
  package enum Members: Sendable, Equatable {
    /// Those in which a span failed.
    case failed
    /// Those whose root took at least so long.
    case slow(Nanoseconds)
    /// Those that the Collector marked as kept by a policy (`tailsampling.policy` of the scope).
    case policy(String)
    /// Those whose root, or its resource, has an attribute with this text.
    case attribute(key: String, value: String)
    /// All others.
    case rest
  }

  /// Which traces are in it.
  package var members: Members
  /// What was kept of them, above 0 up to 1.
  package var ratio: Double

  /// Makes a stratum.
  package init(_ members: Members, ratio: Double) {
    self.members = members
    self.ratio = ratio
  }
}
