/// When clocks change every year, as POSIX writes it in `TZ`: `CET-1CEST,M3.5.0,M10.5.0/3`.
///
/// Source: POSIX.1-2017 section 8.3, with hours from -167 to 167 as RFC 9636 section 3.3.1 allows.
struct YearlyTimeRule: Sendable, Equatable {
  /// A day of each year, and seconds after its beginning.
  struct Turn: Sendable, Equatable {
    enum Day: Sendable, Equatable {
      /// From 1; 29 February is never counted.
      case withoutLeapDay(Int)
      /// From 0; 29 February is counted.
      case ofYear(Int)
      /// The week from 1, 5 being the last one; the weekday from 0, Sunday.
      case weekday(month: Int, week: Int, weekday: Int)
    }

    var day: Day
    var seconds: Int

    /// The moment on a clock that shows local time before the turn.
    func shown(inYear year: Int) -> Int64 {
      let days: Int64
      switch day {
      case .withoutLeapDay(let day):
        // Counted on from March 1, the 60th day of a year without leap day.
        days =
          day < 60
          ? CivilTime.days(year, 1, 1) + Int64(day - 1) : CivilTime.days(year, 3, 1) + Int64(day - 60)
      case .ofYear(let day): days = CivilTime.days(year, 1, 1) + Int64(day)
      case .weekday(let month, let week, let weekday):
        let first = CivilTime(year: year, month: month, day: 1)
        var day = 1 + (weekday - first.weekday + 7) % 7 + (week - 1) * 7
        while !CivilTime.isDay(year, month, day) { day -= 7 }
        days = CivilTime.days(year, month, day)
      }
      return days * 86_400 + Int64(seconds)
    }
  }

  /// Seconds ahead of UTC in standard time.
  var standard: Int
  /// The other offset, and the turns to it and back; nil when clocks never change.
  var summer: (offset: Int, start: Turn, end: Turn)?

  static func == (left: Self, right: Self) -> Bool {
    left.standard == right.standard && left.summer?.offset == right.summer?.offset
      && left.summer?.start == right.summer?.start && left.summer?.end == right.summer?.end
  }

  /// The changes of a year, by time; when both fall on one moment, summer time wins.
  func changes(inYear year: Int) -> [TimeZoneRules.Change] {
    guard let summer else { return [] }
    let start = TimeZoneRules.Change(
      moment: summer.start.shown(inYear: year) - Int64(standard), offset: summer.offset)
    let end = TimeZoneRules.Change(
      moment: summer.end.shown(inYear: year) - Int64(summer.offset), offset: standard)
    return start.moment < end.moment ? [start, end] : [end, start]
  }

  func offset(at moment: Int64) -> Int {
    guard summer != nil else { return standard }
    let year = CivilTime(seconds: moment + Int64(standard)).year
    let last = (year - 1...year + 1).flatMap(changes).last { $0.moment <= moment }
    return last?.offset ?? standard
  }
}

/// Reads `TZ` texts.
struct YearlyTimeRuleParser {
  private var rest: ArraySlice<UInt8>

  /// The rule of a text; nil when it is none.
  static func parse(_ text: ArraySlice<UInt8>) -> YearlyTimeRule? {
    var parser = Self(rest: text)
    return parser.rule()
  }

  private mutating func rule() -> YearlyTimeRule? {
    guard skipName(), let west = time(hours: 24) else { return nil }
    var rule = YearlyTimeRule(standard: -west)
    if rest.isEmpty { return rule }
    guard skipName() else { return nil }
    var offset = rule.standard + 3_600
    if rest.first != UInt8(ascii: ",") {
      guard let west = time(hours: 24) else { return nil }
      offset = -west
    }
    guard take(","), let start = turn(), take(","), let end = turn(), rest.isEmpty else { return nil }
    rule.summer = (offset, start, end)
    return rule
  }

  private mutating func take(_ mark: Unicode.Scalar) -> Bool {
    guard rest.first == UInt8(ascii: mark) else { return false }
    rest = rest.dropFirst()
    return true
  }

  /// Letters, or anything between `<` and `>`.
  private mutating func skipName() -> Bool {
    if take("<") {
      guard let end = rest.firstIndex(of: UInt8(ascii: ">")) else { return false }
      rest = rest[(end + 1)...]
      return true
    }
    let letters = rest.prefix { (0x41...0x5a).contains($0) || (0x61...0x7a).contains($0) }
    rest = rest.dropFirst(letters.count)
    return letters.count >= 3
  }

  /// `[+-]h[:m[:s]]` in seconds.
  private mutating func time(hours limit: Int) -> Int? {
    let isNegative = rest.first == UInt8(ascii: "-")
    if isNegative || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
    guard let hours = number(upTo: limit) else { return nil }
    var seconds = hours * 3_600
    for unit in [60, 1] {
      guard take(":") else { break }
      guard let part = number(upTo: 59) else { return nil }
      seconds += part * unit
    }
    return isNegative ? -seconds : seconds
  }

  private mutating func number(upTo limit: Int) -> Int? {
    let digits = rest.prefix { (0x30...0x39).contains($0) }
    guard (1...3).contains(digits.count) else { return nil }
    rest = rest.dropFirst(digits.count)
    let value = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    return value <= limit ? value : nil
  }

  private mutating func turn() -> YearlyTimeRule.Turn? {
    guard let day = day() else { return nil }
    guard take("/") else { return YearlyTimeRule.Turn(day: day, seconds: 2 * 3_600) }
    return time(hours: 167).map { YearlyTimeRule.Turn(day: day, seconds: $0) }
  }

  private mutating func day() -> YearlyTimeRule.Turn.Day? {
    if take("J") { return number(upTo: 365).flatMap { $0 > 0 ? .withoutLeapDay($0) : nil } }
    guard take("M") else { return number(upTo: 365).map { .ofYear($0) } }
    guard let month = number(upTo: 12), month > 0, take("."), let week = number(upTo: 5), week > 0, take("."),
      let weekday = number(upTo: 6)
    else { return nil }
    return .weekday(month: month, week: week, weekday: weekday)
  }
}
