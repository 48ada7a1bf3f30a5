import TraceAnalysis
import TraceModel

/// The tables of an entry point that explain its time: by service, what would help, what slow requests share.
extension Page {
  /// The critical path by service, with what makes it vary.
  func profileByService(_ entry: EntryPointResult) {
    let rows = entry.profileByService.prefix(60)
    let unit = DurationUnit.column(longest: UInt64(max(0, rows.map(\.p99.rawValue).max() ?? 0)))
    twin("critical path by service, and what makes it vary") {
      table(
        "Critical path of \(entry.operation) by service", class: "tight",
        columns: [
          .text("Service"), .number("mean", unit.symbol), .number("of the path", "%"),
          .number("of the variance", "%"), .number("in requests", "%"), .number("p50", unit.symbol),
          .number("p95", unit.symbol), .number("p99", unit.symbol),
        ], rows: rows.count
      ) { row, index in
        let one = rows[index]
        row.head { service(one.service) }
        row.duration(one.mean.rawValue, in: unit)
        row.number(PercentFormat.digits(one.share))
        row.number(one.varianceShare.map { Self.signedPercent($0) } ?? "")
        row.number(PercentFormat.digits(one.occurrence))
        for value in [one.p50, one.p95, one.p99] { row.duration(value.rawValue, in: unit) }
      }
      note(
        "The variance tells what makes the duration unpredictable; a service that is quick when the rest is slow has a "
          + "share below zero. The longest thousandth of the requests is left out of it.")
    }
  }

  private static func signedPercent(_ share: Double) -> String {
    // U+2212 is as wide as a digit.
    share < 0 ? "\u{2212}" + PercentFormat.digits(-share) : PercentFormat.digits(share)
  }

  /// How long requests would take if one service were faster.
  func whatIf(_ entry: EntryPointResult) {
    guard let first = entry.whatIf.first else { return }
    heading("What would help")
    note(
      "\(NumberFormat.counted(first.probes, "request")) of all durations timed anew with a service's own part shorter; "
        + "what runs beside it still has to end. Now: mean \(DurationFormat.text(first.meanBefore)), p50 "
        + "\(DurationFormat.text(first.p50Before)), p99 \(DurationFormat.text(first.p99Before)).")
    let unit = DurationUnit.column(longest: UInt64(max(0, first.p99Before.rawValue)))
    table(
      "What would help \(entry.operation)", class: "tight",
      columns: [
        .text("Service"), .number("faster by", "%"), .number("mean", unit.symbol), .number("saves", "%"),
        .number("p50", unit.symbol), .number("p99", unit.symbol),
      ], rows: entry.whatIf.count
    ) { row, index in
      let one = entry.whatIf[index]
      row.head { service(one.service) }
      row.count(one.percent)
      row.duration(one.meanAfter.rawValue, in: unit)
      let saved = Double(one.meanBefore.rawValue) - Double(one.meanAfter.rawValue)
      row.number(PercentFormat.digits(max(0, saved) / Double(max(1, one.meanBefore.rawValue))))
      row.duration(one.p50After.rawValue, in: unit)
      row.duration(one.p99After.rawValue, in: unit)
    }
  }

  /// Attribute values that slow requests carry more often than typical ones.
  func slowShared(_ entry: EntryPointResult) {
    sharedValues(
      entry.slowShared, of: "slow", against: "typical",
      note:
        "A sample of slow requests against one of typical ones; ids and values without bound are left out.")
  }
}
