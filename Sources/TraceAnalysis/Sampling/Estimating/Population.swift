import TraceModel

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

  let items: SimulationRows<Item>
  /// The items of each group.
  let groups: [Range<Int>]

  private struct Order: RowOrder {
    func isBefore(_ left: Item, _ right: Item) -> Bool {
      (left.group, left.duration, left.traceAndError) < (right.group, right.duration, right.traceAndError)
    }
  }

  /// Sorts requests into groups numbered from 0.
  ///
  /// - Parameter space: where they go; nil for memory.
  /// - Complexity: O(n log n).
  init(_ unsorted: some Sequence<Item>, groups count: Int, in space: SpillSpace? = nil) {
    var runs = SortedRuns(in: space, Order())
    for item in unsorted { runs.add(item) }
    items = SimulationRows(runs.sorted(threads: 1))
    var groups = [Range<Int>](repeating: 0..<0, count: count)
    var (start, group) = (0, -1)
    for (place, item) in items.enumerated() where Int(item.group) != group {
      if group >= 0 { groups[group] = start..<place }
      (start, group) = (place, Int(item.group))
    }
    if group >= 0 { groups[group] = start..<items.count }
    self.groups = groups
  }

  /// Takes requests that are sorted by duration as one group.
  init(sorted items: SimulationRows<Item>) {
    self.items = items
    groups = [items.startIndex..<items.endIndex]
  }
}

/// Estimates the figures of populations from the traces that a policy kept.
///
/// Horvitz–Thompson: a kept trace counts with the inverse of its probability. The trace is the unit of chance, so the
/// variance of a total is Σ y² w (w − 1) over kept traces, y being the trace's part; for a share y is what is left over
/// beyond the estimate. Percentiles have the interval of the share below them, read off the kept requests (Woodruff
/// 1952); requests of one trace are taken to be alike there, which makes intervals wider, never narrower.
struct Estimator: ~Copyable {
  /// The weight of each trace; 0 for one that was not kept.
  private let weights: SimulationRows<Double>
  /// How many traces each stands for in truth; nil when every trace is one.
  private let standing: SimulationRows<Double>?
  // Sums of the group at hand, by trace.
  private var requests: Column<Int32>
  private var failures: Column<Int32>
  private var touched = Column<Int32>()
  private var kept = Column<KeptRequest>()

  /// A kept request with the sums of all up to it.
  private struct KeptRequest: BitwiseCopyable {
    var duration: Double
    var weight: Double
    var weightUpTo: Double
    /// Σ w (w − 1).
    var spreadUpTo: Double
  }

  /// - Parameter space: where tables go that are large; nil for memory.
  init(
    weights: SimulationRows<Double>, standing: SimulationRows<Double>? = nil, in space: SpillSpace? = nil
  ) {
    self.weights = weights
    self.standing = standing
    let large = space?.forTable(bytes: 8 * weights.count)
    requests = Column(zeroes: weights.count, in: large)
    failures = Column(zeroes: weights.count, in: large)
    guard let space else { return }
    touched.moveToFile(in: space)
    kept.moveToFile(in: space)
  }

  private func leaveMemory() {
    requests.leaveMemory()
    failures.leaveMemory()
    touched.leaveMemory()
    kept.leaveMemory()
  }

  /// Estimates all figures of one group.
  ///
  /// - Complexity: O(items).
  mutating func estimate(_ population: Population, _ group: Int) -> PopulationEstimate {
    let items = population.items[population.groups[group]]
    defer { leaveMemory() }
    var result = PopulationEstimate()
    setTruth(items, &result)
    result.traces = items.count
    let errors = collect(items)
    result.keptTraces = touched.count
    result.items = kept.count
    let total = kept.elements.last?.weightUpTo ?? 0
    if total > 0 {
      let variance = variance { requests, _ in requests }
      result.requests.value = total
      (result.requests.low, result.requests.high) = Interval.total(
        total, variance: variance, kept: touched.count)
      setErrorRate(errors / total, total, &result)
      setErrors(errors, &result)
      // How much wider intervals get because requests come in traces.
      let independent = kept.elements.last?.spreadUpTo ?? 0
      let clustering = independent > 0 ? max(1, variance / independent) : 1
      result.p50.set(percentile(0.5, total, clustering))
      result.p95.set(percentile(0.95, total, clustering))
      result.p99.set(percentile(0.99, total, clustering))
    }
    for trace in touched.elements {
      requests[Int(trace)] = 0
      failures[Int(trace)] = 0
    }
    return result
  }

  private func setTruth(_ items: Slice<SimulationRows<Population.Item>>, _ result: inout PopulationEstimate) {
    if let standing { return setTruth(items, standing, &result) }
    result.requests.truth = Double(items.count)
    guard !items.isEmpty else { return }
    result.errors.truth = Double(items.reduce(0) { $0 + ($1.isError ? 1 : 0) })
    result.errorRate.truth = result.errors.truth / Double(items.count)
    func truth(_ part: Double) -> Double {
      let rank = max(1, Int((part * Double(items.count)).rounded(.up)))
      return Double(items[items.startIndex + rank - 1].duration)
    }
    result.p50.truth = truth(0.5)
    result.p95.truth = truth(0.95)
    result.p99.truth = truth(0.99)
  }

