/// A moment as people give it to `--since` and `--until`.
///
///     2026-11-20                                the beginning of that day, in the time zone
///     2026-11-20T03:00   2026-11-20 03:00:00.5  what clocks of the time zone show
///     2026-11-20T03:00Z  …+01:00                that moment, whatever the time zone
///     today   yesterday                         the beginning of that day, by the clock
///     now   90m   36h   7d   2w   2 days ago    so long before now; a day is 24 hours
///     @1793577600                               seconds since 1970
package enum MomentText: Sendable, Equatable {
  /// A moment that needs neither time zone nor clock.
  case moment(UnixNanoseconds)
  /// What clocks show, with nanoseconds beyond the second.
  case civil(CivilTime, nanoseconds: Int64)
  /// The beginning of a day, counted from today.
  case day(Int)
  /// A length before now.
  case ago(Nanoseconds)

  /// How the forms are named when a text has none of them.
  package static let forms =
    "a day (2026-11-20, today, yesterday), a time (2026-11-20T03:00, with Z or +01:00 if not of --timezone), "
    + "a length before now (36h, 7d) or @SECONDS"

  /// Reads a text; nil when it is none of the forms.
  package init?(_ text: String) {
    switch text {
    case "now": self = .ago(.zero)
    case "today": self = .day(0)
    case "yesterday": self = .day(-1)
    default:
      guard let found = Self.length(text).map(Self.ago) ?? Self.sinceEpoch(text) ?? Self.calendar(text) else {
        return nil
      }
      self = found
    }
  }

  /// True when the moment depends on when the question is asked.
  package var needsClock: Bool {
    switch self {
    case .moment, .civil: false
    case .day, .ago: true
    }
  }

  /// True when two runs a moment apart would mean different moments.
  package var isRelative: Bool {
    if case .ago = self { return true }
    return false
  }

  /// The moment in a time zone; nil when it lies outside the years 1678 to 2261.
  ///
  /// - Parameter now: asked for only when the clock is needed.
  package func moment(in zone: TimeZoneRules, now: () -> UnixNanoseconds) -> UnixNanoseconds? {
    switch self {
    case .moment(let moment): return moment
    case .civil(let civil, let nanoseconds):
      let (product, overflow) = zone.moment(of: civil).multipliedReportingOverflow(by: 1_000_000_000)
      let (sum, carry) = product.addingReportingOverflow(nanoseconds)
      return overflow || carry ? nil : UnixNanoseconds(sum)
    case .day(let days):
      let today = zone.civilTime(at: now())
      return MomentText.civil(today.day(after: days), nanoseconds: 0).moment(in: zone, now: now)
    case .ago(let length): return now() + Nanoseconds(-length.rawValue)
    }
  }

  // MARK: forms

  /// `36h`, `7d`, `1d12h`, `2 days ago`; of no sign.
  private static func length(_ text: String) -> Nanoseconds? {
    let words = text.split(separator: " ").map(String.init)
    if words.count == 3, words[2] == "ago" {
      let unit = words[1].hasSuffix("s") ? String(words[1].dropLast()) : words[1]
      let short = ["second": "s", "minute": "m", "hour": "h", "day": "d", "week": "w"]
      return short[unit].flatMap { length(words[0] + $0) }
    }
    guard words.count == 1, let first = text.utf8.first, (0x30...0x39).contains(first) else { return nil }
    var rest = text[...]
    var total = Nanoseconds.zero
    for (letter, days) in [("w", Int64(7)), ("d", 1)] as [(Character, Int64)] {
      let digits = rest.prefix { $0.isNumber }
      guard rest.dropFirst(digits.count).first == letter else { continue }
      guard let count = Int64(digits), count <= 100_000 else { return nil }
      total += Nanoseconds(count * days * 86_400_000_000_000)
      rest = rest.dropFirst(digits.count + 1)
    }
    if rest.isEmpty { return total }
    guard rest.utf8.first.map({ (0x30...0x39).contains($0) }) == true else { return nil }
    return DurationParser.nanoseconds(String(rest)).map { total + $0 }
  }

  private static func sinceEpoch(_ text: String) -> MomentText? {
    guard text.hasPrefix("@"), let seconds = Int64(text.dropFirst()) else { return nil }
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    return overflow ? nil : .moment(UnixNanoseconds(product))
  }

  private static func calendar(_ text: String) -> MomentText? {
    var reader = CalendarReader(rest: Array(text.utf8)[...])
    return reader.read()
  }
}

/// Reads ISO 8601 dates and times in their extended form.
private struct CalendarReader {
  var rest: ArraySlice<UInt8>

  mutating func read() -> MomentText? {
    guard let year = number(4), take("-"), let month = number(2), take("-"), let day = number(2),
      CivilTime.isDay(year, month, day)
    else { return nil }
    var civil = CivilTime(year: year, month: month, day: day)
    if rest.isEmpty { return .civil(civil, nanoseconds: 0) }
    guard take("T") || take("t") || take(" "), let hour = number(2), hour < 24, take(":"),
      let minute = number(2), minute < 60
    else { return nil }
    civil.hour = hour
    civil.minute = minute
    var nanoseconds: Int64 = 0
    if take(":") {
      guard let second = number(2), second < 60 else { return nil }
      civil.second = second
      if take(".") {
        guard let fraction = fraction() else { return nil }
        nanoseconds = fraction
      }
    }
    if rest.isEmpty { return .civil(civil, nanoseconds: nanoseconds) }
    guard let offset = TimeZoneOffset.read(String(decoding: rest, as: UTF8.self)) else { return nil }
    return MomentText.civil(civil, nanoseconds: nanoseconds)
      .moment(in: TimeZoneRules(name: "", offset: offset)) { .unknown }.map(MomentText.moment)
  }

  private mutating func take(_ mark: Unicode.Scalar) -> Bool {
    guard rest.first == UInt8(ascii: mark) else { return false }
    rest = rest.dropFirst()
    return true
  }

  private mutating func number(_ count: Int) -> Int? {
    let digits = rest.prefix(count)
    guard digits.count == count, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    rest = rest.dropFirst(count)
    return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
  }

  /// 1 to 9 digits, in nanoseconds.
  private mutating func fraction() -> Int64? {
    let digits = rest.prefix { (0x30...0x39).contains($0) }
    guard (1...9).contains(digits.count) else { return nil }
    rest = rest.dropFirst(digits.count)
    let value = digits.reduce(Int64(0)) { $0 * 10 + Int64($1 - 0x30) }
    return (digits.count..<9).reduce(value) { value, _ in value * 10 }
  }
}

/// Time zones that are given by their distance from UTC.
package enum TimeZoneOffset {
  /// Seconds ahead of UTC of `Z`, `+01:00`, `+0100` or `+01`; nil for anything else.
  package static func read(_ text: String) -> Int? {
    if text == "Z" || text == "z" { return 0 }
    let bytes = Array(text.utf8)
    guard let sign = bytes.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") else { return nil }
    var digits = bytes.dropFirst()
    if digits.count == 5, digits[3] == UInt8(ascii: ":") { digits = digits[1...2] + digits[4...5] }
    guard digits.count == 2 || digits.count == 4, digits.allSatisfy({ (0x30...0x39).contains($0) }) else {
      return nil
    }
    let values = digits.map { Int($0 - 0x30) }
    let hours = values[0] * 10 + values[1]
    let minutes = values.count == 4 ? values[2] * 10 + values[3] : 0
    guard hours < 24, minutes < 60 else { return nil }
    let seconds = hours * 3_600 + minutes * 60
    return sign == UInt8(ascii: "-") ? -seconds : seconds
  }
}
