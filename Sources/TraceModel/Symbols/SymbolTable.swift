import CMemory

#if canImport(Glibc)
  import Glibc
#endif

/// The texts of an archive as UTF-8, numbered; each distinct one once, but for those that hardly ever come again.
///
///     entries   [ "" | "service.name" | … | "GET /orders" | … ]     number → (text, length, hash)
///     slots     [ – 7 – – 2 1 … ]                                   hash → number, linear probing
///     places    | 8 9 … | 11 … | … |                                the same of texts that came when slots were full
///     chunks    [ bytes bytes bytes … ]                             texts never move once stored
///     lone      texts without entry and slot: see `LoneTexts`
///
/// The texts of `AttributeKey` are interned first, in their order, so they have the same numbers in every table.
/// A table has one writer; once it is no longer written to, any number of threads may read it.
/// The hash has a random seed (see `TextHash`); no output depends on it.
///
/// - Complexity: `intern` is O(length), amortised; `text` is O(1).
public struct SymbolTable: ~Copyable, @unchecked Sendable {
  @usableFromInline
  struct Entry: BitwiseCopyable {
    @usableFromInline var text: UnsafePointer<UInt8>
    @usableFromInline var length: UInt32
    @usableFromInline var hash: TextHash

    @inlinable
    init(text: UnsafePointer<UInt8>, length: UInt32, hash: TextHash) {
      self.text = text
      self.length = length
      self.hash = hash
    }
  }

  /// A number and its text's hash, so that most mismatches cost one look at memory, and growing none at the texts.
  struct Slot: BitwiseCopyable {
    var number: UInt32
    var hash: TextHash
  }

  private static let chunkSize = 1 << 20
  /// Of texts in files: a process may have only so many pieces of files in memory.
  private static let chunkSizeInFile = 1 << 25
  /// What an empty slot holds.
  static let emptySlot = UInt32.max
  /// The largest number of distinct texts; symbols beyond are lone.
  private static let most = 1 << 31

  @usableFromInline var entries = Column<Entry>()
  @usableFromInline var lone: LoneTexts
  /// The memory of all slots, and where it is.
  private var slotMemory = Column<Slot>()
  var slots: UnsafeMutablePointer<Slot>
  var slotMask: Int
  var chunks: [TextChunk] = []
  var chunkBytes = 0
  /// Bytes of long texts that were looked for and are here: where texts are in files, those bytes came into memory.
  var comparedBytes = 0
  private var free: UnsafeMutablePointer<UInt8>
  private var freeCount: Int
  /// Further free bytes of a chunk in a file, which are only used once those before them have left memory.
  private var freeBehind = 0
  /// The chunk that they are in.
  private var freeChunk: TextChunk
  /// Where new texts go, and what finds them; nil for memory.
  var files: TextFiles?
  /// Where they go once they take too much memory; nil when they may take as much as they like.
  var bound: TextBound?
  /// What counts readings of texts in files, once all are there; nil where none are.
  @usableFromInline var readings: FileReadings?

  /// Makes a table that holds the texts of `AttributeKey` and nothing else.
  ///
  /// - `tables`: how many are to be joined, which share the room for lone texts.
  public init(tables: Int = 1) {
    lone = LoneTexts(limit: LoneTexts.mostBlocks / max(tables, 1))
    slotMask = 1023
    slotMemory.reset(to: slotMask + 1, repeating: Slot(number: Self.emptySlot, hash: TextHash(0)))
    slots = slotMemory.memory(for: slotMask + 1)
    let chunk = TextChunk(capacity: Self.chunkSize, in: nil)
    free = chunk.base
    freeCount = Self.chunkSize
    freeChunk = chunk
    chunks.append(chunk)
    chunkBytes = Self.chunkSize
    for index in AttributeKey.texts.indices { _ = intern(AttributeKey.texts[index]) }
  }

  /// The number of distinct texts.
  public var count: Int { entries.count }

  /// The number of bytes that distinct texts take, in memory or in files, about.
  public var byteCount: Int { chunkBytes + (slotMask + 1) * 8 + entries.count * 16 }

  /// The number of bytes that lone texts take.
  var loneByteCount: Int { lone.byteCount }

