/// Lengths of time as Go writes them: `300ms`, `1.5s`, `2h45m`, `-10us`, `0`.
package enum DurationParser {
  /// The length of a text; nil when it is none or does not fit 64 bits of nanoseconds.
  ///
  /// Source: Go `time.ParseDuration`.
  package static func nanoseconds(_ text: String) -> Nanoseconds? {
    var rest = Array(text.utf8)[...]
    let isNegative = rest.first == 0x2d
    if isNegative || rest.first == 0x2b { rest = rest.dropFirst() }
    if rest.elementsEqual([0x30]) { return .zero }
    guard !rest.isEmpty else { return nil }
    var total: Int64 = 0
    while !rest.isEmpty {
      guard let part = takePart(&rest) else { return nil }
      let (sum, overflow) = total.addingReportingOverflow(part)
      guard !overflow else { return nil }
      total = sum
    }
    return Nanoseconds(isNegative ? -total : total)
  }

  /// One number with its unit.
  private static func takePart(_ rest: inout ArraySlice<UInt8>) -> Int64? {
    let digits = rest.prefix { isDigit($0) }
    rest = rest.dropFirst(digits.count)
    var fraction: ArraySlice<UInt8> = []
    if rest.first == 0x2e {
      rest = rest.dropFirst()
      fraction = rest.prefix { isDigit($0) }
      rest = rest.dropFirst(fraction.count)
    }
    guard !digits.isEmpty || !fraction.isEmpty else { return nil }
    let unitText = rest.prefix { !isDigit($0) && $0 != 0x2e }
    rest = rest.dropFirst(unitText.count)
    guard let unit = unit(String(decoding: unitText, as: UTF8.self)),
      let whole = digits.isEmpty ? 0 : Int64(String(decoding: digits, as: UTF8.self))
    else { return nil }
    let (product, overflow) = whole.multipliedReportingOverflow(by: unit)
    guard !overflow else { return nil }
    var value = product
    var scale = unit
    for digit in fraction.prefix(18) {
      scale /= 10
      let (sum, carry) = value.addingReportingOverflow(Int64(digit - 0x30) * scale)
      guard !carry else { return nil }
      value = sum
    }
    return value
  }

  private static func unit(_ text: String) -> Int64? {
    switch text {
    case "ns": 1
    case "us", "µs", "μs": 1_000
    case "ms": 1_000_000
    case "s": 1_000_000_000
    case "m": 60_000_000_000
    case "h": 3_600_000_000_000
    default: nil
    }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
