/// What keeping some share of the spans costs a month, from what the archives measure.
package struct PolicyCost: Sendable {
  /// Spans kept in a second, on average over the archives.
  package var spansPerSecond = 0.0
  /// Traces kept in a second.
  package var tracesPerSecond = 0.0
  /// Uncompressed bytes kept in a day.
  package var bytesPerDay = 0.0
  /// Money a month in an index on disks: 50 % of the bytes, one copy more, disks 85 % full.
  package var indexMonthly = 0.0
  /// Money a month in an object store, packed as the archives are.
  package var objectMonthly = 0.0

  /// Bytes in an index for a byte of span records.
  package static let indexRatio = 0.5
  /// Bytes in an object store for a byte of span records, where archives do not tell.
  package static let objectRatio = 0.15
  /// How full disks may be.
  package static let fillLimit = 0.85

  /// Makes the figures of an amount that was kept in so many seconds; held for `days` if not as long as the basis says.
  package init(
    _ kept: KeptAmount, seconds: Double, packedRatio: Double?, basis: CostBasis = CostBasis(),
    days: Double? = nil
  ) {
    let (kept, days, prices) = (kept.inAll, days ?? basis.days, basis.prices)
    spansPerSecond = kept.spans / seconds
    tracesPerSecond = kept.traces / seconds
    bytesPerDay = kept.bytes / seconds * CostUnits.day
    let retained = bytesPerDay * days
    if let disk = prices.disks.first {
      indexMonthly = disk.monthly(bytes: retained * Self.indexRatio * 2 / Self.fillLimit, days: days)
    }
    if let store = prices.objectStores.first {
      objectMonthly = store.monthly(
        bytes: retained * (packedRatio ?? Self.objectRatio), days: days)
    }
  }
}
