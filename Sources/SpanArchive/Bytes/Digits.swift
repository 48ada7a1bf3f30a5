/// Numbers from their digits.
package enum Digits {
  /// The value of a hex digit of either case.
  @inline(__always)
  package static func hexValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte &- 0x30
    case 0x61...0x66: byte &- 0x57
    case 0x41...0x46: byte &- 0x37
    default: nil
    }
  }

  /// The number of up to 16 hex digits, or nil when another byte is among them.
  package static func hex(_ text: UnsafePointer<UInt8>, _ count: Int) -> UInt64? {
    if count == 16 { return hex16(text) }
    var value: UInt64 = 0
    for index in 0..<count {
      guard let digit = hexValue(text[index]) else { return nil }
      value = value << 4 | UInt64(digit)
    }
    return value
  }

  /// The number of exactly 16 hex digits, 8 at a time, or nil when another byte is among them.
  @inline(__always)
  package static func hex16(_ text: UnsafePointer<UInt8>) -> UInt64? {
    let raw = UnsafeRawPointer(text)
    let first = UInt64(littleEndian: raw.loadUnaligned(as: UInt64.self))
    let second = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    guard areHexDigits(first), areHexDigits(second) else { return nil }
    return hex8(first) << 32 | hex8(second)
  }

  /// True when all 8 bytes are hex digits: each comparison leaves its answer in the top bit of the byte.
  @inline(__always)
  private static func areHexDigits(_ word: UInt64) -> Bool {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let tops: UInt64 = 0x8080_8080_8080_8080
    guard word & tops == 0 else { return false }
    let letters = word | ones &* 0x20
    let isDigit = (word &+ ones &* (0x80 - 0x30)) & ~(word &+ ones &* (0x80 - 0x3a))
    let isLetter = (letters &+ ones &* (0x80 - 0x61)) & ~(letters &+ ones &* (0x80 - 0x67))
    return (isDigit | isLetter) & tops == tops
  }

  /// The number of 8 hex digits, the first in the lowest byte: values a byte each, then pushed together pairwise.
  @inline(__always)
  private static func hex8(_ word: UInt64) -> UInt64 {
    let ones: UInt64 = 0x0101_0101_0101_0101
    var value = ((word & (ones &* 0x0f)) &+ ((word >> 6) & ones) &* 9).byteSwapped
    value = (value | value >> 4) & 0x00ff_00ff_00ff_00ff
    value = (value | value >> 8) & 0x0000_ffff_0000_ffff
    return (value | value >> 16) & 0xffff_ffff
  }

  /// The number of decimal digits alone, or nil when there are none, another byte is among them, or it overflows.
  ///
  /// Eight digits at a time: they become four numbers of two digits, two of four, one of eight.
  @inline(__always)
  package static func decimal(_ text: UnsafePointer<UInt8>, _ count: Int) -> UInt64? {
    guard count > 0, count <= 19 else { return count == 20 ? decimalOf20(text) : nil }
    let raw = UnsafeRawPointer(text)
    var value: UInt64 = 0
    var index = 0
    while index &+ 8 <= count {
      let word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: index, as: UInt64.self))
      guard areDecimalDigits(word) else { return nil }
      value = value &* 100_000_000 &+ decimal8(word)
      index &+= 8
    }
    while index < count {
      let digit = text[index] &- 0x30
      guard digit < 10 else { return nil }
      value = value &* 10 &+ UInt64(digit)
      index &+= 1
    }
    return value
  }

  /// The only length at which digits may not fit 64 bits.
  @inline(never)
  private static func decimalOf20(_ text: UnsafePointer<UInt8>) -> UInt64? {
    guard let head = decimal(text, 19), let last = decimal(text + 19, 1) else { return nil }
    let (product, overflow) = head.multipliedReportingOverflow(by: 10)
    let (sum, carry) = product.addingReportingOverflow(last)
    return overflow || carry ? nil : sum
  }

  /// True when all 8 bytes are decimal digits.
  @inline(__always)
  private static func areDecimalDigits(_ word: UInt64) -> Bool {
    let highNibbles = word & 0xf0f0_f0f0_f0f0_f0f0
    let afterSix = (word &+ 0x0606_0606_0606_0606) & 0xf0f0_f0f0_f0f0_f0f0
    return highNibbles == 0x3030_3030_3030_3030 && afterSix == 0x3030_3030_3030_3030
  }

  /// The number of 8 digits, the first in the lowest byte.
  @inline(__always)
  private static func decimal8(_ word: UInt64) -> UInt64 {
    var value = word & 0x0f0f_0f0f_0f0f_0f0f
    value = (value &* 10 &+ value >> 8) & 0x00ff_00ff_00ff_00ff
    value = (value &* 100 &+ value >> 16) & 0x0000_ffff_0000_ffff
    return (value &* 10_000 &+ value >> 32) & 0xffff_ffff
  }

  /// The whole part of a number written as digits, with a fraction or with an exponent; nil when it is none or does
  /// not fit. Never goes through a double, so no digit past 2^53 is lost.
  @inline(__always)
  package static func integer(_ text: JSONText) -> Int64? {
    if let value = decimal(text.base, text.count) { return Int64(exactly: value) }
    return integerSlowly(text)
  }

  @inline(never)
  private static func integerSlowly(_ text: JSONText) -> Int64? {
    guard let number = DecimalNumber(text.bytes), let whole = number.whole(timesTenTo: 0) else { return nil }
    return whole
  }
}

