/// Standard base64 with padding (RFC 4648, section 4).
package enum Base64 {
  private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// The text of bytes.
  package static func encode(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    var place = 0
    while place < bytes.count {
      let left = bytes.count - place
      let first = UInt32(bytes[place]) << 16
      let second = left > 1 ? UInt32(bytes[place + 1]) << 8 : 0
      let third = left > 2 ? UInt32(bytes[place + 2]) : 0
      let group = first | second | third
      text.append(digits[Int(group >> 18 & 63)])
      text.append(digits[Int(group >> 12 & 63)])
      text.append(left > 1 ? digits[Int(group >> 6 & 63)] : 0x3d)
      text.append(left > 2 ? digits[Int(group & 63)] : 0x3d)
      place += 3
    }
    return text
  }

  /// True when the text is base64 of whole bytes.
  package static func isValid(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard text.count % 4 == 0 else { return false }
    let padding = text.reversed().prefix { $0 == 0x3d }.count
    return padding <= 2 && text.dropLast(padding).allSatisfy { value($0) != nil }
  }

  /// The six bits of a character, of the standard or the URL-safe alphabet.
  package static func value(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x41...0x5a: byte - 0x41
    case 0x61...0x7a: byte - 0x61 + 26
    case 0x30...0x39: byte - 0x30 + 52
    case 0x2b, 0x2d: 62
    case 0x2f, 0x5f: 63
    default: nil
    }
  }

  /// The base64 text of bytes that are written as hex digits; nil when they are not.
  package static func fromHex(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
    guard text.count % 2 == 0 else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count / 2)
    for place in stride(from: 0, to: text.count, by: 2) {
      guard let high = Digits.hexValue(text[place]), let low = Digits.hexValue(text[place + 1]) else {
        return nil
      }
      bytes.append(high << 4 | low)
    }
    return bytes.withUnsafeBufferPointer { encode($0) }
  }
}
