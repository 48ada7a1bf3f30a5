/// The symbols that the texts of one table have in another.
struct SymbolMapping: Sendable {
  private var symbols: [Symbol]
  private var loneShift: UInt32

  /// Every symbol stays what it is.
  static let identity = SymbolMapping([], loneShift: 0)

  /// - `symbols`: by the numbers that they had.
  /// - `loneShift`: what is added to the numbers of texts that were not looked for.
  init(_ symbols: [Symbol], loneShift: UInt32) {
    self.symbols = symbols
    self.loneShift = loneShift
  }

  /// True when nothing changes.
  var isIdentity: Bool { symbols.isEmpty }

  /// The new symbol.
  @inline(__always)
  subscript(old: Symbol) -> Symbol {
    old.isLone ? Symbol(old.index &+ loneShift) : symbols[Int(old.index)]
  }
}
