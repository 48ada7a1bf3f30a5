import TraceModel

extension JSONWriter {
  /// Writes a member that holds the text of a symbol; nothing for the empty one.
  mutating func member(_ key: StaticString, _ symbol: Symbol, in store: SpanStore) {
    guard !symbol.isEmpty else { return }
    self.key(key)
    string(store.symbols.bytes(symbol))
  }

  /// Ends a piece that is one of any number, such as an attribute: neither what is written nor what it is made of need be in
  /// memory whole.
  ///
  /// - Parameter place: its number among them, from 0 on.
  mutating func endPiece(_ place: Int, in store: SpanStore) {
    endPiece()
    store.leaveMemory(afterTexts: place + 1)
  }
}
