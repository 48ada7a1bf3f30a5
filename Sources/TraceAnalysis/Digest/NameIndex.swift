import TraceModel

/// The names of a digest by their bytes.
struct NameIndex {
  /// A text that is equal to those of the same bytes, not to those of the same look.
  private struct Key: Hashable {
    var text: String

    static func == (left: Key, right: Key) -> Bool { left.text.utf8.elementsEqual(right.text.utf8) }

    func hash(into hasher: inout Hasher) {
      var text = text
      text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
  }

  private var symbols: [Key: Symbol] = [:]

  init(_ names: [String]) {
    for (place, name) in names.enumerated() { symbols[Key(text: name)] = Symbol(UInt32(place)) }
  }

  /// The symbol of a name, which is added to `names` when it is new.
  mutating func symbol(of name: String, in names: inout [String]) -> Symbol {
    let key = Key(text: name)
    if let known = symbols[key] { return known }
    let symbol = Symbol(UInt32(names.count))
    names.append(name)
    symbols[key] = symbol
    return symbol
  }
}
