/// Finds ids in operation names (semantic conventions, section 4).
enum NameForm {
  /// The name with UUIDs, hex runs of 8 or more, runs of digits and e-mail addresses replaced by `{id}`; nil when it
  /// holds none.
  ///
  /// A run counts only as a whole word: `v1` and `s3` are names.
  ///
  ///     GET /users/4711/orders   →   GET /users/{id}/orders
  static func normalised(_ name: String) -> String? {
    var output: [UInt8] = []
    var found = false
    let bytes = Array(name.utf8.prefix(1_000))
    var place = 0
    while place < bytes.count {
      guard isWord(bytes[place]) else {
        output.append(bytes[place])
        place += 1
        continue
      }
      var end = place
      while end < bytes.count, isWord(bytes[end]) { end += 1 }
      if isID(bytes[place..<end]) {
        found = true
        output += "{id}".utf8
      } else {
        output += bytes[place..<end]
      }
      place = end
    }
    return found ? String(decoding: output, as: UTF8.self) : nil
  }

  private static func isID(_ word: ArraySlice<UInt8>) -> Bool {
    if word.contains(UInt8(ascii: "@")) { return word.count >= 5 && word.contains(UInt8(ascii: ".")) }
    let digits = word.reduce(0) { $0 + (isDigit($1) ? 1 : 0) }
    guard digits > 0 else { return false }
    if digits == word.count { return true }
    let hexDigits = word.reduce(0) { $0 + (isDigit($1) || (0x61...0x66).contains($1 | 0x20) ? 1 : 0) }
    let dashes = word.reduce(0) { $0 + ($1 == UInt8(ascii: "-") ? 1 : 0) }
    return hexDigits >= 8 && hexDigits + dashes == word.count && (dashes == 0 || dashes == 4)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  private static func isWord(_ byte: UInt8) -> Bool {
    isDigit(byte) || (0x61...0x7a).contains(byte | 0x20) || byte >= 0x80 || byte == UInt8(ascii: "-")
      || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "@") || byte == UInt8(ascii: ".")
  }
}
