/// Shares as readers see them. Every caller says in words what the share is of.
package enum PercentFormat {
  /// `part` of `whole` with a unit: `0.23 %`, `4.8 %`, `71 %`; `–` when there is no whole.
  package static func share(_ part: UInt64, of whole: UInt64) -> String {
    let digits = digits(part, of: whole)
    return digits == "–" ? digits : digits + NumberFormat.space + "%"
  }

  /// The same without the unit, for columns whose head names it.
  package static func digits(_ part: UInt64, of whole: UInt64) -> String {
    guard whole > 0 else { return "–" }
    if part == 0 { return "0" }
    if part == whole { return "100" }
    return text(
      hundredThousandths: NumberFormat.rounded(part, times: 100_000, per: whole), isWhole: part >= whole)
  }

  /// A share given as a fraction of 1.
  package static func share(_ fraction: Double) -> String {
    digits(fraction) + NumberFormat.space + "%"
  }

  package static func digits(_ fraction: Double) -> String {
    guard fraction.isFinite, fraction > 0 else { return "0" }
    let scaled = UInt64(min(fraction, 1e9) * 100_000 + 0.5)
    return text(hundredThousandths: scaled, isWhole: fraction >= 1)
  }

  /// Signed growth from `old` to `new`: `+143 %`, `−7.5 %`, `0 %`; nil without an old value.
  package static func change(from old: UInt64, to new: UInt64) -> String? {
    guard old > 0 else { return nil }
    let difference = new >= old ? new - old : old - new
    let permille = NumberFormat.rounded(difference, times: 1000, per: old)
    if permille < 5 { return "0" + NumberFormat.space + "%" }
    let sign = new > old ? "+" : NumberFormat.minus
    if permille >= 10_000 {
      let times = NumberFormat.significant(new, per: old)
      return times + NumberFormat.space + "×"
    }
    let text =
      permille < 100 && permille % 10 != 0
      ? NumberFormat.fixed(permille, decimals: 1) : NumberFormat.grouped((permille + 5) / 10)
    return sign + text + NumberFormat.space + "%"
  }

  private static func text(hundredThousandths value: UInt64, isWhole: Bool) -> String {
    switch value {
    case 0: return "<0.001"
    case 1..<100: return NumberFormat.fixed(value, decimals: 3)
    case 100..<1_000: return NumberFormat.fixed(value / 10 + (value % 10 >= 5 ? 1 : 0), decimals: 2)
    case 1_000..<9_950: return NumberFormat.fixed((value + 50) / 100, decimals: 1)
    default:
      let whole = value / 1_000 + (value % 1_000 >= 500 ? 1 : 0)
      if !isWhole, whole >= 100 {
        return value >= 99_950 ? ">99.9" : NumberFormat.fixed(value / 100, decimals: 1)
      }
      return NumberFormat.grouped(whole)
    }
  }
}
