/// The place where strings with escapes are rewritten, so that reading them allocates nothing.
///
/// One scratch serves one reader at a time; a text is valid until the next call.
package final class TextScratch {
  private var memory = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 256)

  /// Makes a scratch.
  package init() {}

  deinit { memory.deallocate() }

  /// The text of a JSON string's inside: escapes resolved, broken UTF-8 and lone surrogates replaced by U+FFFD.
  ///
  /// - Complexity: O(bytes).
  package func unescape(_ source: UnsafeBufferPointer<UInt8>) -> (text: JSONText, wasRepaired: Bool) {
    reserve(source.count)
    var wasRepaired = false
    var writer = UTF8Writer(target: memory)
    var place = 0
    while place < source.count {
      let byte = source[place]
      if byte == 0x5c {
        Self.unescapeOne(source, &place, &writer, &wasRepaired)
      } else if byte < 0x80 {
        writer.put(byte)
        place += 1
      } else {
        Self.copyScalar(source, &place, &writer, &wasRepaired)
      }
    }
    let text = UnsafeBufferPointer(rebasing: memory[..<writer.count])
    return (JSONText(base: text.baseAddress ?? JSONText.nowhere, count: writer.count), wasRepaired)
  }

  /// The text of bytes that should be UTF-8: what is broken is replaced by U+FFFD.
  ///
  /// A text that lies in this scratch was made valid when it came here, and is given back as it is.
  ///
  /// - Complexity: O(bytes).
  package func repair(_ source: UnsafeBufferPointer<UInt8>) -> (text: JSONText, wasRepaired: Bool) {
    if let base = source.baseAddress, holds(base) {
      return (JSONText(base: base, count: source.count), false)
    }
    reserve(source.count)
    var wasRepaired = false
    var writer = UTF8Writer(target: memory)
    var place = 0
    while place < source.count {
      if source[place] < 0x80 {
        writer.put(source[place])
        place += 1
      } else {
        Self.copyScalar(source, &place, &writer, &wasRepaired)
      }
    }
    let text = UnsafeBufferPointer(rebasing: memory[..<writer.count])
    return (JSONText(base: text.baseAddress ?? JSONText.nowhere, count: writer.count), wasRepaired)
  }

  /// True when an address lies in the memory of this scratch, which a longer text would take away under its reader.
  private func holds(_ address: UnsafePointer<UInt8>) -> Bool {
    guard let start = memory.baseAddress else { return false }
    return address >= UnsafePointer(start) && address < UnsafePointer(start) + memory.count
  }

  /// No escape and no repair makes a text more than three times as long.
  private func reserve(_ count: Int) {
    let needed = count * 3 + 8
    guard memory.count < needed else { return }
    memory.deallocate()
    memory = .allocate(capacity: needed)
  }

  private static func unescapeOne(
    _ source: UnsafeBufferPointer<UInt8>, _ place: inout Int, _ writer: inout UTF8Writer,
    _ wasRepaired: inout Bool
  ) {
    place += 1
    guard place < source.count else { return }
    let letter = source[place]
    // Behind a stray backslash may stand a scalar of several bytes, which is copied as any other.
    guard letter < 0x80 else { return }
    place += 1
    switch letter {
    case 0x6e: writer.put(0x0a)
    case 0x74: writer.put(0x09)
    case 0x72: writer.put(0x0d)
    case 0x62: writer.put(0x08)
    case 0x66: writer.put(0x0c)
    case 0x75:
      guard let first = hex4(source, place) else {
        wasRepaired = true
        writer.put(scalar: 0xfffd)
        return
      }
      place += 4
      if first >= 0xd800, first < 0xdc00, place + 1 < source.count, source[place] == 0x5c,
        source[place + 1] == 0x75, let second = hex4(source, place + 2), second >= 0xdc00, second < 0xe000
      {
        place += 6
        writer.put(scalar: 0x10000 + (first - 0xd800) << 10 + (second - 0xdc00))
      } else if first >= 0xd800, first < 0xe000 {
        wasRepaired = true
        writer.put(scalar: 0xfffd)
      } else {
        writer.put(scalar: first)
      }
    default: writer.put(letter)  // the quote, the backslash, the slash, and leniently anything else
    }
  }

  private static func hex4(_ source: UnsafeBufferPointer<UInt8>, _ place: Int) -> UInt32? {
    guard place + 4 <= source.count else { return nil }
    var value: UInt32 = 0
    for index in place..<place + 4 {
      guard let digit = Digits.hexValue(source[index]) else { return nil }
      value = value << 4 | UInt32(digit)
    }
    return value
  }

  /// Copies one scalar of more than one byte if it is valid, else puts U+FFFD for its first byte.
  private static func copyScalar(
    _ source: UnsafeBufferPointer<UInt8>, _ place: inout Int, _ writer: inout UTF8Writer,
    _ wasRepaired: inout Bool
  ) {
    let length = validScalarLength(source, place)
    if length == 0 {
      wasRepaired = true
      writer.put(scalar: 0xfffd)
      place += 1
    } else {
      for index in place..<place + length { writer.put(source[index]) }
      place += length
    }
  }

  /// The number of bytes of the valid UTF-8 scalar that begins here; 0 when there is none (Unicode, table 3-7).
  private static func validScalarLength(_ source: UnsafeBufferPointer<UInt8>, _ place: Int) -> Int {
    func isTail(_ offset: Int, _ low: UInt8 = 0x80, _ high: UInt8 = 0xbf) -> Bool {
      place + offset < source.count && source[place + offset] >= low && source[place + offset] <= high
    }
    switch source[place] {
    case 0xc2...0xdf: return isTail(1) ? 2 : 0
    case 0xe0: return isTail(1, 0xa0) && isTail(2) ? 3 : 0
    case 0xed: return isTail(1, 0x80, 0x9f) && isTail(2) ? 3 : 0
    case 0xe1...0xec, 0xee, 0xef: return isTail(1) && isTail(2) ? 3 : 0
    case 0xf0: return isTail(1, 0x90) && isTail(2) && isTail(3) ? 4 : 0
    case 0xf1...0xf3: return isTail(1) && isTail(2) && isTail(3) ? 4 : 0
    case 0xf4: return isTail(1, 0x80, 0x8f) && isTail(2) && isTail(3) ? 4 : 0
    default: return 0
    }
  }
}

/// Puts bytes and scalars one after another into memory that is large enough.
private struct UTF8Writer {
  let target: UnsafeMutableBufferPointer<UInt8>
  var count = 0

  mutating func put(_ byte: UInt8) {
    target[count] = byte
    count += 1
  }

  mutating func put(scalar: UInt32) {
    switch scalar {
    case ..<0x80: put(UInt8(scalar))
    case ..<0x800:
      put(UInt8(0xc0 | scalar >> 6))
      put(UInt8(0x80 | scalar & 0x3f))
    case ..<0x10000:
      put(UInt8(0xe0 | scalar >> 12))
      put(UInt8(0x80 | scalar >> 6 & 0x3f))
      put(UInt8(0x80 | scalar & 0x3f))
    default:
      put(UInt8(0xf0 | scalar >> 18))
      put(UInt8(0x80 | scalar >> 12 & 0x3f))
      put(UInt8(0x80 | scalar >> 6 & 0x3f))
      put(UInt8(0x80 | scalar & 0x3f))
    }
  }
}
