/// How much may be kept: traces a second, or money a month.
package enum SamplingBudget: Sendable, Equatable {
  /// Kept traces a second, on average over the archives.
  case tracesPerSecond(Double)
  /// Money a month, by the price of an index (see `PolicyCost`).
  case perMonth(Double)

  /// Reads `50/s`, or `200/month` with or without a currency before or behind the number (`$200/month`).
  package init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2 else { return nil }
    let isMoney = parts[1] == "month"
    guard isMoney || parts[1] == "s" else { return nil }
    var digits = parts[0].filter { $0 != " " && $0 != "," }
    if isMoney { digits = digits.filter { $0 != "$" && $0 != "€" && !$0.isLetter } }
    guard let value = ConfigurationFields.number(String(digits)), value > 0, value <= 1e15 else { return nil }
    self = isMoney ? .perMonth(value) : .tracesPerSecond(value)
  }

  /// The budget in words.
  package var words: String {
    switch self {
    case .tracesPerSecond(let value): "\(PlanNumbers.text(value)) \(value == 1 ? "trace" : "traces") a second"
    case .perMonth(let value): "\(PlanNumbers.text(value)) a month, in the currency of the prices"
    }
  }

  /// The share of the budget that keeping an amount takes.
  func part(of kept: KeptAmount, seconds: Double, packedRatio: Double?, basis: CostBasis) -> Double {
    let cost = PolicyCost(kept, seconds: seconds, packedRatio: packedRatio, basis: basis)
    return switch self {
    case .tracesPerSecond(let limit): cost.tracesPerSecond / limit
    case .perMonth(let limit): cost.indexMonthly / limit
    }
  }
}
