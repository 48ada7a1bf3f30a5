/// A date and a time of day as a clock on the wall shows them, to the second; of no time zone.
///
/// The calendar is the Gregorian one, also for days before it was in use.
package struct CivilTime: Equatable, Sendable {
  /// The year.
  package var year: Int
  /// The month, from 1.
  package var month: Int
  /// The day of the month, from 1.
  package var day: Int
  /// The hour, from 0.
  package var hour = 0
  /// The minute, from 0.
  package var minute = 0
  /// The second, from 0.
  package var second = 0

  /// The beginning of a day; the day is not checked.
  package init(year: Int, month: Int, day: Int) {
    self.year = year
    self.month = month
    self.day = day
  }

  /// What a clock shows so many seconds after 1970-01-01T00:00:00 was on it.
  ///
  /// Source: H. Hinnant, "chrono-compatible low-level date algorithms", `civil_from_days`.
  package init(seconds: Int64) {
    // Floored, so that moments before 1970 fall into their own day.
    let days = Self.floored(seconds, 86_400)
    let rest = Int(seconds - days * 86_400)
    // Days since 1 March of year 0, in eras of 400 years: leap days then fall at the end of a year.
    let shifted = days + 719_468
    let era = Self.floored(shifted, 146_097)
    let dayOfEra = Int(shifted - era * 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    year = yearOfEra + Int(era) * 400 + (month <= 2 ? 1 : 0)
    day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    hour = rest / 3_600
    minute = rest / 60 % 60
    second = rest % 60
  }

  /// Seconds since the clock showed 1970-01-01T00:00:00.
  package var seconds: Int64 {
    Self.days(year, month, day) * 86_400 + Int64(hour * 3_600 + minute * 60 + second)
  }

  /// 0 is Sunday.
  package var weekday: Int {
    let days = Self.days(year, month, day) + 4
    return Int(days - Self.floored(days, 7) * 7)
  }

  /// The beginning of the day so many days later.
  package func day(after days: Int) -> CivilTime {
    CivilTime(seconds: (Self.days(year, month, day) + Int64(days)) * 86_400)
  }

  /// Days since 1970-01-01; source as above, `days_from_civil`.
  package static func days(_ year: Int, _ month: Int, _ day: Int) -> Int64 {
    let shifted = Int64(month <= 2 ? year - 1 : year)
    let era = floored(shifted, 400)
    let yearOfEra = shifted - era * 400
    let dayOfYear = Int64((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1)
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  /// True for a day that the calendar has.
  package static func isDay(_ year: Int, _ month: Int, _ day: Int) -> Bool {
    guard (1...12).contains(month), day >= 1 else { return false }
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    return day <= [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
  }

  private static func floored(_ value: Int64, _ divisor: Int64) -> Int64 {
    let quotient = value / divisor
    return value % divisor < 0 ? quotient - 1 : quotient
  }
}
