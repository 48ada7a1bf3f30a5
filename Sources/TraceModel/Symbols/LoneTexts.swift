/// Texts that are stored each time they are read, without being looked for: values that hardly ever come again.
///
///     blocks   [ ▪ | ▪ | … ]
///     block    | n, n bytes, – | n, n bytes, – | … |     each begins with its length, at a multiple of 8
///     symbol   | 1 | block: 15 bits | place in it / 8: 16 bits |
///
/// Nothing is kept of a text but its bytes, one text behind the other: memory is written in one direction and is not
/// looked at again, so that it can leave for temporary files at once. Two of these symbols may stand for equal texts.
@usableFromInline
struct LoneTexts: ~Copyable {
  /// The longest text, in bytes: its length is held in one.
  static let longest = 255
  private static let blockSize = 1 << 19
  /// The most blocks of all tables of a run, as symbols count them: 16 GB of texts.
  static let mostBlocks = 1 << 15

  /// In files so many blocks lie in one: each takes some calls of the system to make, and one to let go of.
  private static let blocksInFile = 64

  @usableFromInline var bases = Column<UnsafeMutablePointer<UInt8>>()
  /// What the blocks lie in.
  private(set) var chunks: [TextChunk] = []
  /// The blocks for which the last chunk has room left.
  private var unused = 0
  /// The block that is being filled, and how much of it is.
  private var current = 0
  private var used = blockSize
  private let limit: Int
  private var spill: SpillSpace?

  /// The bytes of all blocks.
  var byteCount: Int { bases.count * Self.blockSize }

  /// - `limit`: the most blocks.
  init(limit: Int) { self.limit = limit }

  /// The bytes of a text, valid as long as the table.
  @inlinable @inline(__always)
  func bytes(_ symbol: Symbol) -> UnsafeBufferPointer<UInt8> {
    let base = address(of: symbol)
    return UnsafeBufferPointer(start: base + 1, count: Int(base.pointee))
  }

  /// Where the length of a text and then its bytes lie.
  @inlinable @inline(__always)
  func address(of symbol: Symbol) -> UnsafePointer<UInt8> {
    let place = Int(symbol.index & 0x7fff_ffff)
    return UnsafePointer(bases[place >> 16] + (place & 0xffff) << 3)
  }

  /// Stores a text; nil when it is empty, which is always one symbol, or too long, or there is no room for more.
  @inline(__always)
  mutating func append(_ text: UnsafePointer<UInt8>, count: Int) -> Symbol? {
    guard count > 0, count <= Self.longest else { return nil }
    let size = (count &+ 8) & ~7
    if used &+ size > Self.blockSize, !addBlock() { return nil }
    let base = bases[current] + used
    base.pointee = UInt8(truncatingIfNeeded: count)
    Self.copy(text, to: base + 1, count)
    let place = UInt32(truncatingIfNeeded: current << 16 | used >> 3)
    used &+= size
    return Symbol(lone: place)
  }

  /// Eight bytes at a time; texts are short, so a call of `memcpy` would cost more than the copying.
  @inline(__always)
  private static func copy(_ text: UnsafePointer<UInt8>, to target: UnsafeMutablePointer<UInt8>, _ count: Int)
  {
    guard count >= 8 else {
      for offset in 0..<count { target[offset] = text[offset] }
      return
    }
    let source = UnsafeRawPointer(text)
    let target = UnsafeMutableRawPointer(target)
    var offset = 0
    while offset &+ 8 <= count {
      target.storeBytes(
        of: source.loadUnaligned(fromByteOffset: offset, as: UInt64.self), toByteOffset: offset,
        as: UInt64.self)
      offset &+= 8
    }
    target.storeBytes(
      of: source.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self), toByteOffset: count &- 8,
      as: UInt64.self)
  }

  @inline(never)
  private mutating func addBlock() -> Bool {
    guard bases.count < limit else { return false }
    current = bases.count
    used = 0
    let block = nextBlock()
    bases.append(block)
    return true
  }

  private mutating func nextBlock() -> UnsafeMutablePointer<UInt8> {
    let blocks = spill == nil ? 1 : Self.blocksInFile
    if unused == 0 {
      chunks.append(TextChunk(capacity: blocks * Self.blockSize, in: spill))
      unused = blocks
    }
    unused -= 1
    return chunks[chunks.count - 1].base + (blocks - 1 - unused) * Self.blockSize
  }

  /// Takes over the blocks of another table; what is to be added to the numbers of its symbols.
  mutating func absorb(_ other: consuming LoneTexts) -> UInt32 {
    precondition(bases.count + other.bases.count <= Self.mostBlocks)
    let shift = UInt32(bases.count << 16)
    // What room is left in the chunk that was the last one is given up.
    chunks += other.chunks
    unused = 0
    bases.append(contentsOf: other.bases.elements)
    return shift
  }

  /// Puts all texts, and those to come, into temporary files.
  mutating func moveToFiles(in space: SpillSpace) {
    guard spill == nil else { return }
    spill = space
    let inMemory = chunks
    chunks = []
    unused = 0
    for number in 0..<bases.count {
      let block = nextBlock()
      block.update(from: bases[number], count: number == current ? used : Self.blockSize)
      bases[number] = block
    }
    withExtendedLifetime(inMemory) {}
  }

  /// Lets go of the pages of all that is in files.
  func leaveMemory() {
    guard spill != nil else { return }
    for chunk in chunks { chunk.leaveMemory() }
  }
}
