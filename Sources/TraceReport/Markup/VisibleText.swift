/// Writes text from archives so that it stays text: escaped for XML, with nothing invisible left in it.
///
/// - `&`, `<`, `>` and `"` become entities.
/// - Control characters, bidirectional controls, zero-width characters and code points that XML refuses become
///   visible escapes: U+202E is shown as `‹U+202E›`. Tab and line feed stay in text.
/// - Combining marks beyond four on a letter become visible escapes, too.
/// - Bytes that are no UTF-8 become `‹0xFF›`.
/// - Text longer than `limit` characters is cut, and the number of characters cut is said.
///
/// - Complexity: O(*n*); runs without special bytes are copied whole.
package enum VisibleText {
  /// Where the text will stand: decides how line breaks and quotes are written.
  package enum Place {
    case text
    case attribute
    /// A text file: nothing is escaped for XML.
    case plain
  }

  package static func append(
    _ source: UnsafeBufferPointer<UInt8>, to out: ByteBuilder, in place: Place = .text, limit: Int = .max
  ) {
    var source = source
    var cut = 0
    if limit < source.count {
      let end = byteOffset(ofCharacter: limit, in: source)
      cut = characterCount(of: source, from: end)
      source = UnsafeBufferPointer(rebasing: source[..<end])
    }
    appendRuns(of: source, to: out, in: place)
    if cut > 0 {
      out.append("… (")
      NumberFormat.appendGrouped(UInt64(cut), to: out)
      out.append(cut == 1 ? " character more)" : " characters more)")
    }
  }

  private static func appendRuns(of source: UnsafeBufferPointer<UInt8>, to out: ByteBuilder, in place: Place)
  {
    guard let base = source.baseAddress else { return }
    let count = source.count
    var runStart = 0
    var index = 0
    var marks = 0
    var marksEnd = -1
    while index < count {
      if index &+ 8 <= count,
        arePlain(UnsafeRawPointer(base).loadUnaligned(fromByteOffset: index, as: UInt64.self))
      {
        index &+= 8
        continue
      }
      let byte = base[index]
      if isPlain(byte) || (place == .plain && byte >= 0x20 && byte < 0x7F) {
        index &+= 1
        continue
      }
      var length = replacementLength(base + index, available: count - index, in: place)
      if length == 0 {
        let next = index &+ sequenceLength(byte)
        if byte >= 0xCC, isCombiningMark(base + index, length: next &- index) {
          marks = index == marksEnd ? marks &+ 1 : 1
          marksEnd = next
        }
        if marksEnd != next || marks <= mostMarks {
          index = next
          continue
        }
        length = next &- index
      }
      out.append(base + runStart, count: index - runStart)
      appendReplacement(base + index, count: length, to: out)
      index &+= length
      runStart = index
    }
    out.append(base + runStart, count: count - runStart)
  }

  /// More marks on one letter than any language has would be drawn over the lines above and below.
  private static let mostMarks = 4

  private static func isCombiningMark(_ at: UnsafePointer<UInt8>, length: Int) -> Bool {
    switch scalar(at, length: length) ?? 0 {
    case 0x0300...0x036F, 0x0483...0x0489, 0x1AB0...0x1AFF, 0x1DC0...0x1DFF, 0x20D0...0x20FF, 0xFE20...0xFE2F:
      true
    default: false
    }
  }

  /// Bytes that never need a second look: printable ASCII but for the four of XML.
  @inline(__always)
  private static func isPlain(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte < 0x7F && byte != 0x26 && byte != 0x3C && byte != 0x3E && byte != 0x22
  }

  /// True for eight bytes that are all plain; it may be false for some of those, too.
  ///
  /// Source: "Hacker's Delight", 6-1, finding a zero byte. `"` and `&` differ in one bit, as do `<` and `>`.
  @inline(__always)
  private static func arePlain(_ bytes: UInt64) -> Bool {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let isControl = (bytes &- ones &* 0x20) & ~bytes
    let delete = bytes ^ (ones &* 0x7F)
    let quote = (bytes | ones &* 0x04) ^ (ones &* 0x26)
    let bracket = (bytes | ones &* 0x02) ^ (ones &* 0x3E)
    let isSpecial = (delete &- ones) | (quote &- ones) | (bracket &- ones)
    return (bytes | isControl | isSpecial) & (ones &* 0x80) == 0
  }

  /// Number of bytes at `at` that must be replaced; 0 when the character there may stand as it is.
  private static func replacementLength(
    _ at: UnsafePointer<UInt8>, available: Int, in place: Place
  ) -> Int {
    let byte = at[0]
    if byte < 0x80 {
      let isBreak = byte == 0x0A || byte == 0x09
      return isBreak && place != .attribute ? 0 : 1
    }
    let length = sequenceLength(byte)
    guard length > 1, length <= available, let scalar = scalar(at, length: length) else { return 1 }
    return isInvisible(scalar) ? length : 0
  }

  private static func appendReplacement(_ at: UnsafePointer<UInt8>, count: Int, to out: ByteBuilder) {
    switch at[0] {
    case 0x26: out.append("&amp;")
    case 0x3C: out.append("&lt;")
    case 0x3E: out.append("&gt;")
    case 0x22: out.append("&quot;")
    case 0x0A: out.append("&#10;")
    case 0x09: out.append("&#9;")
    case 0..<0x80:
      appendEscape(UInt32(at[0]), to: out)
    default:
      if count > 1, let scalar = scalar(at, length: count) {
        appendEscape(scalar, to: out)
      } else {
        out.append("‹0x")
        appendHex(UInt32(at[0]), digits: 2, to: out)
        out.append("›")
      }
    }
  }

  private static func appendEscape(_ scalar: UInt32, to out: ByteBuilder) {
    out.append("‹U+")
    appendHex(scalar, digits: scalar > 0xFFFF ? (scalar > 0xF_FFFF ? 6 : 5) : 4, to: out)
    out.append("›")
  }

  private static func appendHex(_ value: UInt32, digits: Int, to out: ByteBuilder) {
    var shift = (digits - 1) * 4
    while shift >= 0 {
      let digit = UInt8(truncatingIfNeeded: (value >> UInt32(shift)) & 0xF)
      out.append(digit < 10 ? digit + 0x30 : digit - 10 + 0x41)
      shift -= 4
    }
  }

  @inline(__always)
  private static func sequenceLength(_ lead: UInt8) -> Int {
    switch lead {
    case 0xC2...0xDF: 2
    case 0xE0...0xEF: 3
    case 0xF0...0xF4: 4
    default: 1
    }
  }

  /// The code point of a well-formed sequence of 2 to 4 bytes, else nil.
  private static func scalar(_ at: UnsafePointer<UInt8>, length: Int) -> UInt32? {
    var value = UInt32(at[0]) & (0x7F >> UInt32(length))
    var offset = 1
    while offset < length {
      let next = at[offset]
      guard next & 0xC0 == 0x80 else { return nil }
      value = value << 6 | UInt32(next & 0x3F)
      offset += 1
    }
    let smallest: UInt32 = length == 2 ? 0x80 : length == 3 ? 0x800 : 0x1_0000
    guard value >= smallest, value <= 0x10_FFFF, !(0xD800...0xDFFF).contains(value) else { return nil }
    return value
  }

  /// Characters that a reader cannot see or that reorder what he sees, and those XML does not allow.
  private static func isInvisible(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x80...0x9F, 0xAD, 0x034F, 0x061C, 0x115F...0x1160, 0x17B4...0x17B5, 0x180B...0x180F: true
    case 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0x2800, 0x3164: true
    case 0xFE00...0xFE0F, 0xFEFF, 0xFFA0, 0xFFF0...0xFFFB, 0xFFFE...0xFFFF: true
    case 0x1D173...0x1D17A, 0xE0000...0xE0FFF: true
    default: scalar & 0xFFFE == 0xFFFE
    }
  }

  private static func byteOffset(ofCharacter limit: Int, in source: UnsafeBufferPointer<UInt8>) -> Int {
    var seen = 0
    var index = 0
    while index < source.count {
      if source[index] & 0xC0 != 0x80 {
        if seen == limit { return index }
        seen += 1
      }
      index += 1
    }
    return index
  }

  private static func characterCount(of source: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    var seen = 0
    for index in start..<source.count where source[index] & 0xC0 != 0x80 { seen += 1 }
    return seen
  }
}
