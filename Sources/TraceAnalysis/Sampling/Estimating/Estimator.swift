import TraceModel

/// Estimates the figures of populations from the traces that a policy kept.
///
/// Horvitz–Thompson: a kept trace counts with the inverse of its probability. The trace is the unit of chance, so the
/// variance of a total is Σ y² w (w − 1) over kept traces, y being the trace's part; for a share y is what is left over
/// beyond the estimate. Percentiles have the interval of the share below them, read off the kept requests (Woodruff
/// 1952); requests of one trace are taken to be alike there, which makes intervals wider, never narrower.
struct Estimator: ~Copyable {
  /// A request that was kept.
  private struct KeptItem: BitwiseCopyable, Sendable {
    var place: Int
    var weight: Double
    /// What its trace has in its group, for the first of them; 0 for others.
    var requests: Int32 = 0
    var failures: Int32 = 0
  }

  private struct KeptOrder: RowOrder {
    func isBefore(_ left: KeptItem, _ right: KeptItem) -> Bool { left.place < right.place }
  }

  /// What each trace counts for; 0 for one that was not kept.
  private let weights: StoredRows<Double>
  private let space: SpillSpace?
  /// The population whose kept requests are known, and these in the order of its items.
  private var items: StoredRows<Population.Item>?
  private var selection = StoredRows<KeptItem>(EmptyCollection())
  /// The kept ones of the group at hand.
  private var places = 0..<0
  private var kept = Column<KeptRequest>()

  /// A kept request with the sums of all up to it.
  private struct KeptRequest: BitwiseCopyable {
    var duration: Double
    var weight: Double
    var weightUpTo: Double
    /// Σ w (w − 1).
    var spreadUpTo: Double
  }

  /// - Parameters:
  ///   - weights: what each trace counts for; 0 for one that was not kept.
  ///   - space: where rows go; nil for memory.
  init(weights: some Sequence<Double>, in space: SpillSpace? = nil) {
    self.weights = StoredRows(weights, in: space)
    self.space = space
    if let space { kept.moveToFile(in: space) }
  }

  /// Puts the kept requests of a population into the order of its items.
  private mutating func select(_ population: Population) {
    var runs = SortedRuns(in: space, KeptOrder())
    var first: (item: KeptItem, turn: Population.Turn)?
    for (number, turn) in population.turns.enumerated() {
      if RowStretch.ends(behind: number) { weights.leaveMemory() }
      let weight = weights[turn.trace]
      guard weight > 0 else { continue }
      var item = KeptItem(place: turn.place, weight: weight)
      if var known = first, known.turn.trace == turn.trace, known.turn.group == turn.group {
        known.item.requests += 1
        known.item.failures += turn.isError ? 1 : 0
        first = known
        runs.add(item)
      } else {
        if let first { runs.add(first.item) }
        item.requests = 1
        item.failures = turn.isError ? 1 : 0
        first = (item, turn)
      }
    }
    if let first { runs.add(first.item) }
    items = population.items
    selection = StoredRows(runs.sorted(threads: 1))
  }

  /// Estimates all figures of one group.
  ///
  /// - Complexity: O(items); for the first group of a population O(n log n) in the kept ones of all.
  mutating func estimate(_ population: Population, _ group: Int) -> PopulationEstimate {
    if items !== population.items { select(population) }
    let range = population.groups[group]
    let items = population.items[range]
    let start = selection.partitionPoint { $0.place < range.lowerBound }
    places = start..<selection[start...].partitionPoint { $0.place < range.upperBound }
    defer { kept.leaveMemory() }
    var result = PopulationEstimate()
    setTruth(items, population.standings?[range], &result)
    result.traces = items.count
    let errors = collect(population.items)
    var traces = 0
    forEachTrace { _ in traces += 1 }
    result.keptTraces = traces
    result.items = kept.count
    let total = kept.elements.last?.weightUpTo ?? 0
    if total > 0 {
      let variance = variance { requests, _ in requests }
      result.requests.value = total
      (result.requests.low, result.requests.high) = Interval.total(
        total, variance: variance, kept: traces)
      setErrorRate(errors / total, total, &result)
      setErrors(errors, &result)
      // How much wider intervals get because requests come in traces.
      let independent = kept.elements.last?.spreadUpTo ?? 0
      let clustering = independent > 0 ? max(1, variance / independent) : 1
      result.p50.set(percentile(0.5, total, clustering))
      result.p95.set(percentile(0.95, total, clustering))
      result.p99.set(percentile(0.99, total, clustering))
    }
    return result
  }

  private func setTruth(
    _ items: Slice<StoredRows<Population.Item>>, _ standings: Slice<StoredRows<Double>>?,
    _ result: inout PopulationEstimate
  ) {
    if let standings { return setTruth(items, standings, &result) }
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
    _ items: Slice<StoredRows<Population.Item>>, _ standings: Slice<StoredRows<Double>>,
    _ result: inout PopulationEstimate
  ) {
    var (total, errors) = (0.0, 0.0)
    for (item, standing) in zip(items, standings) {
      total += standing
      if item.isError { errors += standing }
    }
    guard total > 0 else { return }
    result.requests.truth = total
    result.errors.truth = errors
    result.errorRate.truth = result.errors.truth / total
    var upTo = 0.0
    var wanted = [(0.5, \PopulationEstimate.p50), (0.95, \.p95), (0.99, \.p99)][...]
    for (item, standing) in zip(items, standings) {
      upTo += standing
      while let (part, path) = wanted.first, upTo >= part * total * (1 - 1e-12) {
        result[keyPath: path].truth = Double(item.duration)
        wanted = wanted.dropFirst()
      }
    }
  }

  /// Puts the kept requests together; gives the weight of the failed ones.
  private mutating func collect(_ items: StoredRows<Population.Item>) -> Double {
    kept.removeAll()
    var (total, spread, errors) = (0.0, 0.0, 0.0)
    for number in places {
      let one = selection[number]
      let item = items[one.place]
      total += one.weight
      spread += one.weight * (one.weight - 1)
      if item.isError { errors += one.weight }
      kept.append(
        KeptRequest(
          duration: Double(item.duration), weight: one.weight, weightUpTo: total, spreadUpTo: spread))
      if RowStretch.ends(behind: kept.count) {
        kept.leaveMemory()
        items.leaveMemory()
      }
    }
    return errors
  }

  /// Goes through the traces that were kept, in the order of their first requests.
  private func forEachTrace(_ body: (KeptItem) -> Void) {
    for number in places {
      let item = selection[number]
      if item.requests > 0 { body(item) }
    }
  }

  /// Σ y² w (w − 1), y being made of the requests and failures of a trace.
  private func variance(_ part: (_ requests: Double, _ failures: Double) -> Double) -> Double {
    var variance = 0.0
    forEachTrace { trace in
      let part = part(Double(trace.requests), Double(trace.failures))
      variance += part * part * trace.weight * (trace.weight - 1)
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
      var (squares, sum) = (0.0, 0.0)
      forEachTrace { trace in
        squares += trace.weight * trace.weight
        sum += trace.weight
      }
      observations = squares > 0 ? sum * sum / squares : 0
    }
    (result.errorRate.low, result.errorRate.high) = Interval.share(share, observations: observations)
  }

  private func setErrors(_ errors: Double, _ result: inout PopulationEstimate) {
    result.errors.value = errors
    var seen = 0
    forEachTrace { seen += Int($0.failures) }
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
