/// Moments as readers see them, always in UTC; the page says so once.
package enum StampFormat {
  /// A moment taken apart in the proleptic Gregorian calendar.
  package struct Parts: Equatable {
    package var year: Int
    package var month: Int
    package var day: Int
    package var hour: Int
    package var minute: Int
    package var second: Int
    package var nanosecond: Int
    /// 0 is Sunday.
    package var weekday: Int
  }

  package static let dayNanoseconds: Int64 = 86_400_000_000_000
  private static let monthNames = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]
  private static let dayNames = [
    "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
  ]

  package static func parts(_ unixNanoseconds: Int64) -> Parts {
    // Floored, so that moments before 1970 fall into their own day.
    var days = Int(unixNanoseconds / dayNanoseconds)
    var rest = Int(unixNanoseconds % dayNanoseconds)
    if rest < 0 {
      days -= 1
      rest += Int(dayNanoseconds)
    }
    // Days since 1 March of year 0, in eras of 400 years: leap days then fall at the end of a year.
    let shifted = days + 719_468
    let era = shifted / 146_097
    let dayOfEra = shifted % 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let nanosecond = rest % 1_000_000_000
    rest /= 1_000_000_000
    return Parts(
      year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month: month,
      day: dayOfYear - (153 * shiftedMonth + 2) / 5 + 1,
      hour: rest / 3_600, minute: rest / 60 % 60, second: rest % 60, nanosecond: nanosecond,
      weekday: (days + 4 + 7 * 20_000) % 7)
  }

  /// `2026-11-20 21:07:42.318`
  package static func dateTime(_ unixNanoseconds: Int64) -> String {
    isoDate(unixNanoseconds) + " " + timeWithMilliseconds(unixNanoseconds)
  }

  /// `2026-11-20T21:07:42.318123456Z`
  package static func iso(_ unixNanoseconds: Int64) -> String {
    let parts = parts(unixNanoseconds)
    return isoDate(unixNanoseconds) + "T" + time(unixNanoseconds) + "." + padded(parts.nanosecond, 9) + "Z"
  }

  /// `2026-11-20`
  package static func isoDate(_ unixNanoseconds: Int64) -> String {
    let parts = parts(unixNanoseconds)
    return padded(parts.year, 4) + "-" + padded(parts.month, 2) + "-" + padded(parts.day, 2)
  }

  /// `20 Nov 2026`
  package static func date(_ unixNanoseconds: Int64) -> String {
    let parts = parts(unixNanoseconds)
    return "\(parts.day) \(monthNames[parts.month - 1]) \(parts.year)"
  }

  /// `Friday 20 Nov 2026`
  package static func longDate(_ unixNanoseconds: Int64) -> String {
    dayNames[parts(unixNanoseconds).weekday] + " " + date(unixNanoseconds)
  }

  /// `21:07:42`
  package static func time(_ unixNanoseconds: Int64) -> String {
    let parts = parts(unixNanoseconds)
    return padded(parts.hour, 2) + ":" + padded(parts.minute, 2) + ":" + padded(parts.second, 2)
  }

  /// `21:07`
  package static func clock(_ unixNanoseconds: Int64) -> String {
    let parts = parts(unixNanoseconds)
    return padded(parts.hour, 2) + ":" + padded(parts.minute, 2)
  }

  /// `21:07:42.318`
  package static func timeWithMilliseconds(_ unixNanoseconds: Int64) -> String {
    time(unixNanoseconds) + "." + padded(parts(unixNanoseconds).nanosecond / 1_000_000, 3)
  }

  /// A stretch of time in the fewest words: one date when both ends share it.
  package static func window(_ start: Int64, _ end: Int64) -> String {
    let last = end > start ? end - 1 : end
    if start / dayNanoseconds == last / dayNanoseconds, end - min(start, end) < dayNanoseconds {
      let fine = end - min(start, end) < 10 * 60_000_000_000
      return date(start) + ", " + (fine ? time(start) : clock(start)) + " to "
        + (fine ? time(end) : clock(end))
    }
    return date(start) + ", " + clock(start) + " to " + date(end) + ", " + clock(end)
  }

  static func padded(_ value: Int, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }
}
