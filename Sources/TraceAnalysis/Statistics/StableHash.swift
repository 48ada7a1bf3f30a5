/// A hash of texts that is the same in every run and on every machine (FNV-1a, 64 bits).
struct StableHash {
  private var state: UInt64 = 0xcbf2_9ce4_8422_2325

  /// Takes up a text and that it ends here.
  mutating func add(_ text: String) {
    for byte in text.utf8 { add(byte) }
    add(UInt8(0xff))
  }

  private mutating func add(_ byte: UInt8) { state = (state ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }

  /// The first so many hex digits.
  func digits(_ count: Int) -> String {
    // Mixed, since the first digits of FNV change little with the last byte.
    let text = String(mixed, radix: 16)
    return String((String(repeating: "0", count: 16 - text.count) + text).prefix(count))
  }

  /// A number made of a text; texts that differ in one letter give numbers that differ in about half their bits.
  static func number(of text: String) -> UInt64 {
    var hash = StableHash()
    hash.add(text)
    return hash.mixed
  }

  private var mixed: UInt64 {
    var mixed = state
    mixed ^= mixed >> 33
    mixed = mixed &* 0xff51_afd7_ed55_8ccd
    mixed ^= mixed >> 33
    mixed = mixed &* 0xc4ce_b9fe_1a85_ec53
    return mixed ^ mixed >> 33
  }

  /// The digits of several texts.
  static func digits(_ count: Int, of texts: String...) -> String {
    var hash = StableHash()
    for text in texts { hash.add(text) }
    return hash.digits(count)
  }
}

/// Texts for addresses: lower-case letters and digits with `-` between, and six digits that tell like ones apart.
enum Slug {
  static func make(_ texts: String...) -> String {
    var hash = StableHash()
    var output: [UInt8] = []
    for text in texts {
      hash.add(text)
      append(text, to: &output)
    }
    return String(decoding: output.prefix(60), as: UTF8.self) + (output.isEmpty ? "" : "-") + hash.digits(6)
  }

  private static func append(_ text: String, to output: inout [UInt8]) {
    var isGap = !output.isEmpty
    for byte in text.utf8.prefix(60) {
      let lower = byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte
      if (lower >= 0x61 && lower <= 0x7a) || (lower >= 0x30 && lower <= 0x39) {
        if isGap && !output.isEmpty { output.append(0x2d) }
        isGap = false
        output.append(lower)
      } else {
        isGap = true
      }
    }
  }
}
