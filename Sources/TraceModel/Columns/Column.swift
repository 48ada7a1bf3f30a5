#if canImport(Glibc)
  import Glibc
#endif

/// A growing table of plain values in one block of memory.
///
/// Unlike `Array` it grows by `realloc`, which moves large blocks by remapping pages: growing does not copy, and
/// there is never an old and a new block at once. It has one owner and is never copied. Indices are checked.
///
/// A column may be put over a temporary file: it is used as before, and `leaveMemory` makes it take none. So does growing, so
/// that what is added in one go, such as a span with a million attributes, need not be in memory at once:
///
///     in file    | let go of … | added lately | room … |
///                                             ▲ capacity: a few megabytes behind what was let go of
///
/// - Complexity: `append` is amortised O(1).
public struct Column<Element: BitwiseCopyable>: ~Copyable {
  @usableFromInline var base: UnsafeMutablePointer<Element>?
  /// How many elements there may be until `grow` is called.
  @usableFromInline var capacity: Int
  @usableFromInline var storedCount: Int
  /// The temporary file that the block is a mapping of; -1 for ordinary memory.
  private var file: Int32 = -1
  /// How many elements that mapping has room for.
  private var mapped = 0

  /// The number of elements.
  @inlinable
  public var count: Int { storedCount }

  /// Makes an empty column; no memory is taken.
  public init() {
    base = nil
    capacity = 0
    storedCount = 0
  }

  /// Makes a column of so many elements all of whose bytes are 0; memory is taken for those that are touched.
  package init(zeroes count: Int) {
    self.init()
    guard count > 0 else { return }
    let stride = MemoryLayout<Element>.stride
    guard let block = calloc(count, stride) else {
      preconditionFailure("out of memory for \(count) elements")
    }
    base = block.bindMemory(to: Element.self, capacity: count)
    capacity = count
    storedCount = count
  }

  /// The same over a temporary file, if there is a space and it has room.
  package init(zeroes count: Int, in space: SpillSpace?) {
    self.init()
    if let space, count > 0 { moveToFile(in: space, roomFor: count) }
    guard isInFile else {
      self = Self(zeroes: count)
      return
    }
    storedCount = count
  }

  deinit {
    if file >= 0 {
      munmap(base, byteCapacity)
      close(file)
    } else {
      free(base)
    }
  }

  /// Adds one element at the end.
  @inlinable
  public mutating func append(_ element: Element) {
    if count == capacity { grow(toHold: count + 1) }
    // The block holds at least `count + 1` elements now.
    base.unsafelyUnwrapped.advanced(by: count).initialize(to: element)
    storedCount = count &+ 1
  }

  /// Adds copies of other elements at the end.
  @inlinable
  public mutating func append(contentsOf elements: UnsafeBufferPointer<Element>) {
    guard let source = elements.baseAddress, elements.count > 0 else { return }
    if count + elements.count > capacity { grow(toHold: count + elements.count) }
    base.unsafelyUnwrapped.advanced(by: count).initialize(from: source, count: elements.count)
    storedCount = count &+ elements.count
  }

  /// Drops every element from the given index on; the memory stays.
  @inlinable
  public mutating func truncate(to newCount: Int) {
    precondition(newCount >= 0 && newCount <= count)
    storedCount = newCount
  }

  /// Drops all elements; the memory stays.
  @inlinable
  public mutating func removeAll() { storedCount = 0 }

  /// Takes memory for so many elements in all.
  @inlinable
  public mutating func reserve(_ elements: Int) {
    if elements > capacity { grow(toHold: elements) }
  }

  /// The element at an index, which must be in bounds.
  @inlinable
  public subscript(index: Int) -> Element {
    get {
      precondition(index >= 0 && index < count)
      return base.unsafelyUnwrapped[index]
    }
    set {
      precondition(index >= 0 && index < count)
      base.unsafelyUnwrapped[index] = newValue
    }
  }

  /// The elements as one piece of memory, valid until the column is next changed or goes away.
  @inlinable
  public var elements: UnsafeBufferPointer<Element> { UnsafeBufferPointer(start: base, count: count) }

  /// Where the element at an index would be; nil while there is no memory. Nothing is touched.
  @inline(__always)
  package func address(of index: Int) -> UnsafeRawPointer? { base.map { UnsafeRawPointer($0 + index) } }

  /// The elements of a range, which must be in bounds; valid until the column is next changed or goes away.
  @inlinable
  public func elements(from start: Int, count length: Int) -> UnsafeBufferPointer<Element> {
    precondition(start >= 0 && length >= 0 && start <= count - length)
    guard let base, length > 0 else { return UnsafeBufferPointer(start: nil, count: 0) }
    return UnsafeBufferPointer(start: base + start, count: length)
  }

  /// The elements, to be changed in place; valid until the column is next changed otherwise or goes away.
  @inlinable
  public var mutableElements: UnsafeMutableBufferPointer<Element> {
    mutating get { UnsafeMutableBufferPointer(start: base, count: count) }
  }

