/// Writes JSON strings.
package enum JSONString {
  /// Appends a quoted string with its control characters, quotes and backslashes escaped.
  ///
  /// - Complexity: O(bytes), copying runs between characters that need escaping.
  package static func append(_ bytes: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]) {
    output.append(0x22)
    var runStart = 0
    for index in 0..<bytes.count {
      let byte = bytes[index]
      guard byte < 0x20 || byte == 0x22 || byte == 0x5c || byte == 0x7f else { continue }
      output += bytes[runStart..<index]
      runStart = index + 1
      switch byte {
      case 0x22: output += [0x5c, 0x22]
      case 0x5c: output += [0x5c, 0x5c]
      case 0x0a: output += [0x5c, 0x6e]
      case 0x0d: output += [0x5c, 0x72]
      case 0x09: output += [0x5c, 0x74]
      default:
        output += "\\u00".utf8
        output.append(hexDigit(byte >> 4))
        output.append(hexDigit(byte & 0xf))
      }
    }
    output += bytes[runStart...]
    output.append(0x22)
  }

  private static func hexDigit(_ value: UInt8) -> UInt8 { value < 10 ? value + 0x30 : value + 0x57 }
}
