/// Ratios as people write them: at most six significant decimals, no zeros at the end.
enum RatioText {
  static func text(_ ratio: Double) -> String {
    var scale = 1_000_000.0
    while scale < 1e12, ratio > 0, ratio * scale < 1_000 { scale *= 10 }
    let rounded = (ratio * scale).rounded()
    guard rounded.magnitude < 9e15 else { return ratio.description }
    let digits = Int(scale.description.utf8.count - 3)
    let whole = Int64(rounded) / Int64(scale)
    var fraction = String(Int64(rounded) % Int64(scale))
    fraction = String(repeating: "0", count: max(0, digits - fraction.utf8.count)) + fraction
    while fraction.utf8.last == 0x30 { fraction.removeLast() }
    return fraction.isEmpty ? "\(whole)" : "\(whole).\(fraction)"
  }
}
