import TraceModel

/// Guesses the next attribute of a span from those of the last span of the same name.
///
///     followers   name, key ──▶ the key that came after it last time
///     values      name, key ──▶ its last text value
///
/// Routes, methods, hosts and statements belong to an operation, so spans of one name repeat them, however spans of
/// several names alternate. A right guess costs one comparison instead of a hash and a search; a wrong one costs little
/// more than none. What two names remember may lie in one place: then guesses are wrong, and memory is bounded.
struct AttributeGuesses: ~Copyable {
  /// The places; a power of two.
  private static let size = 1 << 14

  private var followers = Column<Symbol>()
  private var values = Column<Symbol>()
  /// Where what is known of a name lies: combined with the number of a key.
  private var context: UInt32 = 0
  /// The place of the last key.
  private var last = 0

  /// Starts with no idea.
  init() {
    for _ in 0..<Self.size {
      followers.append(.empty)
      values.append(.empty)
    }
  }

  /// Turns to what has a name and whose attributes come next: a span or an event.
  @inline(__always)
  mutating func begin(_ name: Symbol) {
    // Upper bits of a product, since names count up and keys do, too.
    context = (name.index &* 0x9e37_79b1) >> 16
    last = place(.empty)
  }

  @inline(__always)
  private func place(_ key: Symbol) -> Int { Int(place(of: key)) }

  /// The place where the value of a key is remembered, to come back to when things have turned to another name.
  @inline(__always)
  func place(of key: Symbol) -> UInt32 { (key.index ^ context) & UInt32(Self.size - 1) }

  /// The key that came after the last one last time.
  @inline(__always)
  var nextKey: Symbol { followers[last] }

  /// Notes that the guessed key has come.
  @inline(__always)
  mutating func wasRight(_ key: Symbol) { last = place(key) }

  /// Notes that another key has come than the one that was guessed.
  ///
  /// - `canBeGuessed`: false for a text that is written in more than one way.
  @inline(__always)
  mutating func wasWrong(_ key: Symbol, canBeGuessed: Bool) {
    followers[last] = canBeGuessed ? key : .empty
    last = place(key)
  }

  /// The value that a key had last time.
  @inline(__always)
  func value(of key: Symbol) -> Symbol { values[place(key)] }

  /// Remembers the value of a key, which must be written in one way only.
  @inline(__always)
  mutating func remember(_ value: Symbol, of key: Symbol) { values[place(key)] = value }

  /// The same for a place.
  @inline(__always)
  mutating func remember(_ value: Symbol, at place: UInt32) { values[Int(place)] = value }
}
