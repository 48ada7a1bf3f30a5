import TraceModel

/// Guesses the next attribute of a span from those before: spans of one kind follow one another in a batch.
///
///     followers   key ──▶ the key that came after it last time
///     values      key ──▶ its last text value
///
/// A right guess costs one comparison instead of a hash and a search; a wrong one costs little more than none.
/// Only keys with small numbers are remembered, so memory is bounded.
struct AttributeGuesses: ~Copyable {
  private static let size = 4_096

  private var followers = Column<Symbol>()
  private var values = Column<Symbol>()
  private var lastKey = 0

  /// Starts with no idea.
  init() {
    for _ in 0..<Self.size {
      followers.append(.empty)
      values.append(.empty)
    }
  }

  /// The symbol of the key that was read.
  @inline(__always)
  mutating func key(_ text: JSONText, in table: inout SpanTable) -> Symbol {
    let guess = followers[lastKey]
    if table.symbols.isText(guess, text.base, count: text.count) {
      lastKey = Int(guess.index) & (Self.size - 1)
      return guess
    }
    let symbol = table.symbols.intern(text.base, count: text.count)
    followers[lastKey] = symbol
    lastKey = Int(symbol.index) & (Self.size - 1)
    return symbol
  }

  /// The symbol of the text that was read as the value of a key.
  @inline(__always)
  mutating func value(of key: Symbol, _ text: JSONText, in table: inout SpanTable) -> Symbol {
    let place = Int(key.index) & (Self.size - 1)
    let guess = values[place]
    if table.symbols.isText(guess, text.base, count: text.count) { return guess }
    let symbol = table.symbols.intern(text.base, count: text.count)
    values[place] = symbol
    return symbol
  }
}
