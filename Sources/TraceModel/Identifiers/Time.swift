/// A moment: nanoseconds since 1970-01-01T00:00:00Z.
///
/// Zero means *unknown* wherever a moment was read from an archive.
@frozen
public struct UnixNanoseconds: Hashable, Comparable, BitwiseCopyable, Sendable {
  /// Nanoseconds since 1970.
  public var rawValue: Int64

  /// The moment that stands for "not known".
  public static let unknown = UnixNanoseconds(0)

  /// Makes a moment of its nanoseconds since 1970.
  @inlinable
  public init(_ rawValue: Int64) { self.rawValue = rawValue }

  /// Orders moments from past to future.
  @inlinable
  public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

  /// The length from one moment to a later one; held at the ends of the range instead of overflowing.
  @inlinable
  public static func - (left: Self, right: Self) -> Nanoseconds {
    let (difference, overflow) = left.rawValue.subtractingReportingOverflow(right.rawValue)
    return Nanoseconds(overflow ? (left.rawValue < 0 ? .min : .max) : difference)
  }

  /// The moment a length later; held at the ends of the range instead of overflowing.
  @inlinable
  public static func + (left: Self, right: Nanoseconds) -> Self {
    let (sum, overflow) = left.rawValue.addingReportingOverflow(right.rawValue)
    return Self(overflow ? (right.rawValue < 0 ? .min : .max) : sum)
  }
}

/// A length of time in nanoseconds.
@frozen
public struct Nanoseconds: Hashable, Comparable, BitwiseCopyable, Sendable {
  /// The number of nanoseconds.
  public var rawValue: Int64

  /// No time at all.
  public static let zero = Nanoseconds(0)

  /// Makes a length of its nanoseconds.
  @inlinable
  public init(_ rawValue: Int64) { self.rawValue = rawValue }

  /// A whole number of microseconds.
  @inlinable
  public static func microseconds(_ count: Int64) -> Self { Self(count &* 1_000) }

  /// A whole number of milliseconds.
  @inlinable
  public static func milliseconds(_ count: Int64) -> Self { Self(count &* 1_000_000) }

  /// Orders lengths from short to long.
  @inlinable
  public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

  /// The sum, held at the ends of the range instead of overflowing.
  @inlinable
  public static func + (left: Self, right: Self) -> Self {
    let (sum, overflow) = left.rawValue.addingReportingOverflow(right.rawValue)
    return Self(overflow ? (right.rawValue < 0 ? .min : .max) : sum)
  }

  /// The difference, held at the ends of the range instead of overflowing.
  @inlinable
  public static func - (left: Self, right: Self) -> Self {
    let (difference, overflow) = left.rawValue.subtractingReportingOverflow(right.rawValue)
    return Self(overflow ? (left.rawValue < 0 ? .min : .max) : difference)
  }

  /// Adds in place, as `+` does.
  @inlinable
  public static func += (left: inout Self, right: Self) { left = left + right }
}
