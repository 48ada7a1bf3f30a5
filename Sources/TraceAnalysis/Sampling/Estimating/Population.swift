/// Requests that are looked at together, sorted by duration within each group, so that every policy finds percentiles
/// in one pass.
struct Population: Sendable {
  /// A request.
  struct Item: BitwiseCopyable, Sendable {
    var group: Int32
    var traceAndError: UInt32
    var duration: Int64

    var trace: Int { Int(traceAndError & 0x3fff_ffff) }
    var isError: Bool { traceAndError >> 31 == 1 }
  }

  let items: [Item]
  /// The items of each group.
  let groups: [Range<Int>]

  /// Sorts requests into groups numbered from 0.
  ///
  /// - Complexity: O(n log n).
  init(_ unsorted: [Item], groups count: Int) {
    items = unsorted.sorted {
      ($0.group, $0.duration, $0.traceAndError) < ($1.group, $1.duration, $1.traceAndError)
    }
    var groups = [Range<Int>](repeating: 0..<0, count: count)
    var start = 0
    while start < items.count {
      var end = start
      while end < items.count, items[end].group == items[start].group { end += 1 }
      groups[Int(items[start].group)] = start..<end
      start = end
    }
    self.groups = groups
  }
}

/// Estimates the figures of populations from the traces that a policy kept.
///
/// Horvitz–Thompson: a kept trace counts with the inverse of its probability. The trace is the unit of chance, so the
/// variance of a total is Σ y² w (w − 1) over kept traces, y being the trace's part; for shares and percentiles y is what
/// is left over beyond the estimate (linearised, Woodruff 1952 for percentiles).
struct Estimator {
  /// The weight of each trace; 0 for one that was not kept.
  private let weights: [Double]
  // Sums of the trace at hand, by trace.
  private var requests: [Int32]
  private var selected: [Int32]
  private var touched: [Int32] = []

  init(weights: [Double]) {
    self.weights = weights
    requests = Array(repeating: 0, count: weights.count)
    selected = Array(repeating: 0, count: weights.count)
  }

  /// Estimates all figures of one group.
  ///
  /// - Complexity: O(items).
  mutating func estimate(_ population: Population, _ group: Int) -> PopulationEstimate {
    let range = population.groups[group]
    let items = population.items[range]
    var result = PopulationEstimate()
    setTruth(items, &result)
    touched.removeAll(keepingCapacity: true)
    var (total, errors) = (0.0, 0.0)
    for item in items {
      let weight = weights[item.trace]
      guard weight > 0 else { continue }
      if requests[item.trace] == 0 { touched.append(Int32(truncatingIfNeeded: item.trace)) }
      requests[item.trace] += 1
      total += weight
      if item.isError {
        selected[item.trace] += 1
        errors += weight
      }
    }
    result.keptTraces = touched.count
    guard total > 0 else { return result }
    setTotal(total, &result)
    setShare(errors / total, total, &result)
    for (part, path) in [(0.5, \PopulationEstimate.p50), (0.95, \.p95), (0.99, \.p99)] {
      setPercentile(part, path, items, total, &result)
    }
    for trace in touched { requests[Int(trace)] = 0 }
    return result
  }

  private func setTruth(_ items: ArraySlice<Population.Item>, _ result: inout PopulationEstimate) {
    result.requests.truth = Double(items.count)
    guard !items.isEmpty else { return }
    result.errorRate.truth = Double(items.reduce(0) { $0 + ($1.isError ? 1 : 0) }) / Double(items.count)
    for (part, path) in [(0.5, \PopulationEstimate.p50), (0.95, \.p95), (0.99, \.p99)] {
      let rank = max(1, Int((part * Double(items.count)).rounded(.up)))
      result[keyPath: path].truth = Double(items[items.startIndex + rank - 1].duration)
    }
  }

  private func setTotal(_ total: Double, _ result: inout PopulationEstimate) {
    var variance = 0.0
    for trace in touched {
      let (weight, count) = (weights[Int(trace)], Double(requests[Int(trace)]))
      variance += count * count * weight * (weight - 1)
    }
    result.requests.value = total
    (result.requests.low, result.requests.high) = Interval.total(
      total, variance: variance, kept: touched.count)
  }

  private mutating func setShare(_ share: Double, _ total: Double, _ result: inout PopulationEstimate) {
    let variance = variance(ofShare: share, total)
    result.errorRate.value = share
    let observations =
      share > 0 && share < 1 ? share * (1 - share) / variance : effectiveTraces(total)
    if variance > 0 {
      (result.errorRate.low, result.errorRate.high) = Interval.share(share, observations: observations)
    } else {
      (result.errorRate.low, result.errorRate.high) = (share, share)
    }
  }

  /// The variance of the share of selected requests; forgets which were selected.
  private mutating func variance(ofShare share: Double, _ total: Double) -> Double {
    var variance = 0.0
    for trace in touched {
      let weight = weights[Int(trace)]
      let rest = Double(selected[Int(trace)]) - share * Double(requests[Int(trace)])
      // Where all or nothing is selected nothing is left over: then every trace counts as it is.
      let part = share > 0 && share < 1 ? rest : Double(requests[Int(trace)])
      variance += part * part * weight * (weight - 1)
      selected[Int(trace)] = 0
    }
    return variance / (total * total)
  }

  /// As many traces of equal weight would tell as much (Kish).
  private func effectiveTraces(_ total: Double) -> Double {
    var (sum, squares) = (0.0, 0.0)
    for trace in touched {
      let weight = weights[Int(trace)]
      sum += weight
      squares += weight * weight
    }
    return squares > 0 ? sum * sum / squares : 0
  }

  private mutating func setPercentile(
    _ part: Double, _ path: WritableKeyPath<PopulationEstimate, Estimate>,
    _ items: ArraySlice<Population.Item>, _ total: Double, _ result: inout PopulationEstimate
  ) {
    let place = place(of: part, items, total)
    for item in items[...place] where weights[item.trace] > 0 { selected[item.trace] += 1 }
    let variance = variance(ofShare: part, total)
    result[keyPath: path].value = Double(items[place].duration)
    var (low, high) = (place, place)
    if variance > 0 {
      let bounds = Interval.share(part, observations: part * (1 - part) / variance)
      low = self.place(of: bounds.low, items, total)
      high = self.place(of: bounds.high, items, total, isUpper: true)
    }
    result[keyPath: path].low = Double(items[low].duration)
    result[keyPath: path].high = Double(items[high].duration)
  }

  /// The first kept request at which a share of the weight is reached; for an upper bound the one after it.
  private func place(
    of part: Double, _ items: ArraySlice<Population.Item>, _ total: Double, isUpper: Bool = false
  ) -> Int {
    let wanted = part * total
    var sum = 0.0
    var last = items.startIndex
    for place in items.indices {
      let weight = weights[items[place].trace]
      guard weight > 0 else { continue }
      // A hair less, since sums of fractions do not come out even.
      let isReached = sum >= wanted * (1 - 1e-12)
      if isUpper && isReached { return place }
      sum += weight
      last = place
      if !isUpper, sum >= wanted * (1 - 1e-12) { return place }
    }
    return last
  }
}
