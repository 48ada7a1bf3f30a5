/// Reads the JSON of digests: objects with known keys, texts, and arrays of whole numbers.
struct DigestReader {
  private let bytes: [UInt8]
  private var place = 0
  /// What may still be taken, in bytes of memory.
  private var room: Int
  /// The most numbers of a row: they take four times as much until the row is made.
  private let longestRow: Int

  /// - `most`: what the texts and numbers may take, in bytes of memory.
  init(_ bytes: [UInt8], most: Int = .max) {
    self.bytes = bytes
    room = most
    longestRow = most / 128
  }

  private mutating func take(_ bytes: Int) throws(DigestError) {
    room -= bytes
    if room < 0 { throw tooLarge }
  }

  private var tooLarge: DigestError {
    DigestError(message: "it tells too many things apart for the memory given", offset: place)
  }

  func error(_ message: String) -> DigestError {
    DigestError(message: "\(message); make the digest anew", offset: place)
  }

  private mutating func skipBlanks() {
    while place < bytes.count, bytes[place] == 0x20 || (0x09...0x0d).contains(bytes[place]) { place += 1 }
  }

  /// Takes a mark if it stands here.
  mutating func takes(_ mark: Unicode.Scalar) -> Bool {
    skipBlanks()
    guard place < bytes.count, bytes[place] == UInt8(ascii: mark) else { return false }
    place += 1
    return true
  }

  mutating func expect(_ mark: Unicode.Scalar) throws(DigestError) {
    guard takes(mark) else { throw error("not a digest: “\(mark)” is missing at byte \(place)") }
  }

  /// Takes a key and its colon.
  mutating func key(_ name: String) throws(DigestError) {
    let found = try text()
    guard found == name else { throw error("not a digest: “\(name)” is missing at byte \(place)") }
    try expect(":")
  }

  mutating func number() throws(DigestError) -> Int128 {
    skipBlanks()
    let isNegative = takes("-")
    var value: Int128 = 0
    let start = place
    while place < bytes.count, bytes[place] >= 0x30, bytes[place] <= 0x39, place - start < 39 {
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, overflow2) = product.addingReportingOverflow(Int128(bytes[place] - 0x30))
      if overflow || overflow2 { throw error("a number is too large at byte \(place)") }
      value = sum
      place += 1
    }
    guard place > start else { throw error("a number is missing at byte \(place)") }
    return isNegative ? -value : value
  }

  mutating func numbers() throws(DigestError) -> [Int128] {
    try expect("[")
    var numbers: [Int128] = []
    if takes("]") { return numbers }
    // A field of a row takes eight bytes as a rule; lists have a header.
    try take(32)
    repeat {
      numbers.append(try number())
      try take(8)
      if numbers.count > longestRow { throw tooLarge }
    } while takes(",")
    try expect("]")
    return numbers
  }

  mutating func texts() throws(DigestError) -> [String] {
    try expect("[")
    var texts: [String] = []
    if takes("]") { return texts }
    repeat {
      texts.append(try text())
      // Twice, since arrays grow by being copied.
      try take(2 * MemoryLayout<String>.stride + texts[texts.count - 1].utf8.count)
    } while takes(",")
    try expect("]")
    return texts
  }

  private mutating func text() throws(DigestError) -> String {
    try expect("\"")
    var text: [UInt8] = []
    while place < bytes.count, bytes[place] != 0x22 {
      if bytes[place] == 0x5c { try escape(&text) } else { text.append(bytes[place]) }
      place += 1
    }
    guard place < bytes.count else { throw error("a text has no end") }
    place += 1
    return String(decoding: text, as: UTF8.self)
  }

  /// Takes an escape; `place` stays on its last byte.
  private mutating func escape(_ text: inout [UInt8]) throws(DigestError) {
    place += 1
    guard place < bytes.count else { throw error("a text has no end") }
    switch bytes[place] {
    case UInt8(ascii: "n"): text.append(0x0a)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "r"): text.append(0x0d)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0c)
    case UInt8(ascii: "u"):
      guard place + 4 < bytes.count,
        let code = UInt32(String(decoding: bytes[place + 1...place + 4], as: UTF8.self), radix: 16)
      else { throw error("an escape is damaged") }
      place += 4
      text += String(Unicode.Scalar(code) ?? "\u{fffd}").utf8
    default: text.append(bytes[place])
    }
  }
}
