/// Lower-case hex text of numbers.
package enum HexDigits {
  /// The 16 lower-case hex digits of a number.
  package static func text(_ value: UInt64) -> String {
    String(unsafeUninitializedCapacity: 16) { buffer in
      for index in 0..<16 {
        buffer[index] = digit(UInt8(truncatingIfNeeded: value >> UInt64(60 - 4 * index)) & 0x0f)
      }
      return 16
    }
  }

  /// Writes the 16 lower-case hex digits of a number to where 16 bytes have room.
  @inline(__always)
  package static func write(_ value: UInt64, to end: UnsafeMutablePointer<UInt8>) {
    for index in 0..<16 {
      end[index] = digit(UInt8(truncatingIfNeeded: value >> UInt64(60 &- 4 &* index)) & 0x0f)
    }
  }

  /// The digit of a value below 16.
  @inline(__always)
  package static func digit(_ value: UInt8) -> UInt8 { value < 10 ? value &+ 0x30 : value &+ 0x57 }
}
