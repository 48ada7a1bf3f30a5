/// Shares as people write them: `5%`, `0.05`.
package enum ShareText {
  /// The share of a text, from 0 up; nil when it is none.
  package static func read(_ text: String) -> Double? {
    let isPercent = text.hasSuffix("%")
    let digits = (isPercent ? text.dropLast() : text[...]).filter { $0 != " " && $0 != "_" }
    guard let number = Double(digits), number.isFinite, number >= 0 else { return nil }
    return isPercent ? number / 100 : number
  }
}
