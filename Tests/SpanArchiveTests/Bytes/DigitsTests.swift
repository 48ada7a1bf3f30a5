import SpanArchive
import TestSupport
import Testing

@Suite struct DigitsTests {
  @Test("hex of any length is the number that the standard library reads")
  func hex() {
    var random = SeededGenerator(seed: 1)
    for _ in 0..<500 {
      let value = random.next() >> UInt64.random(in: 0..<64, using: &random)
      let text = String(value, radix: 16, uppercase: Bool.random(using: &random))
      #expect(withText(text) { Digits.hex($0.base, $0.count) } == value)
    }
  }

  @Test("one byte that is no hex digit, wherever it stands, spoils 16 digits")
  func hexSpoiled() {
    for place in 0..<16 {
      for byte in UInt8.min...UInt8.max {
        var text = Array("0123456789abcdef".utf8)
        text[place] = byte
        let isDigit =
          (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
        #expect(withText(text) { Digits.hex($0.base, 16) != nil } == isDigit, "byte \(byte) at \(place)")
      }
    }
  }

  @Test("decimal digits are read up to the largest number and not beyond")
  func decimal() {
    var random = SeededGenerator(seed: 2)
    var values = (0..<500).map { _ in random.next() >> UInt64.random(in: 0..<64, using: &random) }
    values += [0, 9, 99_999_999, 100_000_000, UInt64(Int64.max), .max]
    for value in values { #expect(withText("\(value)") { Digits.decimal($0.base, $0.count) } == value) }
    for text in [
      "", "18446744073709551616", "99999999999999999999", "123456789012345678901", "-1", "1.0", "12a", " 1",
    ] {
      #expect(withText(text) { Digits.decimal($0.base, $0.count) } == nil, "\(text)")
    }
  }

  @Test(
    "whole numbers come in every form of JSON, and no digit is lost",
    arguments: [
      ("9007199254740993", 9_007_199_254_740_993), ("-9223372036854775808", .min), ("1.0", 1), ("1.9", 1),
      ("-1.9", -1), ("1e3", 1_000), ("1.5E+3", 1_500), ("15e-1", 1),
      ("1472470996199000.5", 1_472_470_996_199_000),
      ("0.000001e6", 1), ("-0", 0), ("1e-400", 0), ("000007", 7),
    ] as [(String, Int64)])
  func integers(_ text: String, _ value: Int64) { #expect(withText(text) { Digits.integer($0) } == value) }

  @Test(
    "what is no whole number, or too large, is none",
    arguments: [
      "", "-", "e5", "1e", "1e99", "9223372036854775808", "1e1234567", "0x10", "NaN", "1 2", ".", "--1",
    ])
  func noIntegers(_ text: String) { #expect(withText(text) { Digits.integer($0) } == nil) }

  @Test("decimal seconds become nanoseconds without rounding")
  func decimalSeconds() throws {
    let seconds = try withText("1484789387.126000001") { try #require(DecimalNumber($0.bytes)) }
    #expect(seconds.whole(timesTenTo: 9) == 1_484_789_387_126_000_001)
    let many = try withText("1484789387." + String(repeating: "9", count: 100)) {
      try #require(DecimalNumber($0.bytes))
    }
    #expect(many.whole(timesTenTo: 9) == 1_484_789_387_999_999_999)
  }
}
