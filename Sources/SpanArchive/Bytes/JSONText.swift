#if canImport(Glibc)
  import Glibc
#endif

/// The contents of a JSON string or number where they lie, valid until the reader's next read.
package struct JSONText {
  package var base: UnsafePointer<UInt8>
  package var count: Int

  /// So many bytes from an address.
  @inline(__always)
  package init(base: UnsafePointer<UInt8>, count: Int) {
    self.base = base
    self.count = count
  }

  /// An address for texts without bytes.
  package nonisolated(unsafe) static let nowhere = UnsafePointer(
    UnsafeMutablePointer<UInt8>.allocate(capacity: 8))

  /// The bytes.
  package var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: base, count: count) }

  /// The bytes as text.
  package var string: String { String(decoding: bytes, as: UTF8.self) }

  /// True when the bytes are those of a literal.
  @inline(__always)
  package static func == (text: JSONText, literal: StaticString) -> Bool {
    text.count == literal.utf8CodeUnitCount && memcmp(text.base, literal.utf8Start, text.count) == 0
  }

  /// True when the bytes are those of a literal, whatever the case of ASCII letters in them; the literal is lower-case.
  package func equalsIgnoringCase(_ literal: StaticString) -> Bool {
    guard count == literal.utf8CodeUnitCount else { return false }
    for index in 0..<count {
      var byte = base[index]
      if byte >= 0x41, byte <= 0x5a { byte |= 0x20 }
      if byte != literal.utf8Start[index] { return false }
    }
    return true
  }

  /// True when the bytes begin with those of a literal.
  package func hasPrefix(_ literal: StaticString) -> Bool {
    count >= literal.utf8CodeUnitCount && memcmp(base, literal.utf8Start, literal.utf8CodeUnitCount) == 0
  }
}
