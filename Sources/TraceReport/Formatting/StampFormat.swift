package import TraceModel

/// Moments as readers see them, on the clocks of one time zone; the page names it once.
package struct StampFormat: Sendable {
  /// Whose clocks.
  let zone: TimeZoneRules

  /// Moments in UTC, for machines and links.
  package static let utc = StampFormat(.utc)

  /// Moments in a time zone.
  package init(_ zone: TimeZoneRules) { self.zone = zone }

  /// The name of the zone, such as `UTC` or `Europe/Berlin`.
  package var zoneName: String { zone.name }

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

  package func parts(_ unixNanoseconds: Int64) -> Parts {
    let shown = zone.civilTime(at: UnixNanoseconds(unixNanoseconds))
    let nanosecond = Int(unixNanoseconds % 1_000_000_000)
    return Parts(
      year: shown.year, month: shown.month, day: shown.day, hour: shown.hour, minute: shown.minute,
      second: shown.second, nanosecond: nanosecond < 0 ? nanosecond + 1_000_000_000 : nanosecond,
      weekday: shown.weekday)
  }

  /// `2026-11-20 21:07:42.318`
  package func dateTime(_ unixNanoseconds: Int64) -> String {
    let parts = parts(unixNanoseconds)
    return Self.isoDate(parts) + " " + Self.timeWithMilliseconds(parts)
  }

  /// `2026-11-20T21:07:42.318123456Z`, or with the distance from UTC, `+01:00`, in its place.
  package func iso(_ unixNanoseconds: Int64) -> String {
    Self.text { append(iso: unixNanoseconds, to: $0) }
  }

  private static func text(_ write: (ByteBuilder) -> Void) -> String {
    let out = ByteBuilder(capacity: 64)
    write(out)
    return String(decoding: out.bytes, as: UTF8.self)
  }

  /// Appends the same, of which there is one for each span of a page.
  func append(iso unixNanoseconds: Int64, to out: ByteBuilder) {
    let parts = parts(unixNanoseconds)
    Self.append(date: parts, to: out)
    out.append("T")
    Self.append(time: parts, to: out)
    out.append(".")
    out.append(decimal: parts.nanosecond, digits: 9)
    let offset = offset(at: unixNanoseconds)
    if offset == 0 { out.append("Z") } else { out.append(Self.offset(offset, zero: "Z")) }
  }

  /// `2026-11-20 21:07:42 +01:00`, with a fraction when there is one.
  package func moment(_ unixNanoseconds: Int64) -> String {
    let parts = parts(unixNanoseconds)
    return Self.isoDate(parts) + " " + Self.time(parts)
      + (parts.nanosecond > 0 ? "." + Self.padded(parts.nanosecond, 9) : "") + " "
      + Self.offset(offset(at: unixNanoseconds), zero: "UTC")
  }

  /// Seconds ahead of UTC.
  func offset(at unixNanoseconds: Int64) -> Int {
    zone.offset(at: UnixNanoseconds(unixNanoseconds))
  }

  private static func offset(_ seconds: Int, zero: String) -> String {
    if seconds == 0 { return zero }
    let minutes = abs(seconds) / 60
    let rest = abs(seconds) % 60
    return (seconds < 0 ? "-" : "+") + padded(minutes / 60, 2) + ":" + padded(minutes % 60, 2)
      + (rest > 0 ? ":" + padded(rest, 2) : "")
  }

  /// `2026-11-20`
  package func isoDate(_ unixNanoseconds: Int64) -> String { Self.isoDate(parts(unixNanoseconds)) }

  private static func isoDate(_ parts: Parts) -> String {
    text { append(date: parts, to: $0) }
  }

  private static func append(date parts: Parts, to out: ByteBuilder) {
    out.append(decimal: parts.year, digits: 4)
    out.append("-")
    out.append(decimal: parts.month, digits: 2)
    out.append("-")
    out.append(decimal: parts.day, digits: 2)
  }

  /// `20 Nov 2026`
  package func date(_ unixNanoseconds: Int64) -> String { Self.date(parts(unixNanoseconds)) }

  private static func date(_ parts: Parts) -> String {
    "\(parts.day) \(monthNames[parts.month - 1]) \(parts.year)"
  }

  /// `Friday 20 Nov 2026`
  package func longDate(_ unixNanoseconds: Int64) -> String {
    let parts = parts(unixNanoseconds)
    return Self.dayNames[parts.weekday] + " " + Self.date(parts)
  }

  /// `21:07:42`
  package func time(_ unixNanoseconds: Int64) -> String { Self.time(parts(unixNanoseconds)) }

  private static func time(_ parts: Parts) -> String {
    text { append(time: parts, to: $0) }
  }

  private static func append(time parts: Parts, to out: ByteBuilder) {
    out.append(decimal: parts.hour, digits: 2)
    out.append(":")
    out.append(decimal: parts.minute, digits: 2)
    out.append(":")
    out.append(decimal: parts.second, digits: 2)
  }

  /// `21:07`
  package func clock(_ unixNanoseconds: Int64) -> String {
    let parts = parts(unixNanoseconds)
    return Self.padded(parts.hour, 2) + ":" + Self.padded(parts.minute, 2)
  }

  /// `21:07:42.318`
  package func timeWithMilliseconds(_ unixNanoseconds: Int64) -> String {
    Self.timeWithMilliseconds(parts(unixNanoseconds))
  }

  private static func timeWithMilliseconds(_ parts: Parts) -> String {
    time(parts) + "." + padded(parts.nanosecond / 1_000_000, 3)
  }

  /// A stretch of time in the fewest words, with the zone's name at its end.
  package func window(_ start: Int64, _ end: Int64) -> String { stretch(start, end) + " " + zoneName }

  /// A stretch of time in the fewest words: one date when both ends share it.
  package func stretch(_ start: Int64, _ end: Int64) -> String {
    let last = end > start ? end - 1 : end
    if isoDate(start) == isoDate(last), end - min(start, end) < Self.dayNanoseconds {
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
