extension JSONReader {
  /// What stands at the position.
  package enum ValueKind {
    case text
    case number
    case boolean
    case null
    case object
    case array
    case nothing
  }

  /// What kind of value begins here.
  @inline(__always)
  package mutating func peekKind() -> ValueKind {
    skipBlanks()
    switch byte {
    case 0x22: return .text
    case 0x7b: return .object
    case 0x5b: return .array
    case 0x74, 0x66: return .boolean
    case 0x6e: return .null
    case 0x2d, 0x30...0x39: return .number
    default: return .nothing
    }
  }

  /// A text, or a number or truth value as it is written; nil, having passed over it, for anything else.
  @inline(__always)
  package mutating func lenientText() throws(JSONFault) -> JSONText? {
    if byte == 0x22 { return try readString() }
    return try lenientTextSlowly()
  }

  @inline(never)
  private mutating func lenientTextSlowly() throws(JSONFault) -> JSONText? {
    switch peekKind() {
    case .text: return try readString()
    case .number: return try readNumber()
    case .boolean:
      let start = position
      try skipValue()
      return JSONText(base: base + start, count: position - start)
    case .null, .object, .array, .nothing:
      try skipValue()
      return nil
    }
  }

  /// A 64-bit integer written as a number or as text, a fraction cut; nil, having passed over it, for anything else.
  @inline(__always)
  package mutating func lenientInteger() throws(JSONFault) -> Int64? {
    if byte == 0x22 { return Digits.integer(try readString()) }
    if byte == 0x2d || byte &- 0x30 < 10 { return Digits.integer(try readNumber()) }
    skipBlanks()
    if byte == 0x22 { return Digits.integer(try readString()) }
    if byte == 0x2d || byte &- 0x30 < 10 { return Digits.integer(try readNumber()) }
    try skipValue()
    return nil
  }

  /// A double written as a number or as text, `NaN`, `Infinity` and `-Infinity` included; nil for anything else.
  package mutating func lenientDouble() throws(JSONFault) -> Double? {
    guard let text = try lenientText() else { return nil }
    if text == "NaN" { return .nan }
    if text == "Infinity" { return .infinity }
    if text == "-Infinity" { return -.infinity }
    return Double(text.string)
  }

  /// A truth value, or its word or number as text; nil, having passed over it, for anything else.
  package mutating func lenientBoolean() throws(JSONFault) -> Bool? {
    guard let text = try lenientText() else { return nil }
    if text.equalsIgnoringCase("true") || text == "1" { return true }
    if text.equalsIgnoringCase("false") || text == "0" { return false }
    return nil
  }

  /// A count that fits 32 bits, larger ones held at the limit; 0 for anything else.
  package mutating func lenientCount() throws(JSONFault) -> UInt32 {
    guard let value = try lenientInteger(), value > 0 else { return 0 }
    return UInt32(clamping: value)
  }

  /// True, stepping inside, when an object begins here; else passes over the value.
  @inline(__always)
  package mutating func enterObjectOrSkip() throws(JSONFault) -> Bool {
    skipBlanks()
    if byte == 0x7b {
      position &+= 1
      return true
    }
    try skipValue()
    return false
  }

  /// True, stepping inside, when an array begins here; else passes over the value.
  @inline(__always)
  package mutating func enterArrayOrSkip() throws(JSONFault) -> Bool {
    skipBlanks()
    if byte == 0x5b {
      position &+= 1
      return true
    }
    try skipValue()
    return false
  }

  /// The bytes of the value that begins here, blanks outside strings left out, as valid UTF-8.
  package mutating func compactValue() throws(JSONFault) -> [UInt8] {
    let start = position
    try skipValue()
    var compact: [UInt8] = []
    compact.reserveCapacity(position - start)
    var isInString = false
    var place = start
    while place < position {
      let byte = base[place]
      if isInString, byte == 0x5c, place + 1 < position {
        compact.append(byte)
        place += 1
        compact.append(base[place])
      } else if isInString || byte > 0x20 {
        compact.append(byte)
        if byte == 0x22 { isInString.toggle() }
      }
      place += 1
    }
    return compact.contains { $0 >= 0x80 } ? Array(String(decoding: compact, as: UTF8.self).utf8) : compact
  }
}
