/// Tells what should not be mailed around: by the key it stands under, or by its form.
///
/// Keys are compared by their parts between dots, in any case, as the semantic conventions' reading of redaction asks.
/// It errs on the side of finding too much.
package enum SensitiveData {
  /// What a value looks like.
  package enum Sign: String, Sendable {
    case key = "named as a secret"
    case token = "a token"
    case card = "a card number"
    case address = "an e-mail address"
    case literal = "literals in SQL"
    case login = "a password in an address"
  }

  private static let secretParts: Set<String> = [
    "authorization", "proxy-authorization", "cookie", "set-cookie", "password", "passwd", "pwd", "secret",
    "token", "access_token", "refresh_token", "id_token", "api_key", "apikey", "api-key", "x-api-key",
    "credential", "credentials", "private_key", "client_secret", "session_token",
  ]

  /// The keys under which texts of queries stand.
  private static let queryKeys: Set<String> = ["db.query.text", "db.statement", "sql.query"]

  /// True when a key says that its value is a secret.
  package static func isSecret(key: String) -> Bool {
    key.lowercased().split(separator: ".").contains { secretParts.contains(String($0)) }
  }

  /// True when the text of a database query stands under a key.
  package static func isQuery(key: String) -> Bool { queryKeys.contains(key.lowercased()) }

  /// What a value looks like, whatever its key; nil for nothing special.
  ///
  /// - Complexity: O(length), of which the first 2,000 bytes are looked at.
  package static func sign(of value: UnsafeBufferPointer<UInt8>) -> Sign? {
    let bytes = UnsafeBufferPointer(rebasing: value.prefix(2_000))
    guard bytes.count >= 6 else { return nil }
    if isToken(bytes) { return .token }
    if isCard(bytes) { return .card }
    guard let at = bytes.firstIndex(of: UInt8(ascii: "@")) else { return nil }
    if isLogin(bytes, before: at) { return .login }
    return isAddress(bytes, around: at) ? .address : nil
  }

  /// `Bearer …`, `Basic …`, a JSON web token, or an access key of a well-known form.
  private static func isToken(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    if hasPrefix(bytes, "Bearer ") || hasPrefix(bytes, "bearer ") { return true }
    if hasPrefix(bytes, "Basic "), bytes.count >= 12, !bytes.dropFirst(6).contains(0x20) { return true }
    if hasPrefix(bytes, "eyJ"), bytes.lazy.filter({ $0 == UInt8(ascii: ".") }).count == 2 { return true }
    if hasPrefix(bytes, "AKIA"), bytes.count == 20 { return true }
    return hasPrefix(bytes, "ghp_") || hasPrefix(bytes, "xoxb-") || hasPrefix(bytes, "sk_live_")
  }

  /// 13 to 19 digits, perhaps in groups, with a right check digit (ISO/IEC 7812), that begin as cards do.
  private static func isCard(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard bytes.count <= 23, let first = bytes.first, (0x33...0x36).contains(first) else { return false }
    var digits: [Int] = []
    for byte in bytes {
      if (0x30...0x39).contains(byte) {
        digits.append(Int(byte) - 0x30)
      } else if byte != 0x20 && byte != 0x2d {
        return false
      }
    }
    guard (13...19).contains(digits.count) else { return false }
    var sum = 0
    for (place, digit) in digits.reversed().enumerated() {
      let doubled = place % 2 == 1 ? digit * 2 : digit
      sum += doubled > 9 ? doubled - 9 : doubled
    }
    return sum % 10 == 0
  }

  /// `scheme://user:password@host`.
  private static func isLogin(_ bytes: UnsafeBufferPointer<UInt8>, before at: Int) -> Bool {
    let front = Array(bytes[..<at])
    guard let scheme = range(of: "://", in: front) else { return false }
    let user = front[scheme...]
    return user.contains(UInt8(ascii: ":")) && !user.contains(UInt8(ascii: "/"))
  }

  private static func isAddress(_ bytes: UnsafeBufferPointer<UInt8>, around at: Int) -> Bool {
    guard at > 0, isWord(bytes[at - 1]) else { return false }
    var place = at + 1
    var hasDot = false
    while place < bytes.count, isWord(bytes[place]) {
      if bytes[place] == UInt8(ascii: "."), place > at + 1, place + 2 < bytes.count { hasDot = true }
      place += 1
    }
    // `name@1.2.3` is a version of a package.
    return hasDot && place > at + 3 && !(0x30...0x39).contains(bytes[at + 1])
  }

  /// True when the text of a query holds quoted texts or numbers that are compared with: values, not parameters.
  package static func hasLiterals(query: UnsafeBufferPointer<UInt8>) -> Bool {
    var place = 0
    while place < query.count {
      let byte = query[place]
      if byte == UInt8(ascii: "'"), place + 1 < query.count, query[place + 1] != byte { return true }
      if byte == UInt8(ascii: "=") || byte == UInt8(ascii: "<") || byte == UInt8(ascii: ">") {
        var next = place + 1
        while next < query.count, query[next] == 0x20 { next += 1 }
        if next < query.count, (0x30...0x39).contains(query[next]) { return true }
      }
      place += 1
    }
    return false
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x61...0x7a).contains(byte | 0x20) || byte == 0x2e || byte == 0x2d
      || byte == 0x5f || byte == 0x2b
  }

  private static func hasPrefix(_ bytes: UnsafeBufferPointer<UInt8>, _ prefix: StaticString) -> Bool {
    prefix.withUTF8Buffer { prefix in bytes.count > prefix.count && bytes.starts(with: prefix) }
  }

  /// Where a text ends that lies in the bytes.
  private static func range(of text: StaticString, in bytes: [UInt8]) -> Int? {
    text.withUTF8Buffer { text in
      guard bytes.count >= text.count else { return nil }
      for start in 0...(bytes.count - text.count) where bytes[start...].starts(with: text) {
        return start + text.count
      }
      return nil
    }
  }
}
