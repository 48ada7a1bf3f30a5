import TestSupport
import Testing

@testable import TraceModel

@Suite("Texts by number")
struct SymbolTableTests {
  /// Texts of a small alphabet, so that many come again.
  private static func texts(_ count: Int, _ random: inout SeededGenerator) -> [String] {
    (0..<count).map { _ in
      let length = Int(random.next() % 12)
      return String(decoding: (0..<length).map { _ in UInt8(0x61 + random.next() % 3) }, as: UTF8.self)
    }
  }

  /// The hash has a seed of its own in every run, so runs together try many ways in which slots come to lie.
  @Test("whatever is put in, and however often the table grows, each text has one number", arguments: 1...6)
  func interning(seed: Int) {
    var random = SeededGenerator(seed: UInt64(seed))
    var table = SymbolTable()
    let own = table.count
    var numbers: [String: Symbol] = [:]
    for text in Self.texts(20_000, &random) {
      let symbol = table.intern(text)
      if let known = numbers[text] { #expect(symbol == known) }
      numbers[text] = symbol
    }
    #expect(table.count >= own + numbers.keys.filter { AttributeKey.texts.firstIndex(of: $0) == nil }.count)
    for (text, symbol) in numbers {
      #expect(table.text(symbol) == text)
      #expect(table.find(text) == symbol)
    }
    #expect(Set(numbers.values.map(\.index)).count == numbers.count)
    #expect(table.find("not there") == nil)
  }

  @Test("a table that takes up another knows the texts of both", arguments: 1...4)
  func absorbing(seed: Int) {
    var random = SeededGenerator(seed: UInt64(seed))
    var table = SymbolTable()
    var other = SymbolTable()
    // Some thousand of each are in both; a text longer than a chunk has memory of its own.
    let ownTexts = Self.texts(8_000, &random) + [String(repeating: "z", count: 3 << 20)]
    let otherTexts = Self.texts(8_000, &random) + ["y" + String(repeating: "x", count: 2 << 20)]
    let ownSymbols = ownTexts.map { table.intern($0) }
    let otherSymbols = otherTexts.map { other.intern($0) }
    let mapping = table.absorb(other)
    for (text, symbol) in zip(ownTexts, ownSymbols) { #expect(table.find(text) == symbol) }
    for (text, symbol) in zip(otherTexts, otherSymbols) {
      #expect(table.find(text) == mapping[Int(symbol.index)])
      #expect(table.text(mapping[Int(symbol.index)]) == text)
    }
    for (number, text) in AttributeKey.texts.enumerated() {
      #expect(mapping[Int(table.intern(text).index)] == Symbol(UInt32(number)))
    }
    #expect(table.count == Set(AttributeKey.texts + ownTexts + otherTexts).count)
  }
}