  /// The same where traces stand for more than themselves.
  private func setTruth(
    _ items: Slice<SimulationRows<Population.Item>>, _ standing: SimulationRows<Double>,
    _ result: inout PopulationEstimate
  ) {
    let total = items.reduce(0.0) { $0 + standing[$1.trace] }
    guard total > 0 else { return }
    result.requests.truth = total
    result.errors.truth = items.reduce(0.0) { $0 + ($1.isError ? standing[$1.trace] : 0) }
    result.errorRate.truth = result.errors.truth / total
    var upTo = 0.0
    var wanted = [(0.5, \PopulationEstimate.p50), (0.95, \.p95), (0.99, \.p99)][...]
    for item in items {
      upTo += standing[item.trace]
      while let (part, path) = wanted.first, upTo >= part * total * (1 - 1e-12) {
        result[keyPath: path].truth = Double(item.duration)
        wanted = wanted.dropFirst()
      }
    }
  }

  /// Puts the kept requests together; gives the weight of the failed ones.
  private mutating func collect(_ items: Slice<SimulationRows<Population.Item>>) -> Double {
    touched.removeAll()
    kept.removeAll()
    var (total, spread, errors) = (0.0, 0.0, 0.0)
    for item in items {
      let trace = item.trace
      let weight = weights[trace]
      guard weight > 0 else { continue }
      if requests[trace] == 0 { touched.append(Int32(truncatingIfNeeded: trace)) }
      requests[trace] += 1
      total += weight
      spread += weight * (weight - 1)
      if item.isError {
        failures[trace] += 1
        errors += weight
      }
      kept.append(
        KeptRequest(
          duration: Double(item.duration), weight: weight, weightUpTo: total, spreadUpTo: spread))
      if kept.count & 0xfff == 0 { leaveMemory() }
    }
    return errors
  }

  /// Σ y² w (w − 1), y being made of the requests and failures of a trace.
  private func variance(_ part: (_ requests: Double, _ failures: Double) -> Double) -> Double {
    var variance = 0.0
    for trace in touched.elements {
      let weight = weights[Int(trace)]
      let part = part(Double(requests[Int(trace)]), Double(failures[Int(trace)]))
      variance += part * part * weight * (weight - 1)
    }
    return variance
  }

  private func setErrorRate(_ share: Double, _ total: Double, _ result: inout PopulationEstimate) {
    // Rounding may bring the share a hair above one.
    let share = min(share, 1)
    result.errorRate.value = share
    var observations = Double.infinity
    if share > 0 && share < 1 {
      let variance = variance { $1 - share * $0 } / (total * total)
      if variance > 0 { observations = share * (1 - share) / variance }
    } else if variance({ requests, _ in requests }) > 0 {
      // Where none or all failed nothing is left over: as many traces of equal weight would tell as much (Kish).
      let squares = touched.elements.reduce(0.0) { $0 + weights[Int($1)] * weights[Int($1)] }
      let sum = touched.elements.reduce(0.0) { $0 + weights[Int($1)] }
      observations = squares > 0 ? sum * sum / squares : 0
    }
    (result.errorRate.low, result.errorRate.high) = Interval.share(share, observations: observations)
  }

  private func setErrors(_ errors: Double, _ result: inout PopulationEstimate) {
    result.errors.value = errors
    var seen = 0
    for trace in touched.elements { seen += Int(failures[Int(trace)]) }
    (result.errors.low, result.errors.high) = Interval.total(
      errors, variance: variance { $1 }, kept: seen)
    // None seen is not none there.
    if seen == 0 { result.errors.high = result.errorRate.high * result.requests.value }
  }

  private func percentile(
    _ part: Double, _ total: Double, _ clustering: Double
  ) -> (value: Double, low: Double, high: Double) {
    let place = place(of: part * total)
    let item = kept[place]
    // The request at the percentile lies on both sides of it: its weight is divided.
    let above = max(0, item.weightUpTo - part * total)
    let spreadAbove = (kept.elements.last?.spreadUpTo ?? 0) - item.spreadUpTo + above * (item.weight - 1)
    let spreadBelow = (kept.elements.last?.spreadUpTo ?? 0) - spreadAbove
    let variance =
      clustering * ((1 - part) * (1 - part) * spreadBelow + part * part * spreadAbove) / (total * total)
    guard variance > 1e-18 else { return (item.duration, item.duration, item.duration) }
    let bounds = Interval.share(part, observations: part * (1 - part) / variance)
    let low = kept[self.place(of: bounds.low * total)].duration
    // The first request that has so much before it; none: what was kept cannot tell how long the longest are.
    let after = self.place(of: bounds.high * total) + 1
    return (item.duration, low, after < kept.count ? kept[after].duration : .infinity)
  }

  /// The first kept request up to which there is so much weight; the last one when there is not.
  private func place(of weight: Double) -> Int {
    // A hair less, since sums of fractions do not come out even.
    let wanted = weight * (1 - 1e-12)
    return kept.elements.dropLast().partitionPoint { $0.weightUpTo < wanted }
  }
}
