/// What money is reckoned with: prices, and how long spans are held.
package struct CostBasis: Sendable {
  /// What storage costs.
  package var prices = Prices()
  /// Days that spans are held.
  package var days = 7.0

  /// List prices, and a week.
  package init() {}

  /// What the head of a column of amounts says.
  package var unit: String { prices.currency == "USD" ? "$" : prices.currency }

  /// What stands before an amount: `$`, or the currency's name and a blank.
  package var sign: String { prices.currency == "USD" ? "$" : prices.currency + " " }

  /// How long spans are held, in words.
  package var daysText: String { PlanNumbers.text(days) }

  /// What `--price` takes, for messages.
  package static let wantedPrice = "disk=PRICE or object=PRICE is needed: money for a GiB held for a month"

  /// Sets a price as `--price` takes it: that of the first disk, or of the first object store; false when it is none.
  package mutating func setPrice(_ text: String) -> Bool {
    let parts = text.split(separator: "=", maxSplits: 1)
    guard parts.count == 2, let price = Double(parts[1]), price.isFinite, price >= 0, price <= 1e9 else {
      return false
    }
    switch parts[0] {
    case "disk": prices.disks = [Prices.Storage(name: "disk", perGiBMonth: price)] + prices.disks.dropFirst()
    case "object":
      prices.objectStores =
        [Prices.Storage(name: "object store", perGiBMonth: price)] + prices.objectStores.dropFirst()
    default: return false
    }
    prices.asOf = "this configuration"
    return true
  }

  /// Days as `--retention` takes them, such as `14d` or `2w`; nil for anything else.
  package static func days(_ text: String) -> Double? {
    let factors: [Character: Double] = ["d": 1, "w": 7]
    guard let unit = text.last, let factor = factors[unit], let count = Int(text.dropLast()),
      (1...36_500).contains(count)
    else { return nil }
    return Double(count) * factor
  }
}