  /// The symbol of a text, which must be valid UTF-8; the text is added when it is new.
  public mutating func intern(_ text: String) -> Symbol {
    var text = text
    return text.withUTF8 { intern($0) }
  }

  /// The symbol of a text, which must be valid UTF-8; the text is added when it is new.
  public mutating func intern(_ text: UnsafeBufferPointer<UInt8>) -> Symbol {
    guard let base = text.baseAddress else { return .empty }
    return intern(base, count: text.count)
  }

  /// The symbol of so many bytes, which must be valid UTF-8; the text is added when it is new.
  public mutating func intern(_ text: UnsafePointer<UInt8>, count: Int) -> Symbol {
    intern(text, count: count, hash: TextHash(text, count))
  }

  /// The same for a text whose hash is known already.
  public mutating func intern(_ text: UnsafePointer<UInt8>, count: Int, hash: TextHash) -> Symbol {
    let slot = slot(of: text, count, hash)
    let number = slots[slot].number
    if number != Self.emptySlot { return met(Symbol(number), count) }
    return internElsewhere(text, count, hash, slot) { $0.store(text, count, hash) }
  }

  /// The symbol of a text that is in no slot; the entry is made where it is new.
  @inline(__always)
  mutating func internElsewhere(
    _ text: UnsafePointer<UInt8>, _ count: Int, _ hash: TextHash, _ slot: Int,
    entry: (inout SymbolTable) -> Entry
  ) -> Symbol {
    guard let files else { return add(entry(&self), slot) }
    switch places(files, of: text, count, hash) {
    case .found(let number): return met(Symbol(number), count)
    case .absent(let free): return add(entry(&self), files, free)
    }
  }

  /// A symbol of a text that is not looked for; nil when it has to be, for it is empty or long or there is no room.
  @inline(__always)
  mutating func appendLone(_ text: UnsafePointer<UInt8>, count: Int) -> Symbol? {
    lone.append(text, count: count)
  }

  /// The slot that holds a text, or the empty one where it belongs.
  @inline(__always)
  func slot(of text: UnsafePointer<UInt8>, _ count: Int, _ hash: TextHash) -> Int {
    var slot = Int(hash.rawValue) & slotMask
    while true {
      let found = slots[slot]
      if found.number == Self.emptySlot { return slot }
      if found.hash == hash {
        let entry = entries[Int(found.number)]
        if Int(entry.length) == count && Self.areEqual(entry.text, text, count) { return slot }
      }
      slot = (slot &+ 1) & slotMask
    }
  }

  // These change nothing: a call that only reads would first copy all fields of the table, for every text.

  /// Where the search for a text begins: worth fetching into the cache some time before it is interned.
  @inline(__always)
  public mutating func firstSlot(_ hash: TextHash) -> UnsafeRawPointer {
    UnsafeRawPointer(slots + (Int(hash.rawValue) & slotMask))
  }

  /// What the first slot of a hash names: worth fetching once the slot has come, as the slot is before.
  @inline(__always)
  public mutating func firstEntry(_ hash: TextHash) -> UnsafeRawPointer? {
    guard let number = firstNumber(hash) else { return nil }
    return UnsafeRawPointer(entries.elements.baseAddress.map { $0 + number })
  }

  /// The text of the first slot of a hash: worth fetching once the entry has come.
  @inline(__always)
  public mutating func firstText(_ hash: TextHash) -> UnsafeRawPointer? {
    guard let number = firstNumber(hash) else { return nil }
    return UnsafeRawPointer(entries[number].text)
  }

  /// What stands in the first slot of a hash, if it is of that hash.
  @inline(__always)
  private func firstNumber(_ hash: TextHash) -> Int? {
    let slot = slots[Int(hash.rawValue) & slotMask]
    return slot.number != Self.emptySlot && slot.hash == hash ? Int(slot.number) : nil
  }

  /// The symbol of a text if the table has it; lone ones are not found.
  public func find(_ text: String) -> Symbol? {
    var text = text
    return text.withUTF8 { find($0) }
  }

  private func find(_ text: UnsafeBufferPointer<UInt8>) -> Symbol? {
    guard let base = text.baseAddress else { return .empty }
    let hash = TextHash(base, text.count)
    let number = slots[slot(of: base, text.count, hash)].number
    if number != Self.emptySlot { return Symbol(number) }
    guard let files, case .found(let number) = places(files, of: base, text.count, hash) else { return nil }
    return Symbol(number)
  }

