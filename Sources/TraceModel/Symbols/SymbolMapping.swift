/// The symbols that the texts of one table have in another.
final class SymbolMapping: Sendable {
  private let symbols: Column<Symbol>
  private let loneShift: UInt32
  /// Where symbols lie; nil for memory.
  let space: SpillSpace?

  /// Every symbol stays what it is.
  static let identity = SymbolMapping(Column(), loneShift: 0)

  /// - `symbols`: by the numbers that they had.
  /// - `loneShift`: what is added to the numbers of texts that were not looked for.
  init(_ symbols: consuming Column<Symbol>, loneShift: UInt32, in space: SpillSpace? = nil) {
    self.symbols = symbols
    self.loneShift = loneShift
    self.space = space
  }

  /// True when nothing changes.
  var isIdentity: Bool { symbols.count == 0 }

  /// The new symbol.
  @inline(__always)
  subscript(old: Symbol) -> Symbol {
    old.isLone ? Symbol(old.index &+ loneShift) : symbols[Int(old.index)]
  }

  /// Where the new symbol of a text lies that was looked for; nothing is touched.
  func address(of old: Symbol) -> UnsafeRawPointer? { symbols.address(of: Int(old.index)) }

  /// Lets go of the pages of all that is in files.
  func leaveMemory() { symbols.leaveMemory() }
}
