/// What the spans of archives would take at other rates of requests: growth, a spike, and everything unsampled.
package struct StorageProjection: Sendable {
  /// One rate of requests.
  package struct Row: Sendable {
    /// What happened to it, in words.
    package var name: String
    /// How it comes about.
    package var formula: String
    /// How many times what the archives hold.
    package var factor: Double
    /// It is not held for long: only its rates count.
    package var isSpike = false
  }

  /// Days that spans are held.
  package static let retentions = [7.0, 14, 30]
  /// How many times the traffic a spike is.
  package static let spike = 10.0

  /// What the archives hold.
  package var kept: KeptAmount
  /// In so many seconds.
  package var seconds: Double
  /// Bytes on disk for a byte of records.
  package var packedRatio: Double?
  /// What money is reckoned with.
  package var basis: CostBasis
  /// The rates.
  package var rows: [Row]

  /// Makes a projection of what the archives hold.
  ///
  /// - Parameter requests: what all traces stand for, where archives were sampled and say how.
  package init(
    _ kept: KeptAmount, seconds: Double, packedRatio: Double?, basis: CostBasis = CostBasis(),
    requests: Double?
  ) {
    self.kept = kept
    self.seconds = max(seconds, 1e-3)
    self.packedRatio = packedRatio
    self.basis = basis
    rows = [Row(name: "as in these archives", formula: "measured", factor: 1)]
    if let requests, kept.traces > 0, requests > Double(kept.traces) {
      rows.append(
        Row(
          name: "all requests, unsampled", formula: "requests in all ÷ traces here",
          factor: requests / Double(kept.traces)))
    }
    for (factor, words) in [(1.5, "half as much again"), (2, "twice as much"), (5, "five times as much")] {
      rows.append(Row(name: words, formula: "× \(RatioText.text(factor))", factor: factor))
    }
    for (percent, months) in [(5, 12), (5, 24), (10, 12), (10, 24)] {
      rows.append(
        Row(
          name: "\(percent) % more each month, after \(months) months",
          formula: "× 1.\(percent < 10 ? "0" : "")\(percent)^\(months)",
          factor: SamplingAdvice.power(1 + Double(percent) / 100, months)))
    }
    rows.append(Row(name: "a spike of ten times", formula: "× 10", factor: Self.spike, isSpike: true))
  }

  /// What a rate costs when spans are held so many days, or as long as the basis says.
  package func cost(_ row: Row, days: Double? = nil) -> PolicyCost {
    PolicyCost(kept, seconds: seconds / row.factor, packedRatio: packedRatio, basis: basis, days: days)
  }

  /// Bytes on disk for a byte of records, measured or assumed.
  package var objectRatio: Double { packedRatio ?? PolicyCost.objectRatio }
}
