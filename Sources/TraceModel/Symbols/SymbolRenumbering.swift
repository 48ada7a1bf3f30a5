/// Puts symbols under new numbers, one after another, and lets go of the mapping's pages now and then.
struct SymbolRenumbering: ~Copyable {
  private let mapping: SymbolMapping
  private let isInFile: Bool
  private var touched: TouchedRegions

  init(_ mapping: SymbolMapping) {
    self.mapping = mapping
    isInFile = mapping.space != nil
    touched = TouchedRegions(in: mapping.space)
  }

  /// Gives a symbol its new number.
  @inline(__always)
  mutating func renumber(_ symbol: inout Symbol) { symbol = new(symbol) }

  /// Gives the key of an attribute, and the value if it is a text, new numbers.
  @inline(__always)
  mutating func renumber(_ attribute: inout Attribute) {
    attribute = Attribute(
      key: new(attribute.key), type: attribute.type,
      payload: attribute.type.isSymbol ? new(Symbol(attribute.payload)).index : attribute.payload)
  }

  @inline(__always)
  private mutating func new(_ old: Symbol) -> Symbol {
    if isInFile { noteTouch(of: old) }
    return mapping[old]
  }

  @inline(never)
  private mutating func noteTouch(of old: Symbol) {
    if !old.isLone, touched.areTooMany(with: mapping.address(of: old)) { mapping.leaveMemory() }
  }
}
