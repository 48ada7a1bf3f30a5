/// Writes JSON strings.
package enum JSONString {
  /// Appends a quoted string with its control characters, quotes and backslashes escaped.
  ///
  /// - Complexity: O(bytes), copying runs between characters that need escaping.
  package static func append(_ bytes: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]) {
    guard let base = bytes.baseAddress else { return output.append(contentsOf: "\"\"".utf8) }
    let count = bytes.count
    var runEnd = plainLength(base, count)
    if runEnd == count {
      // Nearly every text: its length is known before it is written.
      output.extend(by: count + 2) { end in
        var end = end
        putQuoted(bytes, at: &end)
      }
      return
    }
    output.append(0x22)
    var runStart = 0
    while true {
      output.append(contentsOf: UnsafeBufferPointer(start: base + runStart, count: runEnd - runStart))
      guard runEnd < count else { break }
      appendEscape(base[runEnd], to: &output)
      runStart = runEnd + 1
      runEnd = runStart + plainLength(base + runStart, count - runStart)
    }
    output.append(0x22)
  }

  /// Puts bytes down where there is room, and goes behind them.
  @inline(__always)
  static func put(_ text: UnsafeBufferPointer<UInt8>, at end: inout UnsafeMutablePointer<UInt8>) {
    if let base = text.baseAddress { end.update(from: base, count: text.count) }
    end += text.count
  }

  /// The same in quotes, for a text in which nothing needs escaping.
  @inline(__always)
  static func putQuoted(_ text: UnsafeBufferPointer<UInt8>, at end: inout UnsafeMutablePointer<UInt8>) {
    end.pointee = 0x22
    end += 1
    put(text, at: &end)
    end.pointee = 0x22
    end += 1
  }

  /// True when nothing in a text needs escaping.
  @inline(__always)
  static func isPlain(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let base = bytes.baseAddress else { return true }
    return plainLength(base, bytes.count) == bytes.count
  }

  /// The number of bytes before the first that needs escaping.
  @inline(__always)
  private static func plainLength(_ base: UnsafePointer<UInt8>, _ count: Int) -> Int {
    var index = 0
    // Eight bytes at a time. A byte is marked by its top bit when it is below 0x20 or, after being turned into 0 by
    // the xor, below 1; a mark may also stand above a marked byte, so only the absence of marks says something.
    let tops: UInt64 = 0x8080_8080_8080_8080
    let ones: UInt64 = 0x0101_0101_0101_0101
    while index &+ 8 <= count {
      let word = UnsafeRawPointer(base + index).loadUnaligned(as: UInt64.self)
      let quotes = word ^ (ones &* 0x22)
      let backslashes = word ^ (ones &* 0x5c)
      let deletes = word ^ (ones &* 0x7f)
      let marks =
        ((word &- ones &* 0x20) & ~word) | ((quotes &- ones) & ~quotes)
        | ((backslashes &- ones) & ~backslashes)
        | ((deletes &- ones) & ~deletes)
      if marks & tops != 0 { break }
      index &+= 8
    }
    while index < count, !needsEscape(base[index]) { index &+= 1 }
    return index
  }

  @inline(__always)
  private static func needsEscape(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == 0x22 || byte == 0x5c || byte == 0x7f
  }

  private static func appendEscape(_ byte: UInt8, to output: inout [UInt8]) {
    output.append(0x5c)
    switch byte {
    case 0x22, 0x5c: output.append(byte)
    case 0x0a: output.append(0x6e)
    case 0x0d: output.append(0x72)
    case 0x09: output.append(0x74)
    default:
      output.append(contentsOf: "u00".utf8)
      output.append(HexDigits.digit(byte >> 4))
      output.append(HexDigits.digit(byte & 0xf))
    }
  }
}
