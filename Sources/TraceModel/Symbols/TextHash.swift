/// The hash of a text, by which symbol tables find it.
///
/// It has a random seed, the same for all tables of a run, so that hostile texts cannot be made to collide.
/// Source: the step of wyhash (github.com/wangyi-fudan/wyhash), 8 bytes at a time.
///
/// - Complexity: O(length).
public struct TextHash: Hashable, BitwiseCopyable, Sendable {
  private static let seed = UInt64.random(in: .min ... .max)

  /// The hash.
  @usableFromInline let rawValue: UInt32

  @inlinable
  init(_ rawValue: UInt32) { self.rawValue = rawValue }

  /// Hashes so many bytes.
  public init(_ text: UnsafePointer<UInt8>, _ count: Int) {
    let raw = UnsafeRawPointer(text)
    var state = Self.seed ^ UInt64(truncatingIfNeeded: count)
    var offset = 0
    while count &- offset >= 8 {
      state = Self.mix(state ^ raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      offset &+= 8
    }
    if offset < count {
      var tail: UInt64 = 0
      if count >= 8 {
        tail = raw.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self)
      } else {
        for index in 0..<count { tail = tail << 8 | UInt64(text[index]) }
      }
      state = Self.mix(state ^ tail)
    }
    rawValue = UInt32(truncatingIfNeeded: Self.mix(state))
  }

  /// A number made of the length and some bytes of a text, from its beginning, its thirds and its end: enough to take some
  /// texts at random, at once.
  @inline(__always)
  static func lot(_ text: UnsafePointer<UInt8>, _ count: Int) -> UInt32 {
    var state = Self.seed ^ UInt64(truncatingIfNeeded: count)
    if count >= 8 {
      let text = UnsafeRawPointer(text)
      let third = (count &- 8) / 3
      for place in 0..<3 {
        state = state &* 31 ^ text.loadUnaligned(fromByteOffset: place &* third, as: UInt64.self)
      }
      state = state &* 31 ^ text.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self)
    } else {
      for index in 0..<count { state = state &<< 8 ^ UInt64(text[index]) }
    }
    return UInt32(truncatingIfNeeded: mix(state))
  }

  @inline(__always)
  private static func mix(_ value: UInt64) -> UInt64 {
    let product = (value ^ 0xa076_1d64_78bd_642f).multipliedFullWidth(by: 0xe703_7ed1_a0b4_28db)
    return product.high ^ product.low
  }
}
