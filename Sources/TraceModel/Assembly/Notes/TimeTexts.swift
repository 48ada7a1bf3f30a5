/// Writes lengths of time for sentences.
package enum DurationText {
  /// A length in its largest fitting unit, exact: `1.5 ms`, `-20 µs`, `2.25 s`.
  package static func text(_ length: Nanoseconds) -> String {
    let magnitude = length.rawValue.magnitude
    let sign = length.rawValue < 0 ? "-" : ""
    switch magnitude {
    case 0..<1_000: return "\(sign)\(magnitude) ns"
    case 1_000..<1_000_000: return sign + decimal(magnitude, 1_000) + " µs"
    case 1_000_000..<1_000_000_000: return sign + decimal(magnitude, 1_000_000) + " ms"
    default: return sign + decimal(magnitude, 1_000_000_000) + " s"
    }
  }

  private static func decimal(_ value: UInt64, _ unit: UInt64) -> String {
    let (whole, rest) = value.quotientAndRemainder(dividingBy: unit)
    guard rest > 0 else { return String(whole) }
    // As many digits as the unit has zeros, without zeros at the end.
    var digits = Array(String(unit + rest).dropFirst())
    while digits.last == "0" { digits.removeLast() }
    return "\(whole).\(String(digits))"
  }
}

/// Writes moments as dates of the Gregorian calendar in UTC.
package enum CalendarText {
  /// A moment as `1970-01-01T00:00:00Z`, to the second.
  package static func text(_ moment: UnixNanoseconds) -> String {
    let shown = TimeZoneRules.utc.civilTime(at: moment)
    return "\(padded(shown.year, 4))-\(padded(shown.month, 2))-\(padded(shown.day, 2))"
      + "T\(padded(shown.hour, 2)):\(padded(shown.minute, 2)):\(padded(shown.second, 2))Z"
  }

  private static func padded(_ value: Int, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