  @usableFromInline @inline(never)
  mutating func grow(toHold needed: Int) {
    if file >= 0, needed <= mapped {
      leaveMemory()
      return openMapped(toHold: needed)
    }
    let room = file >= 0 ? mapped : capacity
    let wanted = max(needed, room + room / 2, 64)
    let (bytes, overflow) = wanted.multipliedReportingOverflow(by: MemoryLayout<Element>.stride)
    precondition(!overflow, "a column is larger than memory")
    if file >= 0, extendFile(toHold: wanted) { return openMapped(toHold: needed) }
    guard let block = realloc(base, bytes) else { preconditionFailure("out of memory for \(bytes) bytes") }
    base = block.assumingMemoryBound(to: Element.self)
    capacity = wanted
  }
}

extension Column {
  /// The bytes of a page of memory.
  private static var pageSize: Int? {
    Int(exactly: sysconf(Int32(_SC_PAGESIZE))).flatMap { $0 > 0 ? $0 : nil }
  }

  /// Gives the memory of all elements back at once: all of their bytes are 0 from now on. Other threads may be reading.
  func discard() {
    guard file < 0, let base, let pageSize = Self.pageSize else {
      return
    }
    let start = Int(bitPattern: base)
    let first = (start + pageSize - 1) / pageSize * pageSize
    let end = (start + byteCapacity) / pageSize * pageSize
    if end > first { madvise(UnsafeMutableRawPointer(bitPattern: first), end - first, MADV_DONTNEED) }
  }

  /// True when a temporary file stands behind the elements.
  var isInFile: Bool { file >= 0 }

  /// Bytes of memory or file that are taken.
  var byteCapacity: Int { (file >= 0 ? mapped : capacity) * MemoryLayout<Element>.stride }

  /// Has `grow` be called again when some more elements were added.
  private mutating func openMapped(toHold needed: Int) {
    capacity = min(mapped, needed + SpillSpace.bytesAdded / MemoryLayout<Element>.stride)
  }

  /// Puts the elements into a temporary file, where they stay; does nothing when they are there or there is no room,
  /// which the space then tells.
  ///
  /// - `room`: how many elements the file has room for at least.
  package mutating func moveToFile(in space: SpillSpace, roomFor room: Int = 1 << 12) {
    guard file < 0, let file = space.makeFile() else { return }
    let wanted = max(capacity, room)
    guard let block = MappedFile.map(file, bytes: wanted * MemoryLayout<Element>.stride) else {
      space.note(errno)
      close(file)
      return
    }
    let old = base
    base = block.assumingMemoryBound(to: Element.self)
    capacity = wanted
    mapped = wanted
    self.file = file
    if let old { fillFile(from: old) }
    free(old)
  }

  /// Copies the elements into the file, of which no more than a piece is in memory at any time.
  private func fillFile(from old: UnsafePointer<Element>) {
    guard let base else { return }
    let piece = SpillSpace.bytesAdded / MemoryLayout<Element>.stride
    for start in stride(from: 0, to: count, by: piece) {
      (base + start).initialize(from: old + start, count: min(piece, count - start))
      if count > piece { leaveMemory() }
    }
  }

  /// Lets go of all pages of a column over a file: they come back as they are touched. Other threads may be reading.
  package func leaveMemory() {
    guard file >= 0, let base else { return }
    madvise(base, byteCapacity, MADV_DONTNEED)
  }

  /// Begins to bring elements of a column over a file into memory, which are touched soon. Bounds are cut.
  ///
  /// Files are mapped without reading ahead: the system's own may be megabytes for each touch, which push out one another
  /// where memory is short.
  func fetch(from start: Int, count length: Int) {
    guard file >= 0, let base, let pageSize = Self.pageSize else {
      return
    }
    let first = min(max(start, 0), count) * MemoryLayout<Element>.stride / pageSize * pageSize
    let end = min(start + length, count) * MemoryLayout<Element>.stride
    if end > first { madvise(UnsafeMutableRawPointer(base) + first, end - first, MADV_WILLNEED) }
  }

  private mutating func extendFile(toHold wanted: Int) -> Bool {
    guard let old = base else { return false }
    let bytes = wanted * MemoryLayout<Element>.stride
    // The file keeps what is in it: mapping it anew moves nothing.
    if let moved = MappedFile.map(file, bytes: bytes) {
      munmap(old, byteCapacity)
      base = moved.assumingMemoryBound(to: Element.self)
      mapped = wanted
      return true
    }
    // No room in the file: back to memory, where there may be some. The owner sees that the column is in no file.
    guard let copy = malloc(byteCapacity) else { return false }
    capacity = mapped
    copy.copyMemory(from: old, byteCount: count * MemoryLayout<Element>.stride)
    munmap(old, byteCapacity)
    close(file)
    base = copy.assumingMemoryBound(to: Element.self)
    file = -1
    return false
  }
}

extension Column: @unchecked Sendable {}
