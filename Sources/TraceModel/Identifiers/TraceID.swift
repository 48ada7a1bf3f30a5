/// The 128-bit id of a trace; a 64-bit id has a high half of zero.
///
/// All zero means *absent*. Ordered as the 32 hex digits are.
@frozen
public struct TraceID: Hashable, Comparable, BitwiseCopyable, Sendable {
  /// The first 16 hex digits.
  public var high: UInt64
  /// The last 16 hex digits.
  public var low: UInt64

  /// The id that stands for "no id".
  public static let absent = TraceID(high: 0, low: 0)

  /// Makes an id of its two halves.
  @inlinable
  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// True for the all-zero id.
  @inlinable
  public var isAbsent: Bool { high == 0 && low == 0 }

  /// True when only the low 64 bits are set, as in ids of older Zipkin and Jaeger clients.
  @inlinable
  public var is64Bit: Bool { high == 0 }

  /// Orders ids as their hex digits are ordered.
  @inlinable
  public static func < (left: TraceID, right: TraceID) -> Bool {
    left.high != right.high ? left.high < right.high : left.low < right.low
  }
}

extension TraceID: CustomStringConvertible {
  /// Always 32 lower-case hex digits.
  public var description: String { HexDigits.text(high) + HexDigits.text(low) }
}
