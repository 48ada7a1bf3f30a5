/// A sum of fractions that comes out the same in any order: 32 binary places, held at the largest number.
///
/// Doubles would round differently from one order of traces to the next.
struct FixedSum: BitwiseCopyable, Sendable, Equatable {
  private static let places = 0x1p32
  /// What 127 bits hold: files have signed numbers.
  private static let greatest = UInt128(Int128.max)

  /// The sum times 2^32.
  var raw: UInt128 = 0

  /// The sum.
  var value: Double { Double(raw) / Self.places }

  /// Adds a number from 0 up; what is none adds nothing.
  mutating func add(_ value: Double) {
    guard value > 0 else { return }
    let scaled = (value * Self.places).rounded()
    add(scaled < 0x1p126 ? UInt128(scaled) : Self.greatest)
  }

  /// Adds another sum; associative and commutative.
  mutating func merge(_ other: Self) { add(other.raw) }

  private mutating func add(_ more: UInt128) {
    let (sum, overflow) = raw.addingReportingOverflow(more)
    raw = overflow ? Self.greatest : min(sum, Self.greatest)
  }
}
