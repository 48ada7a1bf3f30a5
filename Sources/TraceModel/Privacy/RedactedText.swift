/// Replaces secrets within texts.
///
///     "login failed: password=hunter2"           →   "login failed: password=‹redacted›"
///     "Authorization: Bearer abc.def"            →   "Authorization: ‹redacted›"
///     "https://bob:secret@example.org/a"         →   "https://‹redacted›@example.org/a"
///
/// - Complexity: O(length).
enum RedactedText {
  private static let mark = Array("‹redacted›".utf8)

  private static let words: Set<String> = [
    "password", "passwd", "pwd", "secret", "token", "api_key", "apikey", "api-key", "x-api-key",
    "authorization",
    "proxy-authorization", "cookie", "set-cookie", "credential", "credentials", "passphrase",
  ]
  private static let endings = ["_token", "_secret", "_password", "_passwd", "-token", "-secret", "_key_id"]

  static func redacted(_ text: String) -> String {
    let bytes = Array(text.utf8)
    guard bytes.count >= 6 else { return text }
    var output: [UInt8] = []
    output.reserveCapacity(bytes.count)
    var place = 0
    while place < bytes.count {
      guard isWord(bytes[place]) else {
        if let end = endOfLogin(bytes, place) {
          output += Array("://".utf8) + mark
          place = end
        } else {
          output.append(bytes[place])
          place += 1
        }
        continue
      }
      var end = place
      while end < bytes.count, isWord(bytes[end]) { end += 1 }
      let word = bytes[place..<end]
      if isScheme(word), let last = endOfToken(bytes, end) {
        output += word + [0x20] + mark
        place = last
      } else if isSecretItself(word) {
        output += mark
        place = end
      } else if isName(word), let value = valueRange(bytes, end) {
        output += bytes[place..<value.lowerBound] + mark
        place = value.upperBound
      } else {
        output += word
        place = end
      }
    }
    return String(decoding: output, as: UTF8.self)
  }

  // MARK: What is looked for

  private static func isName(_ word: ArraySlice<UInt8>) -> Bool {
    guard word.count <= 40 else { return false }
    let name = String(decoding: word, as: UTF8.self).lowercased()
    return words.contains(name) || endings.contains { name.hasSuffix($0) }
  }

  private static func isScheme(_ word: ArraySlice<UInt8>) -> Bool {
    guard word.count == 5 || word.count == 6 else { return false }
    let name = String(decoding: word, as: UTF8.self).lowercased()
    return name == "bearer" || name == "basic"
  }

  /// A JSON web token, an access key, or a card number.
  private static func isSecretItself(_ word: ArraySlice<UInt8>) -> Bool {
    if word.count >= 13, word.first.map({ (0x33...0x36).contains($0) }) ?? false {
      return word.withUnsafeBufferPointer { SensitiveData.sign(of: $0) == .card }
    }
    guard word.count >= 16 else { return false }
    return word.withUnsafeBufferPointer { SensitiveData.sign(of: $0) == .token }
  }

  /// Where a token of at least 6 characters ends that stands one blank behind a scheme.
  private static func endOfToken(_ bytes: [UInt8], _ start: Int) -> Int? {
    guard start < bytes.count, bytes[start] == 0x20 else { return nil }
    var end = start + 1
    while end < bytes.count, isToken(bytes[end]) { end += 1 }
    // `basic authentication` are words of a sentence: a token has a digit, a capital or a mark in it.
    let token = bytes[(start + 1)..<end]
    return token.count >= 6 && token.contains { !(0x61...0x7a).contains($0) } ? end : nil
  }

