/// Short, stable, safe words for addresses, one for each name: lower-case letters, digits and hyphens.
///
/// Two names that would give the same word get a number, by the order of the names; so equal reports have equal
/// addresses, also on file systems that ignore case.
struct Slugs: Sendable {
  private let words: [String: String]

  init(names: some Sequence<String>) {
    var words: [String: String] = [:]
    var taken: Set<String> = []
    for name in Set(names).sorted() {
      let base = Self.word(name)
      var word = base
      var number = 2
      while !taken.insert(word).inserted {
        word = base + "-\(number)"
        number += 1
      }
      words[name] = word
    }
    self.words = words
  }

  package subscript(name: String) -> String? { words[name] }

  static func word(_ name: String) -> String {
    var word: [UInt8] = []
    for byte in name.utf8 where word.count < 60 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): word.append(byte)
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): word.append(byte + 32)
      default: if word.last != UInt8(ascii: "-"), !word.isEmpty { word.append(UInt8(ascii: "-")) }
      }
    }
    while word.last == UInt8(ascii: "-") { word.removeLast() }
    return word.isEmpty ? "unnamed" : String(decoding: word, as: UTF8.self)
  }
}
