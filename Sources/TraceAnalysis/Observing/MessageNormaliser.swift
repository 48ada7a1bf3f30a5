/// Makes messages that differ only in ids, numbers, addresses or quoted values alike.
///
///     "Order 4711 not found at 10.0.0.7:8080"   →   "Order {n} not found at {address}"
///     "key 'cart-9' missing"                    →   "key {text} missing"
///
/// Words are runs of letters, digits and `_ - . : @`; a word is replaced as a whole when it looks like an id, a number
/// or an address. What stands in quotes is replaced when it is short. The result has at most 200 characters.
///
/// - Complexity: O(length), of which no more than 1,000 bytes are looked at.
enum MessageNormaliser {
  static let limit = 200
  private static let longestLook = 1_000

  static func normalise(_ message: String) -> String {
    var output: [UInt8] = []
    let bytes = Array(message.utf8.prefix(longestLook))
    var place = 0
    while place < bytes.count, output.count < limit * 4 {
      let byte = bytes[place]
      if isQuote(byte), let end = endOfQuote(bytes, place) {
        output += "{text}".utf8
        place = end + 1
      } else if isWord(byte) {
        var end = place
        while end < bytes.count, isWord(bytes[end]) { end += 1 }
        // Marks at the end of a word belong to the sentence.
        while end > place + 1, isMark(bytes[end - 1]) { end -= 1 }
        output += replaced(bytes[place..<end])
        place = end
      } else {
        // Line breaks and runs of blanks do not tell messages apart.
        let isBlank = byte <= 0x20
        if !isBlank || output.last != 0x20 { output.append(isBlank ? 0x20 : byte) }
        place += 1
      }
    }
    return cut(String(decoding: output, as: UTF8.self))
  }

  private static func cut(_ text: String) -> String {
    let scalars = text.unicodeScalars
    guard scalars.count > limit else { return text }
    return String(String.UnicodeScalarView(scalars.prefix(limit - 1))) + "…"
  }

  /// The place of the closing quote, if it is near and the quote is no apostrophe.
  private static func endOfQuote(_ bytes: [UInt8], _ start: Int) -> Int? {
    if start > 0, isWord(bytes[start - 1]) { return nil }
    var place = start + 1
    while place < bytes.count, place - start <= 120 {
      if bytes[place] == bytes[start], place + 1 == bytes.count || !isLetterOrDigit(bytes[place + 1]) {
        return place
      }
      if bytes[place] == 0x0a { return nil }
      place += 1
    }
    return nil
  }

  private static func replaced(_ word: ArraySlice<UInt8>) -> [UInt8] {
    let digits = word.reduce(0) { $0 + (isDigit($1) ? 1 : 0) }
    guard digits > 0 || word.contains(UInt8(ascii: "@")) else { return Array(word) }
    if word.contains(UInt8(ascii: "@")) { return Array("{address}".utf8) }
    if isAddress(word) { return Array("{address}".utf8) }
    let hexDigits = word.reduce(0) { $0 + (isHexDigit($1) || $1 == 0x2d ? 1 : 0) }
    if hexDigits == word.count, word.count >= 8 { return Array("{id}".utf8) }
    // Long words of letters and digits mixed are ids of some kind; short ones keep their letters.
    if word.count >= 20, digits * 4 >= word.count { return Array("{id}".utf8) }
    return numbersReplaced(word)
  }

  private static func numbersReplaced(_ word: ArraySlice<UInt8>) -> [UInt8] {
    var output: [UInt8] = []
    var inNumber = false
    for byte in word {
      if isDigit(byte) || (inNumber && byte == UInt8(ascii: ".")) {
        if !inNumber { output += "{n}".utf8 }
        inNumber = true
      } else {
        output.append(byte)
        inNumber = false
      }
    }
    return output
  }

  /// Four numbers with dots, perhaps a port; or two colons and nothing but hex digits.
  private static func isAddress(_ word: ArraySlice<UInt8>) -> Bool {
    let host = word.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    let parts = (host.first ?? []).split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    if parts.count == 4, host.count <= 2,
      parts.allSatisfy({ !$0.isEmpty && $0.count <= 3 && $0.allSatisfy(isDigit) })
    {
      return true
    }
    return host.count >= 3 && host.allSatisfy { $0.count <= 4 && $0.allSatisfy(isHexDigit) }
  }

  private static func isWord(_ byte: UInt8) -> Bool { isLetterOrDigit(byte) || isMark(byte) || byte == 0x40 }
  private static func isMark(_ byte: UInt8) -> Bool {
    byte == 0x2d || byte == 0x2e || byte == 0x3a || byte == 0x5f
  }
  private static func isQuote(_ byte: UInt8) -> Bool { byte == 0x22 || byte == 0x27 || byte == 0x60 }
  private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
  private static func isHexDigit(_ byte: UInt8) -> Bool {
    isDigit(byte) || (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x66)
  }
  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    isDigit(byte) || (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7a) || byte >= 0x80
  }
}
