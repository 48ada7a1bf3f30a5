/// Numbers as readers see them, made from integers by hand: no locale, the same bytes everywhere.
///
/// Thousands are grouped with commas; a no-break space stands before a unit; minus is U+2212.
package enum NumberFormat {
  /// No-break space, as it stands between a number and its unit.
  package static let space = "\u{00A0}"
  package static let minus = "\u{2212}"

  /// `1874213` as `1,874,213`.
  package static func grouped<Value: FixedWidthInteger>(_ value: Value) -> String {
    if value >= 0, value < 1000 { return "\(value)" }
    let digits = String(value.magnitude)
    var result = value < 0 ? minus : ""
    var left = digits.utf8.count
    for digit in digits {
      result.append(digit)
      left -= 1
      if left > 0, left % 3 == 0 { result.append(",") }
    }
    return result
  }

  package static func appendGrouped(_ value: UInt64, to out: ByteBuilder) {
    if value < 1000 { out.append(decimal: value) } else { out.append(grouped(value)) }
  }

  /// A count in at most three significant digits: `220595` as `221 k`, `1874213` as `1.87 M`.
  package static func compact<Value: FixedWidthInteger>(_ value: Value) -> String {
    let magnitude = UInt64(clamping: value.magnitude)
    let sign = value < 0 ? minus : ""
    if magnitude < 10_000 { return sign + grouped(magnitude) }
    for (unit, name) in [(1_000 as UInt64, "k"), (1_000_000, "M"), (1_000_000_000, "G")] {
      let text = significant(magnitude, per: unit)
      if magnitude / unit < 999 || (magnitude / unit == 999 && text.utf8.count == 3) {
        return sign + text + space + name
      }
    }
    return sign + significant(magnitude, per: 1_000_000_000_000) + space + "T"
  }

  /// `value / unit` with at most three significant digits and no trailing zeros; grouped from 1,000 on.
  package static func significant(_ value: UInt64, per unit: UInt64) -> String {
    for decimals in [2, 1] {
      let scaled = rounded(value, times: decimals == 2 ? 100 : 10, per: unit)
      if scaled < 1000 { return trimmed(fixed(scaled, decimals: decimals)) }
    }
    return grouped(rounded(value, times: 1, per: unit))
  }

  /// `value × factor / unit`, half up; saturates instead of overflowing.
  package static func rounded(_ value: UInt64, times factor: UInt64, per unit: UInt64) -> UInt64 {
    precondition(unit > 0, "a unit is a positive number")
    let (high, low) = value.multipliedFullWidth(by: factor)
    let (sum, carry) = low.addingReportingOverflow(unit / 2)
    let top = high + (carry ? 1 : 0)
    guard top < unit else { return .max }
    return unit.dividingFullWidth((top, sum)).quotient
  }

  /// An integer read as having `decimals` digits after the point: `184`, 2 as `1.84`.
  package static func fixed(_ scaled: UInt64, decimals: Int) -> String {
    guard decimals > 0 else { return grouped(scaled) }
    var power: UInt64 = 1
    for _ in 0..<decimals { power *= 10 }
    let fraction = String(scaled % power)
    let zeros = String(repeating: "0", count: decimals - fraction.utf8.count)
    return grouped(scaled / power) + "." + zeros + fraction
  }

  /// A number kept as thousandths, with at most three significant digits and no trailing zeros: `21700` as `21.7`.
  package static func thousandths(_ value: UInt64) -> String {
    var text = significant(value, per: 1000)
    guard text.utf8.contains(UInt8(ascii: ".")) else { return text }
    if value > 0, value < 10 { text = fixed(value, decimals: 3) }
    return trimmed(text)
  }

  /// A decimal fraction without trailing zeros: `5.00` as `5`.
  static func trimmed(_ text: String) -> String {
    var text = text
    while text.utf8.last == UInt8(ascii: "0") { text.removeLast() }
    if text.utf8.last == UInt8(ascii: ".") { text.removeLast() }
    return text
  }

  /// `count` with its noun, plural by adding s: `1 trace`, `2 traces`.
  package static func counted<Value: FixedWidthInteger>(
    _ count: Value, _ noun: String, _ plural: String? = nil
  )
    -> String
  {
    grouped(count) + space + (count == 1 ? noun : plural ?? noun + "s")
  }
}
