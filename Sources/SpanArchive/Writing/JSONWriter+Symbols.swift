import TraceModel

extension JSONWriter {
  /// Writes a member that holds the text of a symbol; nothing for the empty one.
  mutating func member(_ key: StaticString, _ symbol: Symbol, in store: SpanStore) {
    guard !symbol.isEmpty else { return }
    self.key(key)
    string(store.symbols.bytes(symbol))
  }
}
