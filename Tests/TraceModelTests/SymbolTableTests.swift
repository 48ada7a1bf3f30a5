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
      #expect(table.find(text) == mapping[symbol])
      #expect(table.text(mapping[symbol]) == text)
    }
    for (number, text) in AttributeKey.texts.enumerated() {
      #expect(mapping[table.intern(text)] == Symbol(UInt32(number)))
    }
    #expect(table.count == Set(AttributeKey.texts + ownTexts + otherTexts).count)
  }

  @Test(
    "lone texts are what was stored, equal to others of the same bytes, and found again in a joined table")
  func loneTexts() throws {
    var table = SymbolTable(tables: 2)
    var other = SymbolTable(tables: 2)
    let known = table.intern("known")
    var random = SeededGenerator(seed: 3)
    // More than a block of 512 KB holds.
    let texts =
      ["known", String(repeating: "ü", count: 127)] + Self.texts(60_000, &random).filter { !$0.isEmpty }
    let symbols = texts.compactMap { table.appendLone($0) }
    let others = texts.compactMap { other.appendLone($0) }
    try #require(symbols.count == texts.count && others.count == texts.count)
    let tooLong = table.appendLone(String(repeating: "x", count: 256))
    #expect(tooLong == nil)
    let empty = table.appendLone("")
    #expect(empty == nil)
    let mapping = table.absorb(other)
    for (text, (own, theirs)) in zip(texts, zip(symbols, others)) {
      let same = mapping[theirs]
      #expect(own.isLone && same.isLone && own != same)
      #expect(table.text(own) == text)
      #expect(table.text(same) == text)
      #expect(table.areEqual(own, same) == true)
      #expect(table.hash(of: own) == table.hash(of: same))
    }
    #expect(table.areEqual(symbols[0], known) == true)
    #expect(table.areEqual(symbols[1], known) == false)
    #expect(table.hash(of: symbols[0]) == table.hash(of: known))
    #expect(table.distinct(symbols[0]) == known)
    #expect(table.distinct(symbols[1]) == symbols[1])
  }

  @Test(
    "in files texts are found as in memory, and a joined table has each once", arguments: [0, 500, 30_000])
  func inFiles(movedAfter: Int) throws {
    let folder = try TemporaryFolder()
    // So small that pages are let go of again and again.
    let space = SpillSpace(folder: folder.path, budget: 1 << 10)
    var table = SymbolTable(tables: 2)
    var other = SymbolTable(tables: 2)
    var random = SeededGenerator(seed: 11)
    // More than the first file has slots for.
    let texts = (0..<70_000).map { _ in "text \(random.next() % 50_000)" }
    var known: [String: Symbol] = [:]
    for (number, text) in texts.enumerated() {
      if number == movedAfter {
        table.moveToFiles(in: space)
        other.moveToFiles(in: space)
      }
      let symbol = table.intern(text)
      if let before = known[text], before != symbol { Issue.record("\(text) has two symbols") }
      known[text] = symbol
      _ = other.intern(number % 2 == 0 ? text : text + "b")
    }
    let own = table.count
    #expect(own == AttributeKey.texts.count + known.count)
    let theirs = texts.map { other.find($0) }
    let mapping = table.absorb(other)
    let wrong = zip(texts, theirs).filter { text, symbol in
      symbol.map { mapping[$0] != known[text] } ?? false
    }
    #expect(wrong.isEmpty)
    #expect(known.filter { table.find($0.key) != $0.value || table.text($0.value) != $0.key }.isEmpty)
    let joined = (0..<table.count).map { table.text(Symbol(UInt32($0))) }
    #expect(Set(joined).count == joined.count && joined.count > own)
    #expect(space.failure == nil)
  }

  @Test("values of a key are looked for as long as they come again")
  func repetition() throws {
    var table = SpanTable(number: 0)
    let ids = table.symbols.intern("order.id")
    let shops = table.symbols.intern("shop.name")
    let types = AttributeKey.errorType
    func value(_ key: Symbol, _ number: Int) -> Symbol { table.value(of: key, "value \(number)") }
    for number in 0..<4_000 {
      _ = value(ids, number)
      #expect(!value(shops, number % 400).isLone)
      // Rules compare the values of some keys by their numbers.
      #expect(!value(types, number).isLone)
    }
    let lone = (4_000..<5_000).filter { value(ids, $0).isLone }.count
    #expect(lone > 700 && lone < 1_000)
    // From here on values come again, and most of them are soon found.
    for _ in 0..<12 { for number in 0..<1_000 { _ = value(ids, number) } }
    #expect((0..<1_000).filter { value(ids, $0).isLone }.isEmpty)
  }
}

extension SymbolTable {
  fileprivate mutating func appendLone(_ text: String) -> Symbol? {
    var text = text
    return text.withUTF8 { bytes in
      guard let base = bytes.baseAddress else { return nil }
      return appendLone(base, count: bytes.count)
    }
  }
}

extension SpanTable {
  fileprivate mutating func value(of key: Symbol, _ text: String) -> Symbol {
    var text = text
    return text.withUTF8 { bytes in
      guard let base = bytes.baseAddress else { return .empty }
      return valueSymbol(of: key, base, count: bytes.count)
    }
  }
}
