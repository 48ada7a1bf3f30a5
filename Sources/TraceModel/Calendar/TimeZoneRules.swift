/// How far the clocks of a place are ahead of UTC, and when that changes.
///
///     changes    1916-04-30 +2:00 | 1916-09-30 +1:00 | … | 2037-10-25 +1:00 | then the yearly rule
///     before                 firstOffset
package struct TimeZoneRules: Sendable, Equatable {
  /// A moment, in seconds since 1970, from which clocks are so many seconds ahead of UTC.
  package struct Change: Sendable, Equatable {
    package var moment: Int64
    package var offset: Int
  }

  /// The name that users know it by, such as `Europe/Berlin`.
  package let name: String
  let firstOffset: Int
  /// By time.
  let changes: [Change]
  /// What holds after the last change; nil when the last offset stays.
  let yearly: YearlyTimeRule?

  /// Coordinated universal time.
  package static let utc = TimeZoneRules(name: "UTC", offset: 0)

  /// A zone whose clocks never change.
  package init(name: String, offset: Int) {
    self.init(name: name, firstOffset: offset, changes: [], yearly: nil)
  }

  init(name: String, firstOffset: Int, changes: [Change], yearly: YearlyTimeRule?) {
    self.name = name
    self.firstOffset = firstOffset
    self.changes = changes
    self.yearly = yearly
  }

  /// Seconds that clocks are ahead of UTC at a moment, given in seconds since 1970.
  ///
  /// - Complexity: O(log changes).
  package func offset(at moment: Int64) -> Int {
    let next = changes.partitionPoint { $0.moment <= moment }
    if next == changes.count, let yearly { return yearly.offset(at: moment) }
    return next == 0 ? firstOffset : changes[next - 1].offset
  }

  /// Seconds that clocks are ahead of UTC at a moment.
  package func offset(at moment: UnixNanoseconds) -> Int { offset(at: Self.seconds(moment)) }

  /// What clocks show at a moment.
  package func civilTime(at moment: UnixNanoseconds) -> CivilTime {
    let seconds = Self.seconds(moment)
    return CivilTime(seconds: seconds + Int64(offset(at: seconds)))
  }

  /// The moment at which clocks show something, in seconds since 1970.
  ///
  /// What they show twice is meant the first time; what they skip is read as the clock that was not put forward would
  /// show it (as RFC 5545 and most calendars have it): 02:30 in a night without that hour is half an hour after the
  /// change.
  package func moment(of civil: CivilTime) -> Int64 {
    let shown = civil.seconds
    // No offset is larger than 26 hours, so the moment lies in this stretch.
    let near = changes(from: shown - 2 * 86_400, to: shown + 2 * 86_400)
    var offset = self.offset(at: shown - 2 * 86_400)
    var start = Int64.min
    for change in near {
      let moment = shown - Int64(offset)
      if moment >= start, moment < change.moment { return moment }
      let isSkipped = moment >= change.moment && shown - Int64(change.offset) < change.moment
      if isSkipped { return moment }
      offset = change.offset
      start = change.moment
    }
    return shown - Int64(offset)
  }

  /// The changes after a moment and up to another, by time.
  private func changes(from start: Int64, to end: Int64) -> [Change] {
    var found = changes.filter { $0.moment > start && $0.moment <= end }
    if let yearly {
      let last = changes.last?.moment ?? .min
      let years = CivilTime(seconds: start).year - 1...CivilTime(seconds: end).year + 1
      for year in years {
        found += yearly.changes(inYear: year).filter { $0.moment > max(start, last) && $0.moment <= end }
      }
    }
    return found
  }

  /// Floored to the second, and held within years 1677 to 2262 by its type.
  private static func seconds(_ moment: UnixNanoseconds) -> Int64 {
    let seconds = moment.rawValue / 1_000_000_000
    return moment.rawValue % 1_000_000_000 < 0 ? seconds - 1 : seconds
  }
}

/// A time zone that cannot be used, and why.
package struct TimeZoneError: Error, Sendable, Equatable {
  /// One sentence.
  package var message: String

  /// Makes an error.
  package init(_ message: String) { self.message = message }
}
