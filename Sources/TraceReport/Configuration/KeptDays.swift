/// How long nights are kept: whole days or weeks, as in `7d` and `4w`.
package struct KeptDays: Sendable, Equatable {
  /// At least one.
  package let days: Int

  /// What a text must be.
  package static let wanted = "a number of days or weeks, such as 7d or 4w,"

  /// Reads a text; nil for anything else.
  package init?(_ text: String) {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard let count = Int(digits), (1...36_500).contains(count) else { return nil }
    switch text.dropFirst(digits.count) {
    case "d": days = count
    case "w": days = count * 7
    default: return nil
    }
  }
}
