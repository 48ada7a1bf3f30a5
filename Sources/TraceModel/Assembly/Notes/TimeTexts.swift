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
    let seconds = floorDivide(moment.rawValue, 1_000_000_000)
    let days = floorDivide(seconds, 86_400)
    let rest = seconds - days * 86_400
    let (year, month, day) = date(ofDay: days)
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
      + "T\(padded(rest / 3_600, 2)):\(padded(rest / 60 % 60, 2)):\(padded(rest % 60, 2))Z"
  }

  /// The date of a day counted from 1970-01-01 (H. Hinnant, "chrono-compatible low-level date algorithms").
  private static func date(ofDay day: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let shifted = day + 719_468
    let era = floorDivide(shifted, 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    return (
      yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    )
  }

  private static func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
    let quotient = value / divisor
    return value % divisor < 0 ? quotient - 1 : quotient
  }

  private static func padded(_ value: Int64, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
