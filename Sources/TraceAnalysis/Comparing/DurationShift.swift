import TraceModel

/// How durations of now lie against those of then, by tests that a few outliers cannot sway.
///
/// Both work on the buckets of histograms, so they can be had from digests: durations of one bucket count as equal.
struct DurationShift {
  /// Mann and Whitney's rank sum, ties corrected, as a z-score: above zero when durations of now are longer.
  private(set) var z = 0.0
  /// The part of durations of now above the p95 of then; 0.05 when nothing changed.
  private(set) var slowShare = 0.0
  /// Two-proportion z of that part.
  private(set) var slowZ = 0.0

  /// - Complexity: O(buckets).
  init(_ before: DurationSummary, _ after: DurationSummary) {
    guard before.count > 0, after.count > 0 else { return }
    var counts: [Int64: (before: Int, after: Int)] = [:]
    for bucket in before.buckets { counts[bucket.upper.rawValue, default: (0, 0)].before += bucket.count }
    for bucket in after.buckets { counts[bucket.upper.rawValue, default: (0, 0)].after += bucket.count }
    let old = Double(before.count)
    let new = Double(after.count)
    let all = old + new
    var below = 0.0
    var wins = 0.0
    var ties = 0.0
    for upper in counts.keys.sorted() {
      guard let count = counts[upper] else { continue }
      wins += Double(count.after) * (below + Double(count.before) / 2)
      below += Double(count.before)
      let tied = Double(count.before + count.after)
      ties += tied * tied * tied - tied
    }
    let variance = old * new / 12 * (all + 1 - ties / (all * max(all - 1, 1)))
    if variance > 0 { z = (wins - old * new / 2) / variance.squareRoot() }
    let oldSlow = Self.above(before.p95, before)
    let newSlow = Self.above(before.p95, after)
    slowShare = Double(newSlow) / new
    slowZ = Comparer.proportionZ(newSlow, after.count, oldSlow, before.count)
  }

  private static func above(_ limit: Nanoseconds, _ summary: DurationSummary) -> Int {
    summary.buckets.reduce(0) { $1.lower >= limit || $1.upper > limit ? $0 + $1.count : $0 }
  }
}
