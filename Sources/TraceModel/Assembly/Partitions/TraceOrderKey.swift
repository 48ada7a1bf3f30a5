/// A trace among all others, by the slot in which it begins.
///
///     slot      number of the group
///     16 bits   48 bits
struct TraceOrderKey: BitwiseCopyable, Comparable {
  private var rawValue: UInt64

  private static let groupBits = UInt64(64 - TimeSlots.bits)

  init(slot: Int, group: Int) {
    precondition(slot >> TimeSlots.bits == 0 && group >> Int(Self.groupBits) == 0)
    rawValue = UInt64(truncatingIfNeeded: slot) << Self.groupBits | UInt64(truncatingIfNeeded: group)
  }

  /// The number of the group: its place among all that there is room for.
  @inline(__always)
  var group: Int { Int(truncatingIfNeeded: rawValue & (1 << Self.groupBits - 1)) }

  static func < (left: TraceOrderKey, right: TraceOrderKey) -> Bool { left.rawValue < right.rawValue }
}
