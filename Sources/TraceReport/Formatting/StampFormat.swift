package import TraceModel

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
    let shown = TimeZoneRules.utc.civilTime(at: UnixNanoseconds(unixNanoseconds))
    let nanosecond = Int(unixNanoseconds % 1_000_000_000)
    return Parts(
      year: shown.year, month: shown.month, day: shown.day, hour: shown.hour, minute: shown.minute,
      second: shown.second, nanosecond: nanosecond < 0 ? nanosecond + 1_000_000_000 : nanosecond,
      weekday: shown.weekday)
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

  /// `2026-11-20 21:07:42 +01:00`, with a fraction when there is one.
  package static func moment(_ unixNanoseconds: Int64, in zone: TimeZoneRules) -> String {
    let shown = zone.civilTime(at: UnixNanoseconds(unixNanoseconds))
    let offset = Int(
      shown.seconds - TimeZoneRules.utc.civilTime(at: UnixNanoseconds(unixNanoseconds)).seconds)
    let nanoseconds = parts(unixNanoseconds).nanosecond
    let local = shown.seconds.multipliedReportingOverflow(by: 1_000_000_000).partialValue
    return isoDate(local) + " " + time(local) + (nanoseconds > 0 ? "." + padded(nanoseconds, 9) : "") + " "
      + Self.offset(offset)
  }

  /// `+01:00`; `UTC` for none.
  package static func offset(_ seconds: Int) -> String {
    if seconds == 0 { return "UTC" }
    let minutes = abs(seconds) / 60
    let rest = abs(seconds) % 60
    return (seconds < 0 ? "-" : "+") + padded(minutes / 60, 2) + ":" + padded(minutes % 60, 2)
      + (rest > 0 ? ":" + padded(rest, 2) : "")
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
