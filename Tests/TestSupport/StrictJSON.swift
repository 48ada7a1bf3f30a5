/// Parses JSON exactly as RFC 8259 has it: no trailing commas, no leading zeros, no control characters in strings, no
/// broken UTF-8, nothing behind the value. Two members of one name are allowed, and the last one counts.
///
/// By hand, because decoders of unknown types try one type after another, which takes a hundred times as long.
struct StrictJSON {
  /// Why a text is no JSON.
  struct Fault: Error, CustomStringConvertible {
    var expected: String
    var offset: Int
    var description: String { "no JSON: \(expected) expected at byte \(offset)" }
  }

  private let bytes: UnsafeBufferPointer<UInt8>
  private var position = 0
  private var depth = 0

  static func parse(_ bytes: [UInt8]) throws(Fault) -> JSONValue {
    let result = bytes.withUnsafeBufferPointer { buffer -> Result<JSONValue, Fault> in
      var parser = StrictJSON(bytes: buffer)
      do throws(Fault) {
        let value = try parser.value()
        parser.skipBlanks()
        return parser.position == buffer.count ? .success(value) : .failure(parser.fault("the end"))
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  private init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  private func fault(_ expected: String) -> Fault { Fault(expected: expected, offset: position) }

  private var byte: UInt8 { position < bytes.count ? bytes[position] : 0 }

  private mutating func skipBlanks() {
    while [0x20, 0x0a, 0x0d, 0x09].contains(byte) { position += 1 }
  }

  private mutating func take(_ expected: Character) -> Bool {
    skipBlanks()
    guard byte == expected.asciiValue else { return false }
    position += 1
    return true
  }

  private mutating func value() throws(Fault) -> JSONValue {
    skipBlanks()
    switch byte {
    case UInt8(ascii: "{"): return try object()
    case UInt8(ascii: "["): return try array()
    case UInt8(ascii: "\""): return .text(try string())
    case UInt8(ascii: "t"): return try word("true", .boolean(true))
    case UInt8(ascii: "f"): return try word("false", .boolean(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return .number(try number())
    }
  }

  private mutating func word(_ word: String, _ value: JSONValue) throws(Fault) -> JSONValue {
    for expected in word.utf8 {
      guard byte == expected else { throw fault(word) }
      position += 1
    }
    return value
  }

  private mutating func enter() throws(Fault) {
    depth += 1
    if depth > 512 { throw fault("less nesting") }
    position += 1
  }

  private mutating func object() throws(Fault) -> JSONValue {
    try enter()
    defer { depth -= 1 }
    var members: [String: JSONValue] = [:]
    if take("}") { return .object(members) }
    repeat {
      skipBlanks()
      guard byte == UInt8(ascii: "\"") else { throw fault("a key") }
      let key = try string()
      guard take(":") else { throw fault("':'") }
      members[key] = try value()
    } while take(",")
    guard take("}") else { throw fault("'}'") }
    return .object(members)
  }

  private mutating func array() throws(Fault) -> JSONValue {
    try enter()
    defer { depth -= 1 }
    var elements: [JSONValue] = []
    if take("]") { return .array(elements) }
    repeat { elements.append(try value()) } while take(",")
    guard take("]") else { throw fault("']'") }
    return .array(elements)
  }

  private mutating func digits() throws(Fault) {
    guard (0x30...0x39).contains(byte) else { throw fault("a digit") }
    while (0x30...0x39).contains(byte) { position += 1 }
  }

  private mutating func number() throws(Fault) -> Double {
    let start = position
    if byte == UInt8(ascii: "-") { position += 1 }
    if byte == UInt8(ascii: "0") { position += 1 } else { try digits() }
    if byte == UInt8(ascii: ".") {
      position += 1
      try digits()
    }
    if byte | 0x20 == UInt8(ascii: "e") {
      position += 1
      if byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") { position += 1 }
      try digits()
    }
    guard let value = Double(String(decoding: bytes[start..<position], as: UTF8.self)) else {
      throw fault("a number")
    }
    return value
  }

  private mutating func string() throws(Fault) -> String {
    position += 1
    let start = position
    var isPlain = true
    while position < bytes.count, byte != UInt8(ascii: "\"") {
      if byte < 0x20 { throw fault("no control character") }
      if byte == UInt8(ascii: "\\") {
        isPlain = false
        position += 1
      }
      position += 1
    }
    guard position < bytes.count else { throw fault("'\"'") }
    let content = UnsafeBufferPointer(rebasing: bytes[start..<position])
    position += 1
    if isPlain, let text = String(validating: content, as: UTF8.self) { return text }
    guard !isPlain else { throw fault("valid UTF-8") }
    return try unescaped(content)
  }

  private func unescaped(_ content: UnsafeBufferPointer<UInt8>) throws(Fault) -> String {
    var units: [UInt8] = []
    var place = 0
    while place < content.count {
      guard content[place] == UInt8(ascii: "\\") else {
        units.append(content[place])
        place += 1
        continue
      }
      place += 2
      switch content[place - 1] {
      case UInt8(ascii: "n"): units.append(0x0a)
      case UInt8(ascii: "r"): units.append(0x0d)
      case UInt8(ascii: "t"): units.append(0x09)
      case UInt8(ascii: "b"): units.append(0x08)
      case UInt8(ascii: "f"): units.append(0x0c)
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): units.append(content[place - 1])
      case UInt8(ascii: "u"): units += String(try scalar(content, &place)).utf8
      default: throw fault("an escape")
      }
    }
    guard let text = String(validating: units, as: UTF8.self) else { throw fault("valid UTF-8") }
    return text
  }

  /// The character of the digits behind `\u`, and behind a second one where it takes two.
  private func scalar(_ content: UnsafeBufferPointer<UInt8>, _ place: inout Int) throws(Fault) -> Character {
    let first = try unit(content, &place)
    guard (0xd800..<0xe000).contains(first) else { return Character(Unicode.Scalar(first) ?? "?") }
    guard first < 0xdc00, place + 1 < content.count, content[place] == UInt8(ascii: "\\"),
      content[place + 1] == UInt8(ascii: "u")
    else { throw fault("a pair of surrogates") }
    place += 2
    let second = try unit(content, &place)
    guard (0xdc00..<0xe000).contains(second),
      let scalar = Unicode.Scalar(0x10000 + (first - 0xd800) << 10 + (second - 0xdc00))
    else { throw fault("a pair of surrogates") }
    return Character(scalar)
  }

  private func unit(_ content: UnsafeBufferPointer<UInt8>, _ place: inout Int) throws(Fault) -> UInt32 {
    guard place + 4 <= content.count,
      let unit = UInt32(String(decoding: content[place..<place + 4], as: UTF8.self), radix: 16)
    else { throw fault("four hex digits") }
    place += 4
    return unit
  }
}
