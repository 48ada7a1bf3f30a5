/// The 64-bit id of a span; zero means *absent*.
@frozen
public struct SpanID: Hashable, Comparable, BitwiseCopyable, Sendable {
  /// The id as a number; its 16 hex digits are its text.
  public var rawValue: UInt64

  /// The id that stands for "no id".
  public static let absent = SpanID(0)

  /// Makes an id of its number.
  @inlinable
  public init(_ rawValue: UInt64) { self.rawValue = rawValue }

  /// True for the all-zero id.
  @inlinable
  public var isAbsent: Bool { rawValue == 0 }

  /// Orders ids as their hex digits are ordered.
  @inlinable
  public static func < (left: SpanID, right: SpanID) -> Bool { left.rawValue < right.rawValue }
}

extension SpanID: CustomStringConvertible {
  /// Always 16 lower-case hex digits.
  public var description: String { HexDigits.text(rawValue) }
}
