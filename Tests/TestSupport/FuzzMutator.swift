/// Changes inputs at random, as the fuzzer does but without knowing what a change reaches: the same every time.
package struct FuzzMutator {
  private var random: SeededGenerator
  private let seeds: [[UInt8]]

  /// Takes its pieces from these inputs, of which there is at least one.
  package init(seeds: [[UInt8]], seed: UInt64) {
    self.seeds = seeds
    random = SeededGenerator(seed: seed)
  }

  /// What readers stumble over: limits of numbers, signs of structure, broken escapes, lengths that lie.
  private static let tokens: [[UInt8]] =
    [
      "-1", "0", "9223372036854775807", "9223372036854775808", "18446744073709551616", "1e999", "-0.0",
      "1e-999",
      "NaN", "null", "true", "\"\"", "{}", "[]", "{", "}", "[", "]", "\"", "\\", "\\u0000", "\\ud800", ",",
      ":", "\n",
      "\u{FEFF}", "&a", "*a", "- ", "<<: ", "%", "00", "ffffffffffffffff",
    ].map { Array($0.utf8) } + [
      [0], [0xff], [0xc0, 0xaf], [0xff, 0xff, 0xff, 0xff, 0x0f],
      [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01],
      [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01], [0x7f, 0xff, 0xff, 0xff],
      [0x1f, 0x8b, 8, 0],
      [0x28, 0xb5, 0x2f, 0xfd],
    ]

  /// A seed with one to five changes.
  package mutating func next() -> [UInt8] {
    var bytes = seeds[Int.random(in: 0..<seeds.count, using: &random)]
    for _ in 0..<Int.random(in: 1...5, using: &random) { change(&bytes) }
    return bytes
  }

  private mutating func change(_ bytes: inout [UInt8]) {
    let place = Int.random(in: 0...bytes.count, using: &random)
    let rest = bytes.count - place
    switch Int.random(in: 0..<8, using: &random) {
    case 0 where rest > 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
    case 1 where rest > 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
    case 2: bytes.removeSubrange(place..<place + min(rest, length()))
    case 3: bytes.insert(contentsOf: bytes[place...].prefix(length()), at: place)
    case 4 where rest > 0: bytes.removeSubrange(place...)
    case 5: replaceNumber(&bytes, from: place)
    case 6: splice(&bytes, at: place)
    default: bytes.insert(contentsOf: token(), at: place)
    }
  }

  private mutating func length() -> Int {
    Bool.random(using: &random)
      ? Int.random(in: 1...8, using: &random) : Int.random(in: 1...300, using: &random)
  }

  private mutating func token() -> [UInt8] {
    Self.tokens[Int.random(in: 0..<Self.tokens.count, using: &random)]
  }

  /// Puts another value where the next digits are.
  private mutating func replaceNumber(_ bytes: inout [UInt8], from place: Int) {
    let isDigit = { (byte: UInt8) in (0x30...0x39).contains(byte) }
    guard let first = bytes[place...].firstIndex(where: isDigit) else { return }
    let end = bytes[first...].firstIndex { !isDigit($0) } ?? bytes.count
    bytes.replaceSubrange(first..<end, with: token())
  }

  /// Puts a part of a seed in.
  private mutating func splice(_ bytes: inout [UInt8], at place: Int) {
    let other = seeds[Int.random(in: 0..<seeds.count, using: &random)]
    let start = Int.random(in: 0...other.count, using: &random)
    bytes.insert(contentsOf: other[start...].prefix(length()), at: place)
  }
}
