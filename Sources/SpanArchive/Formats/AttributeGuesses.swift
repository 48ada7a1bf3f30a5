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

  /// The key that came after the last one last time.
  @inline(__always)
  var nextKey: Symbol { followers[lastKey] }

  /// Notes that the guessed key has come.
  @inline(__always)
  mutating func wasRight(_ key: Symbol) { lastKey = Int(key.index) & (Self.size - 1) }

  /// Notes that another key has come than the one that was guessed.
  ///
  /// - `canBeGuessed`: false for a text that is written in more than one way.
  @inline(__always)
  mutating func wasWrong(_ key: Symbol, canBeGuessed: Bool) {
    followers[lastKey] = canBeGuessed ? key : .empty
    lastKey = Int(key.index) & (Self.size - 1)
  }

  /// The value that a key had last time.
  @inline(__always)
  func value(of key: Symbol) -> Symbol { values[Int(key.index) & (Self.size - 1)] }

  /// Remembers the value of a key, which must be written in one way only.
  @inline(__always)
  mutating func remember(_ value: Symbol, of key: Symbol) {
    values[Int(key.index) & (Self.size - 1)] = value
  }
}
