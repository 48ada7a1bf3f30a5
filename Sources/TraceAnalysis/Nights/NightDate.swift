package import TraceModel

/// The day that a night is named by: `2026-11-21`.
package struct NightDate: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Days since 1970-01-01.
  package let day: Int

  /// The years that have four digits.
  private static let days = -719_528...2_932_896

  /// Makes a date of its days since 1970; held within the years 0 to 9999.
  package init(day: Int) { self.day = min(max(day, Self.days.lowerBound), Self.days.upperBound) }

  /// The day in which a moment lies in a time zone.
  package init(of moment: UnixNanoseconds, in zone: TimeZoneRules = .utc) {
    let shown = zone.civilTime(at: moment)
    self.init(day: Int(CivilTime.days(shown.year, shown.month, shown.day)))
  }

  /// Reads `YYYY-MM-DD`; nil for anything else, days that no month has included.
  package init?(_ text: some StringProtocol) {
    let bytes = Array(text.utf8)
    guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-") else { return nil }
    var numbers: [Int] = []
    for range in [0..<4, 5..<7, 8..<10] {
      guard bytes[range].allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
      numbers.append(bytes[range].reduce(0) { $0 * 10 + Int($1 - 0x30) })
    }
    guard CivilTime.isDay(numbers[0], numbers[1], numbers[2]) else { return nil }
    self.init(day: Int(CivilTime.days(numbers[0], numbers[1], numbers[2])))
  }

  /// Orders from past to future.
  package static func < (left: Self, right: Self) -> Bool { left.day < right.day }

  /// 0 is Sunday.
  package var weekday: Int { civil.weekday }

  /// Its first moment in UTC; held at the ends of what a moment can be.
  package var start: UnixNanoseconds {
    let (product, overflow) = Int64(day).multipliedReportingOverflow(by: 86_400_000_000_000)
    return UnixNanoseconds(overflow ? (day < 0 ? .min : .max) : product)
  }

  /// `2026-11-21`
  package var description: String {
    let civil = civil
    return "\(Self.padded(civil.year, 4))-\(Self.padded(civil.month, 2))-\(Self.padded(civil.day, 2))"
  }

  private var civil: CivilTime { CivilTime(seconds: Int64(day) * 86_400) }

  private static func padded(_ value: Int, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }
}