/// A decimal number as written: digits and a power of ten.
package struct DecimalNumber {
  private var digits: [UInt8] = []
  private var exponent = 0
  private(set) var isNegative = false

  /// Reads a number with optional sign, fraction and exponent; nil when the text is none.
  package init?(_ text: UnsafeBufferPointer<UInt8>) {
    var place = 0
    if place < text.count, text[place] == 0x2d || text[place] == 0x2b {
      isNegative = text[place] == 0x2d
      place += 1
    }
    var sawDigit = false
    var isFraction = false
    while place < text.count {
      let byte = text[place]
      if byte &- 0x30 < 10 {
        sawDigit = true
        // Digits past the fortieth cannot matter to a 64-bit number; only their place does.
        if digits.count < 40 {
          digits.append(byte &- 0x30)
          if isFraction { exponent -= 1 }
        } else if !isFraction {
          exponent += 1
        }
        place += 1
      } else if byte == 0x2e, !isFraction {
        isFraction = true
        place += 1
      } else {
        break
      }
    }
    guard sawDigit else { return nil }
    if place < text.count {
      guard text[place] | 0x20 == 0x65 else { return nil }
      place += 1
      var isDown = false
      if place < text.count, text[place] == 0x2d || text[place] == 0x2b {
        isDown = text[place] == 0x2d
        place += 1
      }
      guard place < text.count, text.count - place <= 6 else { return nil }
      var power = 0
      while place < text.count {
        guard text[place] &- 0x30 < 10 else { return nil }
        power = power * 10 + Int(text[place] &- 0x30)
        place += 1
      }
      exponent += isDown ? -power : power
    }
  }

  /// The number times a power of ten, cut to a whole one; nil when it does not fit.
  package func whole(timesTenTo scale: Int) -> Int64? {
    let places = digits.count + exponent + scale
    var value: Int64 = 0
    for index in 0..<max(0, min(places, 60)) {
      let digit = index < digits.count ? Int64(digits[index]) : 0
      if value == 0, digit == 0 { continue }
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) =
        isNegative ? product.subtractingReportingOverflow(digit) : product.addingReportingOverflow(digit)
      guard !overflow, !carry else { return nil }
      value = sum
    }
    if places > 60, value != 0 { return nil }
    return value
  }
}
