/// Tells JSON from protobuf by the first bytes.
///
/// The first byte is not enough: the length of a protobuf message may be the number of a bracket, and its tag that of a
/// line feed. But no message is without bytes that text cannot have.
enum TextSign {
  /// True when the first byte behind a byte order mark and blanks is a bracket, and nothing about it looks binary.
  static func isSurelyText(_ head: [UInt8]) -> Bool {
    var rest = head[...]
    if rest.starts(with: [0xef, 0xbb, 0xbf]) { rest = rest.dropFirst(3) }
    rest = rest.drop { isBlank($0) }
    guard let first = rest.first else { return true }
    return (first == 0x7b || first == 0x5b) && rest.prefix(256).allSatisfy { $0 >= 0x20 || isBlank($0) }
  }

  /// True when the first byte behind padding is one with which JSON may begin.
  static func mayBeText(_ head: [UInt8]) -> Bool {
    var rest = head[...]
    if rest.starts(with: [0xef, 0xbb, 0xbf]) { rest = rest.dropFirst(3) }
    guard let first = rest.first(where: { !isBlank($0) && $0 != 0 }) else { return true }
    return first == 0x7b || first == 0x5b
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09
  }
}
