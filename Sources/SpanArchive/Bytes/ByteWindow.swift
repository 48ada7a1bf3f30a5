#if canImport(Glibc)
  import Glibc
#endif

/// The piece of an inflated archive that is being read: contiguous, growing when one record is larger than it.
///
///     memory   | done | position … end | free … | 16 zero bytes |
///                     ▲ inflated offset `baseOffset + position`
struct ByteWindow: ~Copyable {
  /// What came of asking for more bytes.
  enum Filling {
    case grew
    /// No more bytes: the archive ends here, or there is a gap.
    case atEnd
    /// The window holds as much as it may.
    case full
  }

  private static let padding = 16

  private(set) var memory: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  /// The first byte not yet dealt with.
  var position = 0
  /// One past the last byte read.
  private(set) var end = 0
  /// Where the first byte of the memory lies in the inflated archive.
  private(set) var baseOffset: UInt64 = 0
  private let source: any ByteSource
  private let pool: BufferPool
  private let startSize: Int
  private let largest: Int
  private(set) var isAtEnd = false
  /// The damage at the end, when the archive does not end there properly.
  private(set) var damage: ArchiveDamage?

  /// Makes a window over a source; it grows up to the limit of a record.
  init(_ source: any ByteSource, limits: ReadingLimits, pool: BufferPool) {
    self.source = source
    self.pool = pool
    startSize = min(limits.windowBytes, limits.recordBytes)
    largest = limits.recordBytes
    capacity = startSize
    memory = pool.take(startSize + Self.padding)
    clearPadding()
  }

  deinit { Self.release(memory, capacity, startSize, pool) }

  /// Memory of the first size goes back to the pool; larger pieces are rare and not kept.
  private static func release(
    _ memory: UnsafeMutablePointer<UInt8>, _ capacity: Int, _ startSize: Int, _ pool: BufferPool
  ) {
    if capacity == startSize {
      pool.give(memory, size: capacity + padding)
    } else {
      free(memory)
    }
  }

  /// The number of bytes at hand.
  var count: Int { end - position }

  /// The place of the first newline at or behind the position; nil when none is at hand.
  var nextNewline: Int? { LineText.newline(in: memory, position..<end) }

  /// Where the position lies in the inflated archive.
  var offset: UInt64 { baseOffset + UInt64(position) }

  /// Reads more bytes behind those at hand, making room by dropping what was dealt with or by growing.
  mutating func fill() -> Filling {
    if isAtEnd { return .atEnd }
    if position > 0 {
      memmove(memory, memory + position, end - position)
      baseOffset += UInt64(position)
      end -= position
      position = 0
    }
    if end == capacity {
      guard capacity < largest else { return .full }
      grow()
    }
    // Full windows are parsed in one go: keep reading until there is no room, which for files takes one or two steps.
    while end < capacity {
      switch source.read(into: memory + end, count: capacity - end) {
      case .bytes(let read): end += read
      case .end:
        isAtEnd = true
        clearPadding()
        return .grew
      case .gap(let gap):
        isAtEnd = true
        damage = gap
        clearPadding()
        return .grew
      }
    }
    clearPadding()
    return .grew
  }

  /// Goes on behind a gap, with nothing at hand; false when there was no gap but the end.
  @discardableResult
  mutating func resumeBehindGap() -> Bool {
    guard damage != nil else { return false }
    damage = nil
    isAtEnd = false
    baseOffset += UInt64(end)
    position = 0
    end = 0
    return true
  }

  private func clearPadding() { memset(memory + end, 0, Self.padding) }

  /// Large blocks are moved by remapping pages: there is never an old and a new one at once.
  private mutating func grow() {
    let larger = min(capacity * 2, largest)
    let isPooled = capacity == startSize
    guard let block = realloc(isPooled ? nil : memory, larger + Self.padding) else {
      preconditionFailure("out of memory for a record")
    }
    let moved = block.assumingMemoryBound(to: UInt8.self)
    if isPooled {
      moved.update(from: memory, count: end)
      Self.release(memory, capacity, startSize, pool)
    }
    memory = moved
    capacity = larger
  }
}
