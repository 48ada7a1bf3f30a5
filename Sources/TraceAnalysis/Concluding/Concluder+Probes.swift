import TraceModel

extension Concluder {
  /// What would help an entry point.
  func whatIf(_ entry: Int) -> [WhatIfResult] {
    let rows = digest.whatIfs[whatIfsOfEntry[entry]]
    var before: [Symbol: WhatIfRow] = [:]
    for row in rows where row.percent == 0 { before[row.service] = row }
    var shares: [Symbol: Int64] = [:]
    for row in digest.components[componentsOfEntry[entry]] where row.callee.isEmpty {
      shares[row.service] = row.times.sum
    }
    return rows.filter { $0.percent > 0 }.compactMap { row in
      guard let now = before[row.service], now.durations.count > 0 else { return nil }
      var result = WhatIfResult()
      result.service = name(row.service)
      result.percent = row.percent
      result.probes = row.probes
      result.meanBefore = Self.mean(now.durations)
      result.p50Before = Nanoseconds(now.durations.percentile(0.5))
      result.p99Before = Nanoseconds(now.durations.percentile(0.99))
      result.meanAfter = Self.mean(row.durations)
      result.p50After = Nanoseconds(row.durations.percentile(0.5))
      result.p99After = Nanoseconds(row.durations.percentile(0.99))
      return (result, shares[row.service] ?? 0)
    }.sorted { (left: (WhatIfResult, Int64), right: (WhatIfResult, Int64)) in
      if left.1 != right.1 { return left.1 > right.1 }
      if left.0.service != right.0.service { return left.0.service < right.0.service }
      return left.0.percent < right.0.percent
    }.map(\.0)
  }

  private static func mean(_ sketch: DurationSketch) -> Nanoseconds {
    Nanoseconds(sketch.sum / Int64(max(sketch.count, 1)))
  }

  /// The most values that are shown of one set.
  private static let shownValues = 12
  /// A value must be on so many requests of the set, and on this part of them.
  private static let leastCount = 5
  private static let leastSupport = 0.05
  /// The part of announced values that may be there by chance.
  private static let falseRate = 0.01

  /// Values of attributes that one set of requests carries more often than another, strongest first.
  ///
  /// Fisher's exact test, with all values that vary taken into account (Benjamini and Hochberg). Values with equal
  /// counts in both sets are one.
  func sharedValues(_ set: ProbeSet, _ place: Int, against other: ProbeSet, _ places: [Int]) -> [SharedValue]
  {
    let own = digest.attributes[attributeRange(set, place)]
    let total = own.lazy.filter(\.attribute.isEmpty).reduce(0) { $0 + $1.count }
    let (otherTotal, otherCounts) = counts(of: own, in: other, places)
    guard total >= Self.leastCount, otherTotal >= Self.leastCount else { return [] }
    var values: [[Int]: [SharedValue]] = [:]
    for (row, otherCount) in zip(own, otherCounts) where !row.attribute.isEmpty {
      let count = row.count
      // What everybody carries tells nobody apart.
      guard count < total || otherCount < otherTotal else { continue }
      guard count >= Self.leastCount, Double(count) >= Self.leastSupport * Double(total) else { continue }
      // Counts of a digest that was read may be as large as one likes.
      guard Int128(count) * Int128(otherTotal) > Int128(otherCount) * Int128(total) else { continue }
      values[[count, otherCount], default: []].append(value(row, total, otherCount, otherTotal))
    }
    let merged = values.values.map(Self.joined).sorted(by: Self.isStronger)
    return Array(Self.tested(merged).prefix(Self.shownValues))
  }

  /// How many requests other sets have, and how many of them carry the values of some rows.
  ///
  ///     own        a=1  a=2       b=1  c=7        rows are in the order of their values everywhere,
  ///     another    a=1       a=3  b=1             so both are gone through side by side
  private func counts(
    of own: ArraySlice<AttributeRow>, in set: ProbeSet, _ places: [Int]
  ) -> (total: Int, counts: [Int]) {
    var total = 0
    var counts = [Int](repeating: 0, count: own.count)
    for place in places {
      var next = own.startIndex
      for row in digest.attributes[attributeRange(set, place)] {
        if row.attribute.isEmpty { total += row.count }
        while next < own.endIndex, own[next].valueKey < row.valueKey { next += 1 }
        if next < own.endIndex, own[next].valueKey == row.valueKey {
          counts[next - own.startIndex] += row.count
        }
      }
    }
    return (total, counts)
  }

  private func attributeRange(_ set: ProbeSet, _ place: Int) -> Range<Int> {
    func first(_ key: (Int, Int)) -> Int {
      digest.attributes.partitionPoint { ($0.set.rawValue, Int($0.place)) < key }
    }
    return first((set.rawValue, place))..<first((set.rawValue, place + 1))
  }

  private func value(
    _ row: AttributeRow, _ total: Int, _ otherCount: Int, _ otherTotal: Int
  ) -> SharedValue {
    var value = SharedValue()
    value.service = name(row.service)
    value.key = name(row.attribute)
    value.value = name(row.value)
    value.count = row.count
    value.total = total
    value.otherCount = otherCount
    value.otherTotal = otherTotal
    value.chance = FisherTest.chance(row.count, of: total, otherCount, of: otherTotal)
    return value
  }

  /// Values that cannot be told apart are one: a version before other keys, then by name.
  private static func joined(_ alike: [SharedValue]) -> SharedValue {
    let sorted = alike.sorted {
      let left = ($0.key == "service.version" ? 0 : 1, $0.service, $0.key, $0.value)
      let right = ($1.key == "service.version" ? 0 : 1, $1.service, $1.key, $1.value)
      return left < right
    }
    var first = sorted[0]
    first.alike = sorted.dropFirst().prefix(8).map {
      ($0.service.isEmpty ? "" : $0.service + " ") + "\($0.key)=\($0.value)"
    }
    return first
  }

  private static func isStronger(_ left: SharedValue, _ right: SharedValue) -> Bool {
    if left.chance != right.chance { return left.chance < right.chance }
    if left.count != right.count { return left.count > right.count }
    return (left.service, left.key, left.value) < (right.service, right.key, right.value)
  }

  /// The k-th strongest of m is significant if it or a weaker one lies below k ÷ m of the allowed rate.
  private static func tested(_ values: [SharedValue]) -> [SharedValue] {
    var values = values
    let last = values.indices.last {
      values[$0].chance <= falseRate * Double($0 + 1) / Double(values.count)
    }
    if let last {
      for place in 0...last { values[place].isSignificant = true }
    }
    return values
  }
}
