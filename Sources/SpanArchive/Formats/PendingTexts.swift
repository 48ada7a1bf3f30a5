import CMemory
import TraceModel

/// Texts of attributes that are to be interned a little later, when what is looked at for them has come into the cache.
///
///     read   key=text ─▶ hash ─▶ fetch slot ─┐
///     read   key=text ─▶ hash ─▶ fetch slot ─┤     the fetches run beside the reading
///     …                                      ▼
///     settle                    fetch the entries that the slots name, then their texts;
///                               intern all, put the symbols into the attributes
///
/// A text costs three looks at memory that is not in the cache, one after the other; those of many texts run side by
/// side. The attributes and the texts must stay where they are until then: texts that were rewritten may not be added.
struct PendingTexts: ~Copyable {
  private struct Entry: BitwiseCopyable {
    var text: UnsafePointer<UInt8>
    var count: Int
    var hash: TextHash
    var attribute: UInt32
    /// Where it is remembered as a guess.
    var guess: UInt32
  }

  /// More are not kept waiting, so that memory is bounded.
  private static let most = 64

  private var entries = Column<Entry>()

  /// Appends an attribute to the table whose text is interned when things are settled, if at all.
  @inline(__always)
  mutating func append(
    _ key: Symbol, _ text: JSONText, to table: inout SpanTable, _ guesses: inout AttributeGuesses
  ) {
    if let symbol = table.loneSymbol(of: key, text.base, count: text.count) {
      table.appendAttribute(key, text: symbol)
      return guesses.remember(symbol, of: key)
    }
    let hash = TextHash(text.base, text.count)
    tracebook_prefetch(table.symbols.firstSlot(hash))
    entries.append(
      Entry(
        text: text.base, count: text.count, hash: hash,
        attribute: UInt32(truncatingIfNeeded: table.attributes.count), guess: guesses.place(of: key)))
    table.appendAttribute(key, text: .empty)
    // The status of a span is derived as soon as the span is read.
    if entries.count == Self.most || table.decidesStatus(key) { settle(&table, &guesses) }
  }

  /// Interns what waits.
  @inline(never)
  mutating func settle(_ table: inout SpanTable, _ guesses: inout AttributeGuesses) {
    for entry in entries.elements {
      if let place = table.symbols.firstEntry(entry.hash) { tracebook_prefetch(place) }
    }
    for entry in entries.elements {
      if let text = table.symbols.firstText(entry.hash) { tracebook_prefetch(text) }
    }
    for place in 0..<entries.count {
      let entry = entries[place]
      let key = table.attributes[Int(entry.attribute)].key
      let symbol = table.internValue(of: key, entry.text, count: entry.count, hash: entry.hash)
      table.attributes[Int(entry.attribute)] = Attribute(key: key, type: .text, payload: symbol.index)
      guesses.remember(symbol, at: entry.guess)
    }
    entries.truncate(to: 0)
  }

  /// Forgets what waits for attributes from a place on: they were taken back.
  mutating func drop(from attribute: Int) {
    while entries.count > 0, Int(entries[entries.count - 1].attribute) >= attribute {
      entries.truncate(to: entries.count - 1)
    }
  }
}
