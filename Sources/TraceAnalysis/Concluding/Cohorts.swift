import TraceModel

/// The typical and the slow requests of an entry point, as unions of whole duration bands.
///
/// Typical are the bands from the 40th to the 60th percentile. Slow are those from the 99th on if they hold at
/// least 20 requests, else from the 95th on. There is no slow cohort when the two would touch, or when there are
/// fewer than 5 requests.
struct Cohorts {
  /// Places of rows among `durationBands`.
  var typical: Range<Int> = 0..<0
  var slow: Range<Int> = 0..<0
  private let digest: Digest
  private let least: Int64
  private let greatest: Int64

  init(_ digest: Digest, _ bands: Range<Int>, _ durations: DurationSketch) {
    self.digest = digest
    least = durations.least
    greatest = durations.greatest
    let count = durations.count
    guard count >= 5 else { return }
    let from = place(of: 0.4, bands, count)
    let to = place(of: 0.6, bands, count)
    typical = from..<to + 1
    let last = place(of: 0.99, bands, count)
    let isEnough = digest.durationBands[last..<bands.upperBound].reduce(0) { $0 + $1.count } >= 20
    let start = isEnough ? last : place(of: 0.95, bands, count)
    if start > to { slow = start..<bands.upperBound }
  }

  private func place(of part: Double, _ bands: Range<Int>, _ count: Int) -> Int {
    let rank = max(Int((part * Double(count)).rounded(.up)), 1)
    var seen = 0
    for place in bands {
      seen += digest.durationBands[place].count
      if seen >= rank { return place }
    }
    return max(bands.upperBound - 1, bands.lowerBound)
  }

  func result(of bands: Range<Int>) -> CohortResult {
    var result = CohortResult()
    guard let first = digest.durationBands[bands].first, let last = digest.durationBands[bands].last else {
      return result
    }
    var sum: Int64 = 0
    for row in digest.durationBands[bands] {
      result.count += row.count
      sum = sum.saturatingSum(row.sum)
    }
    let steps = DurationBandRow.scaleSteps
    let lower = first.band > 0 ? DurationScale.upperBound(first.band - 1, by: steps) + 1 : 0
    result.from = Nanoseconds(max(lower, least))
    result.to = Nanoseconds(min(DurationScale.upperBound(last.band, by: steps), greatest))
    result.mean = Nanoseconds(sum / Int64(max(result.count, 1)))
    return result
  }

  /// The numbers of the bands of a cohort.
  func bands(_ cohort: Range<Int>) -> ClosedRange<Int>? {
    guard let first = digest.durationBands[cohort].first, let last = digest.durationBands[cohort].last else {
      return nil
    }
    return first.band...last.band
  }
}

extension Concluder {
  /// What each service adds to slow requests.
  func cohortRows(_ entry: Int, _ cohorts: Cohorts) -> [CohortRow] {
    guard let typicalBands = cohorts.bands(cohorts.typical), let slowBands = cohorts.bands(cohorts.slow)
    else {
      return []
    }
    let typical = cohorts.result(of: cohorts.typical)
    let slow = cohorts.result(of: cohorts.slow)
    let difference = Double((slow.mean - typical.mean).rawValue)
    guard difference > 0 else { return [] }
    var rows: [CohortRow] = []
    for place in componentsOfEntry[entry]
    where digest.components[place].callee.isEmpty && digest.components[place].times.count > 0 {
      let low = sums(place, typicalBands)
      let high = sums(place, slowBands)
      var row = CohortRow()
      row.service = name(digest.components[place].service)
      row.typical = Nanoseconds(low.sum / Int64(typical.count))
      row.slow = Nanoseconds(high.sum / Int64(slow.count))
      let added = Double(high.sum) / Double(slow.count) - Double(low.sum) / Double(typical.count)
      let lowShare = Double(low.count) / Double(typical.count)
      let highShare = Double(high.count) / Double(slow.count)
      let lowMean = low.count > 0 ? Double(low.sum) / Double(low.count) : 0
      let highMean = high.count > 0 ? Double(high.sum) / Double(high.count) : 0
      row.moreOften = Nanoseconds(reckoned: (highShare - lowShare) * lowMean)
      row.slowerPerCall = Nanoseconds(reckoned: highShare * (highMean - lowMean))
      row.share = added / difference
      row.margin = Nanoseconds(
        reckoned: 1.96 * (low.variance(typical.count) + high.variance(slow.count)).squareRoot())
      rows.append(row)
    }
    return rows.sorted { $0.share != $1.share ? $0.share > $1.share : $0.service < $1.service }
  }

  private struct Sums {
    var count = 0
    var sum: Int64 = 0
    var squares = 0.0

    /// Of the mean over so many requests.
    func variance(_ requests: Int) -> Double {
      guard requests > 1 else { return 0 }
      let mean = Double(sum) / Double(requests)
      return max(squares / Double(requests) - mean * mean, 0) / Double(requests - 1)
    }
  }

  private func sums(_ component: Int, _ bands: ClosedRange<Int>) -> Sums {
    var sums = Sums()
    var squares: UInt128 = 0
    for row in digest.componentBands[bandsOfComponent[component]] where bands.contains(row.band) {
      sums.count += row.count
      sums.sum = sums.sum.saturatingSum(row.sum)
      squares += row.squares
    }
    sums.squares = Double(squares)
    return sums
  }
}