  /// The UTF-8 bytes of a symbol, valid as long as the table.
  @inlinable @inline(__always)
  public func bytes(_ symbol: Symbol) -> UnsafeBufferPointer<UInt8> {
    if readings != nil { return readBytes(symbol) }
    return bytes(whileReading: symbol)
  }

  /// The same while archives are read: nothing watches readings of texts yet, which saves looking.
  @inlinable @inline(__always)
  public func bytes(whileReading symbol: Symbol) -> UnsafeBufferPointer<UInt8> {
    if symbol.isLone { return lone.bytes(symbol) }
    let entry = entries[Int(symbol.index)]
    return UnsafeBufferPointer(start: entry.text, count: Int(entry.length))
  }

  /// Asks for what tells the length of a symbol's text, without waiting for it.
  @inline(__always)
  package func prefetchLength(of symbol: Symbol) {
    if let place = lengthAddress(of: symbol) { tracebook_prefetch(place) }
  }

  /// Where that lies; nothing is touched.
  @inline(__always)
  package func lengthAddress(of symbol: Symbol) -> UnsafeRawPointer? {
    symbol.isLone ? UnsafeRawPointer(lone.address(of: symbol)) : entries.address(of: Int(symbol.index))
  }

  /// True when a symbol's text is these bytes: cheaper than `intern` where the symbol can be guessed.
  @inlinable @inline(__always)
  public func isText(_ symbol: Symbol, _ text: UnsafePointer<UInt8>, count: Int) -> Bool {
    let bytes = bytes(whileReading: symbol)
    guard bytes.count == count, let base = bytes.baseAddress else { return false }
    return Self.areEqual(base, text, count)
  }

  /// True when two symbols stand for the same text.
  @inlinable @inline(__always)
  public func areEqual(_ left: Symbol, _ right: Symbol) -> Bool {
    left == right || (left.isLone || right.isLone) && compare(left, right) == 0
  }

  /// The symbol of the same text that is not lone, if there is one; else the same.
  package func distinct(_ symbol: Symbol) -> Symbol {
    symbol.isLone ? find(lone.bytes(symbol)) ?? symbol : symbol
  }

  /// The hash of a symbol's text: equal for equal texts.
  func hash(of symbol: Symbol) -> TextHash {
    guard symbol.isLone else { return entries[Int(symbol.index)].hash }
    let bytes = lone.bytes(symbol)
    return bytes.baseAddress.map { TextHash($0, bytes.count) } ?? TextHash(0)
  }

  /// The text of a symbol.
  public func text(_ symbol: Symbol) -> String { String(decoding: bytes(symbol), as: UTF8.self) }

  /// True when the text of the first comes before that of the second in the order of their bytes.
  public func isOrdered(_ left: Symbol, before right: Symbol) -> Bool { compare(left, right) < 0 }

  /// Below, at or above zero as the first text comes before, is, or comes after the second in the order of bytes.
  public func compare(_ left: Symbol, _ right: Symbol) -> Int {
    left == right ? 0 : Self.compare(bytes(left), bytes(right))
  }

  /// Below, at or above zero as the first comes before, is, or comes after the second.
  package static func compare(_ a: UnsafeBufferPointer<UInt8>, _ b: UnsafeBufferPointer<UInt8>) -> Int {
    guard let aBase = a.baseAddress, let bBase = b.baseAddress else { return a.count - b.count }
    let order = Int(memcmp(aBase, bBase, min(a.count, b.count)))
    return order != 0 ? order : a.count - b.count
  }

  /// Stores the bytes of a new text.
  private mutating func store(_ text: UnsafePointer<UInt8>, _ count: Int, _ hash: TextHash) -> Entry {
    precondition(count <= Int(UInt32.max))
    let place: UnsafeMutablePointer<UInt8>
    let chunkSize = files == nil ? Self.chunkSize : Self.chunkSizeInFile
    if count > freeCount, freeBehind > 0 { openFree(toHold: count) }
    if count <= freeCount {
      place = free
      free += count
      freeCount &-= count
    } else if count > chunkSize / 4 {
      place = addChunk(count).base
    } else {
      freeChunk = addChunk(chunkSize)
      place = freeChunk.base
      free = place + count
      freeCount = chunkSize - count
      if files != nil {
        freeBehind = max(0, freeCount - SpillSpace.bytesAdded)
        freeCount -= freeBehind
      }
    }
    place.update(from: text, count: count)
    return Entry(text: UnsafePointer(place), length: UInt32(truncatingIfNeeded: count), hash: hash)
  }

