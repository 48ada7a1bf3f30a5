#if canImport(Glibc)
  import Glibc
#endif

/// Logarithms for axes.
enum Logarithm {
  static func base10(_ value: UInt64) -> Double { log10(Double(value)) }

  /// The largest power of ten that is not above `value`, which is at least 1.
  static func power10(notAbove value: UInt64) -> UInt64 {
    var power: UInt64 = 1
    while value / power >= 10 { power *= 10 }
    return power
  }

  /// The `degree`th root.
  static func root(_ value: Double, _ degree: Double) -> Double { pow(value, 1 / degree) }
}
