package import TraceModel

/// An id as read from text.
package enum ParsedID<ID> {
  /// Empty, or all zero.
  case absent
  /// An id.
  case id(ID)
  /// No id of the allowed length.
  case invalid
}

/// Reads ids written as hex of either case, padded with zeros, or as base64 where a format has that.
package enum IdentifierText {
  /// The trace id of 1 to 32 hex digits, or of 24 base64 characters.
  @inline(__always)
  package static func traceID(_ text: JSONText, allowsBase64: Bool) -> ParsedID<TraceID> {
    if text.count == 32, let high = Digits.hex16(text.base), let low = Digits.hex16(text.base + 16) {
      let id = TraceID(high: high, low: low)
      return id.isAbsent ? .absent : .id(id)
    }
    return traceIDSlowly(text, allowsBase64: allowsBase64)
  }

  @inline(never)
  private static func traceIDSlowly(_ text: JSONText, allowsBase64: Bool) -> ParsedID<TraceID> {
    if text.count == 0 { return .absent }
    if allowsBase64, text.count == 24, let bytes = base64(text, count: 16) {
      let id = TraceID(high: bytes.0, low: bytes.1)
      return id.isAbsent ? .absent : .id(id)
    }
    guard text.count <= 32 else { return .invalid }
    let highCount = max(0, text.count - 16)
    guard let high = Digits.hex(text.base, highCount),
      let low = Digits.hex(text.base + highCount, text.count - highCount)
    else { return .invalid }
    let id = TraceID(high: high, low: low)
    return id.isAbsent ? .absent : .id(id)
  }

  /// The span id of 1 to 16 hex digits, or of 12 base64 characters.
  @inline(__always)
  package static func spanID(_ text: JSONText, allowsBase64: Bool) -> ParsedID<SpanID> {
    if text.count == 16, let value = Digits.hex16(text.base) {
      return value == 0 ? .absent : .id(SpanID(value))
    }
    return spanIDSlowly(text, allowsBase64: allowsBase64)
  }

  @inline(never)
  private static func spanIDSlowly(_ text: JSONText, allowsBase64: Bool) -> ParsedID<SpanID> {
    if text.count == 0 { return .absent }
    if allowsBase64, text.count == 12, let bytes = base64(text, count: 8) {
      return bytes.0 == 0 ? .absent : .id(SpanID(bytes.0))
    }
    guard text.count <= 16, let value = Digits.hex(text.base, text.count) else { return .invalid }
    return value == 0 ? .absent : .id(SpanID(value))
  }

  /// The 8 or 16 bytes of standard or URL-safe base64 with its padding, as numbers.
  private static func base64(_ text: JSONText, count: Int) -> (UInt64, UInt64)? {
    var halves: (UInt64, UInt64) = (0, 0)
    var bits: UInt32 = 0
    var bitCount = 0
    var written = 0
    for index in 0..<text.count {
      let byte = text.base[index]
      if byte == 0x3d {
        guard written == count else { return nil }
        continue
      }
      guard let value = Base64.value(byte) else { return nil }
      bits = bits << 6 | UInt32(value)
      bitCount += 6
      if bitCount >= 8 {
        bitCount -= 8
        let next = UInt64(bits >> UInt32(bitCount) & 0xff)
        if written < 8 { halves.0 = halves.0 << 8 | next } else { halves.1 = halves.1 << 8 | next }
        written += 1
      }
    }
    return written == count ? halves : nil
  }
}
