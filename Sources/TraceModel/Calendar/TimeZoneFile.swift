/// Reads the files of the system's time zone database, such as `/usr/share/zoneinfo/Europe/Berlin`.
///
///     header | data with 32-bit moments | header | data with 64-bit moments | \n TZ text \n
///              version 1 ends here
///
/// Every count is checked against the bytes that are there before anything is read. Source: RFC 9636 (TZif).
package struct TimeZoneFile {
  /// More bytes are refused; the largest file of the database has 4 kB.
  package static let largest = 1 << 18

  private struct Header {
    var version: UInt8
    var universalCount: Int
    var standardCount: Int
    var leapCount: Int
    var changeCount: Int
    var typeCount: Int
    var nameBytes: Int

    static let size = 44

    /// The size of the data that follow it, with moments of so many bytes.
    func dataSize(_ width: Int) -> Int {
      changeCount * (width + 1) + typeCount * 6 + nameBytes + leapCount * (width + 4) + standardCount
        + universalCount
    }
  }

  private let bytes: [UInt8]

  /// The rules that a file holds.
  ///
  /// - Complexity: O(bytes).
  package static func rules(_ bytes: [UInt8], name: String) throws(TimeZoneError) -> TimeZoneRules {
    try Self(bytes: bytes).rules(name: name)
  }

  private func rules(name: String) throws(TimeZoneError) -> TimeZoneRules {
    var place = 0
    var header = try header(at: place)
    var width = 4
    if header.version >= UInt8(ascii: "2") {
      place += Header.size + header.dataSize(4)
      header = try self.header(at: place)
      width = 8
    }
    place += Header.size
    let end = place + header.dataSize(width)
    guard end <= bytes.count, header.typeCount > 0 else { throw Self.damaged }
    // Those of "right/…" count leap seconds, which no clock of a computer does.
    guard header.leapCount == 0 else { throw TimeZoneError("it counts leap seconds") }
    let types = place + header.changeCount * (width + 1)
    var offsets: [Int] = []
    for type in 0..<header.typeCount {
      let offset = Int(Int32(truncatingIfNeeded: integer(at: types + type * 6, 4)))
      guard abs(offset) <= 26 * 3_600 else { throw Self.damaged }
      offsets.append(offset)
    }
    var changes: [TimeZoneRules.Change] = []
    for number in 0..<header.changeCount {
      let moment = integer(at: place + number * width, width)
      let type = Int(bytes[place + header.changeCount * width + number])
      guard type < offsets.count, moment > changes.last?.moment ?? .min else { throw Self.damaged }
      changes.append(TimeZoneRules.Change(moment: moment, offset: offsets[type]))
    }
    return TimeZoneRules(
      name: name, firstOffset: offsets[0], changes: changes, yearly: width == 8 ? try yearly(after: end) : nil
    )
  }

  private func header(at place: Int) throws(TimeZoneError) -> Header {
    guard bytes.count <= Self.largest, place + Header.size <= bytes.count,
      bytes[place..<place + 4].elementsEqual("TZif".utf8)
    else { throw Self.damaged }
    let counts = (0..<6).map { Int(UInt32(truncatingIfNeeded: integer(at: place + 20 + $0 * 4, 4))) }
    let header = Header(
      version: bytes[place + 4], universalCount: counts[0], standardCount: counts[1], leapCount: counts[2],
      changeCount: counts[3], typeCount: counts[4], nameBytes: counts[5])
    guard place + Header.size + header.dataSize(4) <= bytes.count else { throw Self.damaged }
    return header
  }

  /// The rule between the two newlines at the end; none when nothing stands there.
  private func yearly(after end: Int) throws(TimeZoneError) -> YearlyTimeRule? {
    guard end < bytes.count, bytes[end] == 0x0a else { throw Self.damaged }
    let text = bytes[(end + 1)...].prefix { $0 != 0x0a }
    guard text.endIndex < bytes.count else { throw Self.damaged }
    if text.isEmpty { return nil }
    guard let rule = YearlyTimeRuleParser.parse(text) else { throw Self.damaged }
    return rule
  }

  /// A number of 4 or 8 bytes, the highest first, with its sign.
  private func integer(at place: Int, _ width: Int) -> Int64 {
    let value = bytes[place..<place + width].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return width == 4 ? Int64(Int32(truncatingIfNeeded: value)) : Int64(bitPattern: value)
  }

  private static var damaged: TimeZoneError { TimeZoneError("it is no file of a time zone database") }
}
