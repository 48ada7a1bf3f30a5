/// What storage costs, with the date of the list: prices are configuration, not truth.
package struct Prices: Sendable {
  /// A kind of storage with its price.
  package struct Storage: Sendable {
    /// Its name.
    package var name: String
    /// Money for a GiB held for a month.
    package var perGiBMonth: Double
    /// Days that are billed at least, however short the stay.
    package var leastDays: Double

    /// Makes a kind of storage.
    package init(name: String, perGiBMonth: Double, leastDays: Double = 0) {
      self.name = name
      self.perGiBMonth = perGiBMonth
      self.leastDays = leastDays
    }

    /// Money a month for bytes that stay so many days each.
    ///
    /// Billed per GiB (2^30 bytes). A stay shorter than the least is billed as the least, so it costs as if more were
    /// held.
    package func monthly(bytes: Double, days: Double) -> Double {
      let stretch = days > 0 && days < leastDays ? leastDays / days : 1
      return bytes / 0x1p30 * perGiBMonth * stretch
    }
  }

  /// The date of the list, as written.
  package var asOf = "2026-11"
  /// The currency, as written.
  package var currency = "USD"
  /// Kinds of storage in the order in which they are shown: object stores, then disks.
  package var objectStores: [Storage] = [
    Storage(name: "S3 Standard", perGiBMonth: 0.023),
    Storage(name: "S3 Standard-IA", perGiBMonth: 0.0125, leastDays: 30),
    Storage(name: "S3 Glacier Instant Retrieval", perGiBMonth: 0.004, leastDays: 90),
  ]
  /// Disks, of which a part stays empty.
  package var disks: [Storage] = [
    Storage(name: "EBS gp3", perGiBMonth: 0.08), Storage(name: "EBS st1", perGiBMonth: 0.045),
  ]
  /// Money for a thousand objects written.
  package var perThousandPut = 0.005
  /// Money for a GiB that leaves the cloud.
  package var egressPerGiB = 0.09

  /// List prices of us-east-1 (reference on storage, section 3).
  package init() {}
}

/// Lengths and sizes that the formulas of storage share.
package enum CostUnits {
  /// Seconds of a day.
  package static let day = 86_400.0
  /// Hours of a month.
  package static let monthHours = 730.0
}
