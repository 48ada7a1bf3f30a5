/// Names as figures hold them: of span names, services, hosts, attribute keys and the like.
///
/// A text may have any length; figures hold thousands of names at once. Traces keep their texts whole.
package enum NameText {
  /// The longest name, in bytes; what differs only behind it is one thing.
  package static let longest = 1_024

  /// A name: the whole text, or as much of its beginning as may be, and `…`.
  package static func of(_ text: UnsafeBufferPointer<UInt8>) -> String {
    guard text.count > longest else { return String(decoding: text, as: UTF8.self) }
    var end = longest
    // Not within a character.
    while end > 0, text[end] & 0xc0 == 0x80 { end -= 1 }
    return String(decoding: text[..<end], as: UTF8.self) + "…"
  }
}

extension SymbolTable {
  /// The text of a symbol as a name.
  package func name(_ symbol: Symbol) -> String { NameText.of(bytes(symbol)) }
}
