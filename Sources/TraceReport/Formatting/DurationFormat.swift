/// A unit of time in which lengths are shown.
package enum DurationUnit: UInt64, Sendable, CaseIterable {
  case nanoseconds = 1
  case microseconds = 1_000
  case milliseconds = 1_000_000
  case seconds = 1_000_000_000
  case minutes = 60_000_000_000
  case hours = 3_600_000_000_000

  package var symbol: String {
    switch self {
    case .nanoseconds: "ns"
    case .microseconds: "µs"
    case .milliseconds: "ms"
    case .seconds: "s"
    case .minutes: "min"
    case .hours: "h"
    }
  }

  /// The unit that suits one length when it stands alone.
  package static func fitting(_ nanoseconds: UInt64) -> DurationUnit {
    switch nanoseconds {
    case 0..<1_000: .nanoseconds
    case 1_000..<999_500: .microseconds
    case 999_500..<999_500_000: .milliseconds
    case 999_500_000..<120_000_000_000: .seconds
    case 120_000_000_000..<7_200_000_000_000: .minutes
    default: .hours
    }
  }

  /// The one unit for a column whose longest entry is `longest`: milliseconds as long as they can be read.
  package static func column(longest: UInt64) -> DurationUnit {
    switch longest {
    case 0..<10_000: .nanoseconds
    case 10_000..<1_000_000: .microseconds
    case 1_000_000..<1_000_000_000_000: .milliseconds
    case 1_000_000_000_000..<36_000_000_000_000: .seconds
    default: .minutes
    }
  }
}

/// Lengths of time as readers see them: `1.84 s`, `492 ms`, `7.6 ms`.
package enum DurationFormat {
  /// A length with its unit, at most three significant digits.
  package static func text(_ nanoseconds: UInt64) -> String {
    let unit = DurationUnit.fitting(nanoseconds)
    return alone(nanoseconds, in: unit) + NumberFormat.space + unit.symbol
  }

  /// Number and unit apart, for the large figures of a verdict.
  package static func parts(_ nanoseconds: UInt64) -> (number: String, unit: String) {
    let unit = DurationUnit.fitting(nanoseconds)
    return (alone(nanoseconds, in: unit), unit.symbol)
  }

  /// A length with its sign: `+1.13 s`, `−3.3 ms`, `0`.
  package static func signed(_ nanoseconds: Int64) -> String {
    if nanoseconds == 0 { return "0" }
    return (nanoseconds < 0 ? NumberFormat.minus : "+") + text(nanoseconds.magnitude)
  }

  /// The figure for a column whose head names the unit: whole from 100 on, else one decimal.
  package static func figure(_ nanoseconds: UInt64, in unit: DurationUnit) -> String {
    if nanoseconds == 0 { return "0" }
    let tenths = NumberFormat.rounded(nanoseconds, times: 10, per: unit.rawValue)
    if tenths >= 1_000 || unit == .nanoseconds {
      return NumberFormat.grouped(NumberFormat.rounded(nanoseconds, times: 1, per: unit.rawValue))
    }
    if tenths >= 1 { return NumberFormat.fixed(tenths, decimals: 1) }
    let thousandths = NumberFormat.rounded(nanoseconds, times: 1_000, per: unit.rawValue)
    return thousandths == 0 ? "<0.001" : NumberFormat.thousandths(thousandths)
  }

  package static func signedFigure(_ nanoseconds: Int64, in unit: DurationUnit) -> String {
    if nanoseconds == 0 { return "0" }
    return (nanoseconds < 0 ? NumberFormat.minus : "+") + figure(nanoseconds.magnitude, in: unit)
  }

  private static func alone(_ nanoseconds: UInt64, in unit: DurationUnit) -> String {
    if nanoseconds == 0 { return "0" }
    switch unit {
    case .nanoseconds: return NumberFormat.grouped(nanoseconds)
    case .microseconds, .milliseconds:
      let tenths = NumberFormat.rounded(nanoseconds, times: 10, per: unit.rawValue)
      if tenths < 100 { return NumberFormat.trimmed(NumberFormat.fixed(tenths, decimals: 1)) }
      return NumberFormat.grouped(NumberFormat.rounded(nanoseconds, times: 1, per: unit.rawValue))
    default:
      return NumberFormat.significant(nanoseconds, per: unit.rawValue)
    }
  }
}
