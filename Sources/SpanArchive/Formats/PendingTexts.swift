import CMemory
import TraceModel

/// Texts of attributes that are to be interned a little later, when their slots have come into the cache.
///
///     read   key=text ─▶ hash ─▶ fetch slot ─┐
///     read   key=text ─▶ hash ─▶ fetch slot ─┤     the fetches run beside the reading
///     …                                      ▼
///     settle                    intern all, put the symbols into the attributes
///
/// A text new to the table costs a look at memory that is not in the cache; two of three such looks are saved.
/// The texts must stay where they are until then: those that were rewritten may not be added.
struct PendingTexts: ~Copyable {
  private struct Entry: BitwiseCopyable {
    var text: UnsafePointer<UInt8>
    var count: Int
    var hash: TextHash
    var attribute: UInt32
  }

  /// More are not kept waiting, so that memory is bounded.
  private static let most = 64

  private var entries = Column<Entry>()

  /// Appends an attribute to the table whose text is interned when things are settled, if at all.
  @inline(__always)
  mutating func append(
    _ key: Symbol, _ text: JSONText, to table: inout SpanTable, _ guesses: inout AttributeGuesses
  ) {
    let hash = TextHash(text.base, text.count)
    if let symbol = table.loneSymbol(of: key, text.base, count: text.count, hash: hash) {
      table.appendAttribute(key, text: symbol)
      return guesses.remember(symbol, of: key)
    }
    tracebook_prefetch(table.symbols.firstSlot(hash))
    entries.append(
      Entry(
        text: text.base, count: text.count, hash: hash,
        attribute: UInt32(truncatingIfNeeded: table.attributes.count)))
    table.appendAttribute(key, text: .empty)
    if entries.count == Self.most { settle(&table, &guesses) }
  }

  /// Interns what waits.
  @inline(__always)
  mutating func settle(_ table: inout SpanTable, _ guesses: inout AttributeGuesses) {
    for place in 0..<entries.count {
      let entry = entries[place]
      let key = table.attributes[Int(entry.attribute)].key
      let symbol = table.internValue(of: key, entry.text, count: entry.count, hash: entry.hash)
      table.attributes[Int(entry.attribute)] = Attribute(key: key, type: .text, payload: symbol.index)
      guesses.remember(symbol, of: key)
    }
    entries.truncate(to: 0)
  }

  /// Forgets what waits: its attributes are taken back.
  @inline(__always)
  mutating func drop() { entries.truncate(to: 0) }
}