  /// Lets go of the texts of the last chunk, and opens more of it.
  private mutating func openFree(toHold count: Int) {
    freeChunk.leaveMemory()
    let opened = min(freeBehind, max(count, SpillSpace.bytesAdded))
    freeCount += opened
    freeBehind -= opened
  }

  private mutating func add(_ entry: Entry, _ slot: Int) -> Symbol {
    let symbol = append(entry)
    slots[slot] = Slot(number: symbol.index, hash: entry.hash)
    if entries.count &* 2 > slotMask { makeRoom() }
    return symbol
  }

  private mutating func add(_ entry: Entry, _ files: TextFiles, _ free: Int?) -> Symbol {
    let symbol = append(entry)
    files.places.add(symbol.index, hash: entry.hash.rawValue, at: free)
    return symbol
  }

  private mutating func append(_ entry: Entry) -> Symbol {
    precondition(entries.count < Self.most)
    entries.append(entry)
    return Symbol(UInt32(truncatingIfNeeded: entries.count &- 1))
  }

  private mutating func addChunk(_ capacity: Int) -> TextChunk {
    let chunk = TextChunk(capacity: capacity, in: files?.space)
    chunks.append(chunk)
    chunkBytes += capacity
    return chunk
  }

  /// Makes more slots; or none any more, and texts go to files, when there are too many texts for memory.
  @inline(never)
  private mutating func makeRoom() {
    if let bound, byteCount > bound.bytes { moveToFiles(in: bound.space) }
    if files == nil { growSlots() }
  }

  /// Doubles the slots where they are, so that no second block of memory is filled.
  ///
  ///     before   [ c – a b – d ]                      c is behind the end: its place was taken
  ///     after    [ – – a – – d | – – – b – – c … ]    each in its half, or behind it
  ///
  /// Slots are gone through from behind an empty one. Whatever stands between a symbol's first slot and its own was
  /// then put anew before it, so that no hole comes to be in its way; those behind the end come last.
  private mutating func growSlots() {
    let oldCount = slotMask + 1
    slotMemory.append(repeating: Slot(number: Self.emptySlot, hash: TextHash(0)), count: oldCount)
    slots = slotMemory.memory(for: oldCount * 2)
    slotMask = oldCount * 2 - 1
    var behindEnd: [Slot] = []
    while slots[behindEnd.count].number != Self.emptySlot {
      behindEnd.append(slots[behindEnd.count])
      slots[behindEnd.count - 1].number = Self.emptySlot
    }
    for place in behindEnd.count..<oldCount where slots[place].number != Self.emptySlot {
      let moved = slots[place]
      slots[place].number = Self.emptySlot
      put(moved)
    }
    for slot in behindEnd { put(slot) }
  }

  private func put(_ moved: Slot) {
    var slot = Int(moved.hash.rawValue) & slotMask
    while slots[slot].number != Self.emptySlot { slot = (slot &+ 1) & slotMask }
    slots[slot] = moved
  }

  /// Compares 8 bytes at a time; texts are short, so a call of `memcmp` would cost more than the comparison.
  @inlinable @inline(__always)
  package static func areEqual(_ left: UnsafePointer<UInt8>, _ right: UnsafePointer<UInt8>, _ count: Int)
    -> Bool
  {
    let left = UnsafeRawPointer(left)
    let right = UnsafeRawPointer(right)
    if count >= 8 {
      var offset = 0
      while offset &+ 8 <= count {
        if left.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
          != right.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
        {
          return false
        }
        offset &+= 8
      }
      return left.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self)
        == right.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self)
    }
    for offset in 0..<count
    where left.load(fromByteOffset: offset, as: UInt8.self)
      != right.load(fromByteOffset: offset, as: UInt8.self)
    {
      return false
    }
    return true
  }
}
