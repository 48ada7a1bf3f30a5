/// The W3C `traceparent` header: version, trace id, parent id and flags (Trace Context level 2, section 3.2).
package struct TraceParent: Sendable, Equatable {
  /// The trace id.
  package let traceID: TraceID
  /// The id of the calling span.
  package let parentID: SpanID
  /// The flags.
  package let flags: UInt8

  /// Reads a header value; blanks around it are trimmed. Nil when the rules refuse it.
  ///
  ///     00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01
  ///     VV-─────────── trace id ───────────-── parent id ───-FF    further versions may go on with `-…`
  package init?(_ text: String) {
    let bytes = Array(text.utf8).trimmingBlanks
    guard bytes.count >= 55, bytes[2] == 0x2d, bytes[35] == 0x2d, bytes[52] == 0x2d,
      let version = Self.hex(bytes[0..<2]), version != 0xff, let high = Self.hex(bytes[3..<19]),
      let low = Self.hex(bytes[19..<35]), let parent = Self.hex(bytes[36..<52]),
      let flags = Self.hex(bytes[53..<55])
    else { return nil }
    guard version == 0 ? bytes.count == 55 : bytes.count == 55 || bytes[55] == 0x2d else { return nil }
    traceID = TraceID(high: high, low: low)
    parentID = SpanID(parent)
    self.flags = UInt8(flags)
    guard !traceID.isAbsent, !parentID.isAbsent else { return nil }
  }

  /// The number of lower-case hex digits.
  private static func hex(_ digits: ArraySlice<UInt8>) -> UInt64? {
    var value: UInt64 = 0
    for byte in digits {
      switch byte {
      case 0x30...0x39: value = value << 4 | UInt64(byte - 0x30)
      case 0x61...0x66: value = value << 4 | UInt64(byte - 0x57)
      default: return nil
      }
    }
    return value
  }
}

extension TraceID {
  /// Reads an id of 1 to 32 hex digits of either case; nil for anything else and for zero.
  package init?(hex text: String) {
    let digits = Array(text.utf8)
    guard (1...32).contains(digits.count) else { return nil }
    var value: UInt128 = 0
    for byte in digits {
      guard let digit = Character(UnicodeScalar(byte)).hexDigitValue else { return nil }
      value = value << 4 | UInt128(digit)
    }
    self.init(high: UInt64(truncatingIfNeeded: value >> 64), low: UInt64(truncatingIfNeeded: value))
    if isAbsent { return nil }
  }
}

extension Array<UInt8> {
  /// Without spaces and tabs at either end.
  var trimmingBlanks: [UInt8] {
    let isBlank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 }
    return Array(drop(while: isBlank).reversed().drop(while: isBlank).reversed())
  }
}
