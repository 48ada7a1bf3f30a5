/// A place or width on the fluid axis of a picture, in hundredths of a per cent of its width.
///
/// Pictures stretch with the page while their text does not, so x is always in per cent and y in pixels.
struct Percent: Sendable, Comparable {
  var hundredths: Int

  init(hundredths: Int) { self.hundredths = hundredths }

  /// `part` of `whole`, held within 0 to 100.
  init(_ part: Double, of whole: Double) {
    let share = whole > 0 && part.isFinite ? min(max(part / whole, 0), 1) : 0
    hundredths = Int((share * 10_000).rounded())
  }

  static let zero = Percent(hundredths: 0)
  static let full = Percent(hundredths: 10_000)

  static func < (left: Percent, right: Percent) -> Bool { left.hundredths < right.hundredths }
  static func + (left: Percent, right: Percent) -> Percent {
    Percent(hundredths: left.hundredths + right.hundredths)
  }
  static func - (left: Percent, right: Percent) -> Percent {
    Percent(hundredths: left.hundredths - right.hundredths)
  }
}

extension ByteBuilder {
  /// `12.34%`, without trailing zeros.
  func append(_ percent: Percent) {
    append(hundredths: percent.hundredths)
    append(UInt8(ascii: "%"))
  }

  /// A coordinate in pixels with at most one decimal: more than that cannot be seen.
  func append(pixels: Double) {
    let tenths = Int((min(max(pixels, -1e6), 1e6) * 10).rounded())
    if tenths % 10 == 0 {
      append(decimal: tenths / 10)
      return
    }
    if tenths < 0 { append(UInt8(ascii: "-")) }
    append(decimal: tenths.magnitude / 10)
    append(UInt8(ascii: "."))
    append(decimal: tenths.magnitude % 10)
  }

  private func append(hundredths: Int) {
    append(decimal: hundredths / 100)
    let rest = hundredths.magnitude % 100
    if rest == 0 { return }
    append(UInt8(ascii: "."))
    append(UInt8(truncatingIfNeeded: rest / 10) + 0x30)
    if rest % 10 != 0 { append(UInt8(truncatingIfNeeded: rest % 10) + 0x30) }
  }
}
