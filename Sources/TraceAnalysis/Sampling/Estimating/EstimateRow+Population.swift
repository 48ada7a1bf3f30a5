/// From sums of weights to figures with intervals, by the same rules as `Estimator`.
///
/// Percentiles are read off the histogram: as exact as its buckets, which are 2.2 % wide.
extension EstimateRow {
  /// What the row tells of all there is; the truth is not known.
  var population: PopulationEstimate {
    var result = PopulationEstimate()
    result.traces = sums.traces
    result.keptTraces = sums.traces
    result.items = sums.items
    let total = sums.weight.value
    guard total > 0 else { return result }
    result.requests.value = total
    (result.requests.low, result.requests.high) = Interval.total(
      total, variance: sums.variance.value, kept: sums.traces)
    setErrors(total, &result)
    let independent = bands.reduce(0.0) { $0 + $1.spread.value }
    // How much wider intervals get because requests come in traces.
    let clustering = independent > 0 ? max(1, sums.variance.value / independent) : 1
    result.p50.set(percentile(0.5, clustering))
    result.p95.set(percentile(0.95, clustering))
    result.p99.set(percentile(0.99, clustering))
    return result
  }

  private func setErrors(_ total: Double, _ result: inout PopulationEstimate) {
    let share = min(sums.errorWeight.value / total, 1)
    result.errorRate.value = share
    var observations = Double.infinity
    if share > 0, share < 1 {
      // Σ (e − r·n)² w (w − 1), multiplied out.
      let left =
        sums.errorVariance.value - 2 * share * sums.covariance.value + share * share * sums.variance.value
      if left > 0 { observations = share * (1 - share) * total * total / left }
    } else if sums.variance.value > 0 {
      // Where none or all failed nothing is left over: as many traces of equal weight would tell as much (Kish).
      let sum = sums.traceWeight.value
      observations = sums.traceSquares.value > 0 ? sum * sum / sums.traceSquares.value : 0
    }
    (result.errorRate.low, result.errorRate.high) = Interval.share(share, observations: observations)
    result.errors.value = sums.errorWeight.value
    (result.errors.low, result.errors.high) = Interval.total(
      sums.errorWeight.value, variance: sums.errorVariance.value, kept: sums.errors)
    if sums.errors == 0 { result.errors.high = result.errorRate.high * total }
  }

  private func percentile(
    _ part: Double, _ clustering: Double
  ) -> (value: Double, low: Double, high: Double) {
    guard !bands.isEmpty else { return (0, 0, 0) }
    let total = bands.reduce(0.0) { $0 + $1.weight.value }
    let (place, upTo, spreadUpTo) = place(of: part * total)
    let band = bands[place]
    let value = Double(upper(place))
    // The requests of the bucket lie on both sides of the percentile: their weight is divided.
    let above = max(0, upTo - part * total)
    let mean = band.count > 0 ? band.weight.value / Double(band.count) : 1
    let all = bands.reduce(0.0) { $0 + $1.spread.value }
    let spreadAbove = all - spreadUpTo + above * max(0, mean - 1)
    let variance =
      clustering * ((1 - part) * (1 - part) * max(0, all - spreadAbove) + part * part * spreadAbove)
      / (total * total)
    guard variance > 1e-18 else { return (value, value, value) }
    let bounds = Interval.share(part, observations: part * (1 - part) / variance)
    let low = max(
      sums.least, DurationScale.lowerBound(bands[self.place(of: bounds.low * total).place].bucket))
    // The bucket that holds the first request with so much before it; none: the longest are not known.
    let (last, lastUpTo, _) = self.place(of: bounds.high * total)
    let bandMean = bands[last].count > 0 ? bands[last].weight.value / Double(bands[last].count) : 1
    if lastUpTo - bounds.high * total >= bandMean * 0.999_999 {
      return (value, Double(low), Double(upper(last)))
    }
    return (value, Double(low), last + 1 < bands.count ? Double(upper(last + 1)) : .infinity)
  }

  /// The longest length of a bucket that was met.
  private func upper(_ place: Int) -> Int64 {
    min(max(DurationScale.upperBound(bands[place].bucket), sums.least), sums.greatest)
  }

  /// The first bucket up to which there is so much weight, with that weight and the spread.
  private func place(of wanted: Double) -> (place: Int, upTo: Double, spread: Double) {
    let wanted = wanted * (1 - 1e-12)
    var (upTo, spread) = (0.0, 0.0)
    for place in bands.indices {
      upTo += bands[place].weight.value
      spread += bands[place].spread.value
      if upTo >= wanted { return (place, upTo, spread) }
    }
    return (bands.count - 1, upTo, spread)
  }
}
