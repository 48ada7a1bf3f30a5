/// Moments written as `2023-11-14T22:13:20.123456789Z` (RFC 3339).
package enum RFC3339 {
  /// Nanoseconds since 1970, or nil when the text is no moment or lies outside 64 bits.
  package static func nanoseconds(_ text: UnsafeBufferPointer<UInt8>) -> Int64? {
    guard text.count >= 20, let year = digits(text, 0, 4), text[4] == 0x2d, let month = digits(text, 5, 2),
      text[7] == 0x2d, let day = digits(text, 8, 2), text[10] | 0x20 == 0x74 || text[10] == 0x20,
      let hour = digits(text, 11, 2), text[13] == 0x3a, let minute = digits(text, 14, 2), text[16] == 0x3a,
      let second = digits(text, 17, 2), (1...12).contains(month), (1...31).contains(day), hour < 25,
      minute < 60, second < 61
    else { return nil }
    var place = 19
    var fraction: Int64 = 0
    if text[place] == 0x2e {
      place += 1
      var unit: Int64 = 100_000_000
      while place < text.count, text[place] &- 0x30 < 10 {
        fraction += Int64(text[place] - 0x30) * unit
        unit /= 10
        place += 1
      }
    }
    guard let offset = zone(text, place) else { return nil }
    let seconds =
      daysSince1970(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second - offset
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, carry) = product.addingReportingOverflow(fraction)
    return overflow || carry ? nil : sum
  }

  private static func digits(_ text: UnsafeBufferPointer<UInt8>, _ start: Int, _ count: Int) -> Int64? {
    var value: Int64 = 0
    for index in start..<start + count {
      guard text[index] &- 0x30 < 10 else { return nil }
      value = value * 10 + Int64(text[index] &- 0x30)
    }
    return value
  }

  /// Seconds east of Greenwich.
  private static func zone(_ text: UnsafeBufferPointer<UInt8>, _ place: Int) -> Int64? {
    guard place < text.count else { return nil }
    if text[place] | 0x20 == 0x7a { return place + 1 == text.count ? 0 : nil }
    guard text[place] == 0x2b || text[place] == 0x2d, place + 6 == text.count, text[place + 3] == 0x3a,
      let hours = digits(text, place + 1, 2), let minutes = digits(text, place + 4, 2)
    else { return nil }
    let offset = hours * 3_600 + minutes * 60
    return text[place] == 0x2d ? -offset : offset
  }

  /// Days of the Gregorian calendar (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil).
  private static func daysSince1970(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }
}
