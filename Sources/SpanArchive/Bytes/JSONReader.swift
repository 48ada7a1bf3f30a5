import TraceModel

/// A pull reader over the bytes of JSON values: nothing is built that is not asked for.
///
///     base ──▶ | … {"traceId":"5b8e…","name":"GET /"} … | 8 more readable bytes |
///                   ▲ position                          ▲ end
///
/// The caller steers by what it expects (`enterObject`, `nextKey`, `readText`, `skipValue`). Every read checks the
/// end; up to 8 bytes behind it must be readable, though they are never looked at as data. Nothing recurses.
/// Strings without escapes are handed out where they lie; others are rewritten into `scratch`.
package struct JSONReader {
  package let base: UnsafePointer<UInt8>
  package var position: Int
  package let end: Int
  /// Where rewritten strings stand; valid until the next string is read.
  package let scratch: TextScratch
  /// Strings with broken UTF-8 or lone surrogates that were repaired.
  package var repairedTexts = 0

  /// The deepest nesting that is read.
  package static let deepestNesting = 128

  /// Reads the bytes from `position` up to `end`.
  package init(base: UnsafePointer<UInt8>, position: Int, end: Int, scratch: TextScratch) {
    self.base = base
    self.position = position
    self.end = end
    self.scratch = scratch
  }

  /// The byte at the position; 0 at the end.
  @inline(__always)
  package var byte: UInt8 { position < end ? base[position] : 0 }

  @inline(__always)
  package func load(_ offset: Int) -> UInt64 {
    UInt64(littleEndian: UnsafeRawPointer(base).loadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  @inline(never)
  package func fault(_ expected: StaticString) -> JSONFault {
    JSONFault(reason: position >= end ? .endOfInput : .malformed(expected), position: position)
  }

  /// True when a text was not rewritten: it lies in what is read and stays there.
  @inline(__always)
  package func isInPlace(_ text: JSONText) -> Bool { text.base >= base && text.base < base + end }

  /// Passes over blanks.
  @inline(__always)
  package mutating func skipBlanks() {
    // Compact JSON has none: one look is enough nearly always.
    if position < end, base[position] <= 0x20 { skipSomeBlanks() }
  }

  @inline(never)
  private mutating func skipSomeBlanks() {
    while position < end {
      switch base[position] {
      case 0x20, 0x0a, 0x0d, 0x09: position &+= 1
      default: return
      }
    }
  }

  // MARK: Objects and arrays

  /// Steps inside the object that begins here.
  @inline(__always)
  package mutating func enterObject() throws(JSONFault) {
    skipBlanks()
    guard byte == 0x7b else { throw fault("'{'") }
    position &+= 1
  }

  /// Steps inside the array that begins here.
  @inline(__always)
  package mutating func enterArray() throws(JSONFault) {
    skipBlanks()
    guard byte == 0x5b else { throw fault("'['") }
    position &+= 1
  }

  /// The next key of the object that was entered, the position before its value; nil, and steps out, at its end.
  @inline(__always)
  package mutating func nextKey() throws(JSONFault) -> JSONText? {
    skipBlanks()
    var next = byte
    if next == 0x2c {
      position &+= 1
      skipBlanks()
      next = byte
    }
    if next == 0x22 {
      let key = try readString()
      skipBlanks()
      guard byte == 0x3a else { throw fault("':'") }
      position &+= 1
      skipBlanks()
      return key
    }
    guard next == 0x7d else { throw fault("a key or '}'") }
    position &+= 1
    return nil
  }

  /// True, with the position before it, when the array that was entered has another element; else steps out.
  @inline(__always)
  package mutating func nextElement() throws(JSONFault) -> Bool {
    skipBlanks()
    if byte == 0x2c {
      position &+= 1
      skipBlanks()
      if byte != 0x5d, position < end { return true }
    }
    if byte == 0x5d {
      position &+= 1
      return false
    }
    guard position < end else { throw fault("an element") }
    guard base[position &- 1] == 0x5b || isFirstElement() else { throw fault("',' or ']'") }
    return true
  }

  /// True when nothing but blanks stands between the opening bracket, or a comma, and the position.
  ///
  /// Without this an element that was cut off would take the next line for its neighbour.
  @inline(never)
  private func isFirstElement() -> Bool {
    var place = position &- 1
    while place >= 0, base[place] <= 0x20 { place &-= 1 }
    return place < 0 || base[place] == 0x5b || base[place] == 0x2c
  }

  // MARK: Skipping

  /// Passes over the value that begins here, whatever it is.
  ///
  /// - Complexity: O(bytes); its nesting is held as a number, brackets are told apart on the way.
  package mutating func skipValue() throws(JSONFault) {
    var depth = 0
    // One bit a level: 1 for an object, 0 for an array.
    var kinds: (UInt64, UInt64) = (0, 0)
    repeat {
      skipBlanks()
      guard position < end else { throw fault("a value") }
      switch base[position] {
      case 0x22: _ = try scanString()
      case 0x7b, 0x5b:
        guard depth < Self.deepestNesting else { throw JSONFault(reason: .tooDeep, position: position) }
        kinds.1 = kinds.1 << 1 | kinds.0 >> 63
        kinds.0 = kinds.0 << 1 | (base[position] == 0x7b ? 1 : 0)
        depth &+= 1
        position &+= 1
      case 0x7d, 0x5d:
        guard depth > 0, (kinds.0 & 1 == 1) == (base[position] == 0x7d) else { throw fault("a value") }
        kinds.0 = kinds.0 >> 1 | kinds.1 << 63
        kinds.1 >>= 1
        depth &-= 1
        position &+= 1
      case 0x2c, 0x3a:
        guard depth > 0 else { throw fault("a value") }
        position &+= 1
      case 0x2d, 0x30...0x39: _ = try readNumber()
      case 0x74: try skipWord("true")
      case 0x66: try skipWord("false")
      case 0x6e: try skipWord("null")
      default: throw fault("a value")
      }
    } while depth > 0
  }

  /// Passes over a word such as `null`.
  package mutating func skipWord(_ word: StaticString) throws(JSONFault) {
    for index in 0..<word.utf8CodeUnitCount {
      guard byte == word.utf8Start[index] else { throw fault("true, false or null") }
      position &+= 1
    }
  }

  /// True, and passes over it, when `null` stands here.
  @inline(__always)
  package mutating func skipNull() throws(JSONFault) -> Bool {
    guard byte == 0x6e else { return false }
    try skipWord("null")
    return true
  }

  // MARK: Strings and numbers

  /// The contents of the string that begins here, unescaped, as valid UTF-8.
  @inline(__always)
  package mutating func readString() throws(JSONFault) -> JSONText {
    guard byte == 0x22 else { throw fault("a string") }
    let start = position &+ 1
    let isPlain = try scanString()
    if isPlain { return JSONText(base: base + start, count: position &- 1 &- start) }
    return rewriteString(from: start, to: position &- 1)
  }

  /// Passes over the string that begins here when it is this text, whose bytes must be plain: ASCII without quotes,
  /// backslashes or control characters.
  @inline(__always)
  package mutating func take(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    let stop = position &+ 1 &+ text.count
    guard stop < end, base[stop] == 0x22, base[position] == 0x22, let expected = text.baseAddress,
      SymbolTable.areEqual(expected, base + (position &+ 1), text.count)
    else { return false }
    position = stop &+ 1
    return true
  }

  /// Passes over the string that begins here; true when it is ASCII without escapes.
  ///
  /// Looks at 8 bytes at a time: a quote, a backslash, a control character or a byte over 127 stops it.
  @inline(__always)
  private mutating func scanString() throws(JSONFault) -> Bool {
    var place = position &+ 1
    while place &+ 8 <= end {
      let word = load(place)
      let quotes = word ^ 0x2222_2222_2222_2222
      let slashes = word ^ 0x5c5c_5c5c_5c5c_5c5c
      // The lowest marked byte is right; higher ones may be marked by a borrow, and are not looked at.
      let marks =
        ((quotes &- 0x0101_0101_0101_0101) | (slashes &- 0x0101_0101_0101_0101)
          | (word &- 0x2020_2020_2020_2020) | word) & 0x8080_8080_8080_8080
      if marks == 0 {
        place &+= 8
        continue
      }
      place &+= marks.trailingZeroBitCount >> 3
      if base[place] == 0x22 {
        position = place &+ 1
        return true
      }
      return try scanRest(from: place)
    }
    return try scanRest(from: place)
  }

  /// The same a byte at a time, for the ends of buffers and for strings that are not plain.
  @inline(never)
  private mutating func scanRest(from start: Int) throws(JSONFault) -> Bool {
    var place = start
    var isPlain = true
    while place < end {
      let byte = base[place]
      if byte == 0x22 {
        position = place &+ 1
        return isPlain
      }
      if byte == 0x5c {
        isPlain = false
        place &+= 2
        continue
      }
      if byte < 0x20, byte != 0x09 {
        position = place
        throw fault("no control character inside a string")
      }
      if byte >= 0x80 { isPlain = false }
      place &+= 1
    }
    position = end
    throw fault("'\"'")
  }

  /// The text of the number that begins here.
  package mutating func readNumber() throws(JSONFault) -> JSONText {
    let start = position
    if byte == 0x2d { position &+= 1 }
    let firstDigit = position
    while position < end {
      switch base[position] {
      case 0x30...0x39, 0x2e, 0x65, 0x45, 0x2b, 0x2d: position &+= 1
      default:
        guard position > firstDigit else { throw fault("a digit") }
        return JSONText(base: base + start, count: position &- start)
      }
    }
    // A number may go on behind the end of what is there; a whole value never ends with one.
    throw fault("the end of a number")
  }

  /// Rewrites a string with escapes or bytes over 127 as valid UTF-8 into the scratch.
  @inline(never)
  private mutating func rewriteString(from start: Int, to stop: Int) -> JSONText {
    let (text, wasRepaired) = scratch.unescape(UnsafeBufferPointer(start: base + start, count: stop - start))
    if wasRepaired { repairedTexts += 1 }
    return text
  }
}
