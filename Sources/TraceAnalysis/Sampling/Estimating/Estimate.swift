/// A figure estimated from what was kept, with its 95 % interval, beside the true one.
package struct Estimate: Sendable, Equatable {
  /// What it is over all traces.
  package var truth = 0.0
  /// What is estimated from the kept ones.
  package var value = 0.0
  /// The lower end of the 95 % interval.
  package var low = 0.0
  /// The upper end of the 95 % interval; infinite when what was kept cannot tell.
  package var high = 0.0

  /// Makes one of nothing.
  package init() {}

  mutating func set(_ figures: (value: Double, low: Double, high: Double)) {
    (value, low, high) = figures
  }

  /// True when nothing was left to chance.
  package var isExact: Bool { low == value && high == value }

  /// True when the truth lies in the interval; bounds are held a hair wider for rounding.
  package var holdsTruth: Bool {
    let margin = 1e-9 * max(truth.magnitude, 1)
    return low - margin <= truth && truth <= high + margin
  }

  /// How far off the estimate is, as a share of the truth; nil when the truth is 0.
  package var relativeError: Double? { truth > 0 ? (value - truth) / truth : nil }
}

/// Intervals of 95 % (reference on sampling, section 6).
package enum Interval {
  /// 97.5 % of a normal distribution lie below.
  package static let z = 1.959_963_984_540_054

  /// The interval of a total estimated by weights: ±1.96 standard errors from 30 traces on; below, the totals that would
  /// make what was seen no surprise (score interval), which is never negative.
  package static func total(_ value: Double, variance: Double, kept: Int) -> (low: Double, high: Double) {
    guard variance > 0, value > 0 else { return (value, value) }
    if kept >= 30 {
      let margin = z * variance.squareRoot()
      return (max(0, value - margin), value + margin)
    }
    let spread = variance / value
    let middle = value + z * z * spread / 2
    let margin = z * (value * spread + z * z * spread * spread / 4).squareRoot()
    return (max(0, middle - margin), middle + margin)
  }

  /// Wilson's interval of a share, from a number of independent observations that may be a fraction.
  package static func share(_ share: Double, observations: Double) -> (low: Double, high: Double) {
    guard observations > 0, observations.isFinite else { return (share, share) }
    let square = z * z / observations
    let middle = (share + square / 2) / (1 + square)
    let margin =
      z / (1 + square) * (share * (1 - share) / observations + square / observations / 4).squareRoot()
    // Exact at the ends, where rounding would leave a hair.
    return (share == 0 ? 0 : max(0, middle - margin), share == 1 ? 1 : min(1, middle + margin))
  }
}

/// What is estimated of one population: all requests, those of an entry point, or those a service answers.
package struct PopulationEstimate: Sendable {
  /// The service; empty for all.
  package var service = ""
  /// The operation; empty for all of a service.
  package var operation = ""
  /// Traces with such a request.
  package var traces = 0
  /// Kept traces with such a request.
  package var keptTraces = 0
  /// Kept requests.
  package var items = 0
  /// The number of requests.
  package var requests = Estimate()
  /// The number of requests that failed.
  package var errors = Estimate()
  /// The share of requests that failed.
  package var errorRate = Estimate()
  /// Latency percentiles in nanoseconds.
  package var p50 = Estimate()
  /// See `p50`.
  package var p95 = Estimate()
  /// See `p50`.
  package var p99 = Estimate()

  /// Makes one of nothing.
  package init() {}
}
