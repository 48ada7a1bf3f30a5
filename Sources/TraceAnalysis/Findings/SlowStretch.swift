import TraceModel

/// When requests were slow: the stretch of time in which p95 lay above a limit more often than not.
///
/// Of all stretches it is the one with the largest surplus of slow steps over others (Kadane's maximum subarray), so a
/// few quiet steps within an incident do not cut it, and a few slow ones outside do not widen it.
struct SlowStretch: Equatable {
  let start: UnixNanoseconds
  let end: UnixNanoseconds
  /// True when it begins with the first step that has requests and ends with the last.
  let isWhole: Bool

  /// Fewer slow steps are chance.
  private static let fewestSteps = 3

  /// Nil when too few steps are slow. Steps without requests count as neither.
  ///
  /// - Complexity: O(steps).
  init?(_ series: [SeriesPoint], above limit: Nanoseconds, windowEnd: UnixNanoseconds) {
    let steps = series.indices.filter { series[$0].count > 0 }
    var best = (surplus: 0, from: 0, to: 0)
    var surplus = 0
    var from = 0
    for (place, step) in steps.enumerated() {
      if surplus <= 0 {
        surplus = 0
        from = place
      }
      surplus += series[step].p95 > limit ? 1 : -1
      if surplus > best.surplus { best = (surplus, from, place) }
    }
    guard best.surplus >= Self.fewestSteps else { return nil }
    let next = steps[best.to] + 1
    start = series[steps[best.from]].start
    end = next < series.count ? series[next].start : max(windowEnd, start)
    isWhole = best.from == 0 && best.to == steps.count - 1
  }

  /// `from 21:07:42 to 21:31:00 UTC`; in windows of more than a day `from 26 h to 31 h into the window`.
  func words(_ window: TimeWindow, _ zone: TimeZoneRules) -> String {
    if isWhole { return "all the time" }
    let day: Int64 = 86_400_000_000_000
    if (window.end - window.start).rawValue <= day {
      return "from \(Words.time(start, zone)) to \(Words.time(end, zone)) \(zone.name)"
    }
    return "from \(Words.length(start - window.start)) to \(Words.length(end - window.start)) into the window"
  }
}