  /// The value behind a name: after `=` or `:`, perhaps in quotes, up to what ends it.
  private static func valueRange(_ bytes: [UInt8], _ start: Int) -> Range<Int>? {
    var place = start
    while place < bytes.count, bytes[place] == 0x22 || bytes[place] == 0x27 || bytes[place] == 0x20 {
      place += 1
    }
    guard place < bytes.count, bytes[place] == UInt8(ascii: "=") || bytes[place] == UInt8(ascii: ":") else {
      return nil
    }
    place += 1
    while place < bytes.count, bytes[place] == 0x20 { place += 1 }
    var quote: UInt8?
    if place < bytes.count, bytes[place] == 0x22 || bytes[place] == 0x27 {
      quote = bytes[place]
      place += 1
    }
    var end = place
    while end < bytes.count, quote.map({ bytes[end] != $0 }) ?? !endsValue(bytes[end]) { end += 1 }
    // `Authorization: Bearer abc`: the scheme is not the secret.
    if quote == nil, isScheme(bytes[place..<end]), end < bytes.count, bytes[end] == 0x20 {
      var last = end + 1
      while last < bytes.count, !endsValue(bytes[last]) { last += 1 }
      return place..<last
    }
    return end > place ? place..<end : nil
  }

  /// Where a login ends, behind `://`, before its `@`.
  private static func endOfLogin(_ bytes: [UInt8], _ place: Int) -> Int? {
    guard bytes[place] == UInt8(ascii: ":"), place + 2 < bytes.count, bytes[place + 1] == 0x2f,
      bytes[place + 2] == 0x2f
    else { return nil }
    var end = place + 3
    var hasColon = false
    while end < bytes.count, bytes[end] > 0x20, bytes[end] != 0x2f, bytes[end] != UInt8(ascii: "@") {
      hasColon = hasColon || bytes[end] == UInt8(ascii: ":")
      end += 1
    }
    return hasColon && end < bytes.count && bytes[end] == UInt8(ascii: "@") ? end : nil
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    isAlphanumeric(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
      || byte == UInt8(ascii: ".")
      || byte >= 0x80
  }

  private static func isToken(_ byte: UInt8) -> Bool {
    isAlphanumeric(byte) || "-_.~+/=".utf8.contains(byte)
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x61...0x7a).contains(byte | 0x20)
  }

  private static func endsValue(_ byte: UInt8) -> Bool { byte <= 0x20 || "&;,\"')}]<>".utf8.contains(byte) }

  // MARK: Queries and addresses

  /// The text of a query with `?` in the place of quoted texts and numbers.
  static func withoutLiterals(_ query: String) -> String {
    let bytes = Array(query.utf8)
    var output: [UInt8] = []
    var place = 0
    while place < bytes.count {
      let byte = bytes[place]
      if byte == UInt8(ascii: "'") {
        place += 1
        // A doubled quote is a quote within the text.
        while place < bytes.count {
          if bytes[place] == byte {
            guard place + 1 < bytes.count, bytes[place + 1] == byte else { break }
            place += 1
          }
          place += 1
        }
        place += 1
        output.append(UInt8(ascii: "?"))
      } else if (0x30...0x39).contains(byte), !(output.last.map(isNamePart) ?? false) {
        while place < bytes.count, isNamePart(bytes[place]) || bytes[place] == UInt8(ascii: ".") {
          place += 1
        }
        output.append(UInt8(ascii: "?"))
      } else {
        output.append(byte)
        place += 1
      }
    }
    return String(decoding: output, as: UTF8.self)
  }

  private static func isNamePart(_ byte: UInt8) -> Bool {
    isAlphanumeric(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "$")
      || byte == UInt8(ascii: "?")
  }

  /// An address with the values of its query string replaced; keys stay.
  static func withoutQueryValues(_ address: String, isQuery: Bool) -> String {
    let bytes = Array(address.utf8)
    var start = 0
    if !isQuery {
      guard let mark = bytes.firstIndex(of: UInt8(ascii: "?")) else { return address }
      start = mark + 1
    }
    var output = Array(bytes[..<start])
    var isValue = false
    var isReplaced = false
    for byte in bytes[start...] {
      if byte == UInt8(ascii: "&") || byte == UInt8(ascii: "#") {
        isValue = false
        output.append(byte)
      } else if !isValue {
        output.append(byte)
        if byte == UInt8(ascii: "=") { (isValue, isReplaced) = (true, false) }
      } else if !isReplaced {
        output += mark
        isReplaced = true
      }
    }
    return String(decoding: output, as: UTF8.self)
  }
}
