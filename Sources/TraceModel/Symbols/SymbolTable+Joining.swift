import CMemory

/// Tables that take over the texts of others.
extension SymbolTable {
  private static let lookAhead = 8

  /// The symbols in this table of every text of another one; new and lone texts are taken over with the memory they
  /// lie in.
  ///
  /// - Complexity: O(distinct texts of the other table), and their bytes where a text is in both.
  mutating func absorb(_ other: consuming SymbolTable) -> SymbolMapping {
    var mapping = Column<Symbol>()
    if let files { mapping.moveToFile(in: files.space, roomFor: other.count) }
    mapping.reserve(other.count)
    let entries = other.entries.elements
    for index in entries.indices {
      // Slots lie anywhere: the one that is needed some rounds from now is fetched meanwhile.
      tracebook_prefetch(firstSlot(entries[min(index &+ Self.lookAhead, entries.count &- 1)].hash))
      mapping.append(take(entries[index]))
      if index & 0xffff == 0xffff {
        leaveMemory()
        other.leaveMemory()
        mapping.leaveMemory()
      }
    }
    chunks += other.chunks
    chunkBytes += other.chunkBytes
    mapping.leaveMemory()
    return SymbolMapping(mapping, loneShift: lone.absorb(other.lone), in: files?.space)
  }

  /// The symbol of another table's text; a new one stays where it is.
  private mutating func take(_ entry: Entry) -> Symbol {
    let slot = slot(of: entry.text, Int(entry.length), entry.hash)
    let number = slots[slot].number
    if number != Self.emptySlot { return met(Symbol(number), Int(entry.length)) }
    return internElsewhere(entry.text, Int(entry.length), entry.hash, slot) { _ in entry }
  }
}
