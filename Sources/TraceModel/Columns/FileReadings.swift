import Synchronization

/// Counts the regions of temporary files that reading has brought into memory, whichever thread read them.
///
///     in files    | 0 1 1 1 0 … |     a bit for each 64 KB, by the lower bits of its number: what is in memory does not count
///     touched     | 0 0 1 0 0 … |
///
/// Whoever reads the rows or the texts of many spans need not think of it: a trace may have any number of them, and they may
/// lie anywhere. The same as `TouchedRegions`, for many threads; what two of them touch at the same moment may be counted once
/// more or less.
@usableFromInline
final class FileReadings: @unchecked Sendable {
  private var areInFiles = Column<UInt64>(zeroes: TouchedRegions.words)
  private let touched: UnsafeMutablePointer<Atomic<UInt64>>
  private let count = Atomic(0)
  private let most: Int

  /// - Parameters:
  ///   - space: a quarter of what spans may take of memory is for what is read.
  ///   - parts: so many quarters of it.
  init(in space: SpillSpace, parts: Int = 1) {
    most = TouchedRegions.most(in: space) * parts
    touched = .allocate(capacity: TouchedRegions.words)
    for word in 0..<TouchedRegions.words { (touched + word).initialize(to: Atomic(0)) }
  }

  deinit {
    touched.deinitialize(count: TouchedRegions.words)
    touched.deallocate()
  }

  /// Has a column count if it is in a file; only before anybody reads.
  func add<Element>(_ column: borrowing Column<Element>) {
    if column.isInFile, let base = column.address(of: 0) { add(base, byteCount: column.byteCapacity) }
  }

  /// Has what lies there count; only before anybody reads.
  func add(_ start: UnsafeRawPointer, byteCount: Int) {
    let first = Int(bitPattern: start)
    for address in stride(from: first, to: first + byteCount, by: SpillSpace.pagesAround) { mark(address) }
    if byteCount > 0 { mark(first + byteCount - 1) }
  }

  private func mark(_ address: Int) {
    let (word, bit) = TouchedRegions.place(of: address)
    areInFiles[word] |= bit
  }

  /// Notes that so many bytes are read; true when it is time to let go of all that was touched, from when on nothing was.
  @inline(__always)
  func areTooMany(with start: UnsafeRawPointer, byteCount: Int) -> Bool {
    let first = Int(bitPattern: start)
    var areTooMany = touches(first)
    var address = first + SpillSpace.pagesAround
    while address < first + byteCount {
      areTooMany = touches(address) || areTooMany
      address += SpillSpace.pagesAround
    }
    return areTooMany
  }

  @inline(__always)
  private func touches(_ address: Int) -> Bool {
    let (word, bit) = TouchedRegions.place(of: address)
    guard areInFiles[word] & bit != 0, touched[word].load(ordering: .relaxed) & bit == 0 else { return false }
    return add(word, bit)
  }

  @inline(never)
  private func add(_ word: Int, _ bit: UInt64) -> Bool {
    touched[word].bitwiseOr(bit, ordering: .relaxed)
    guard count.add(1, ordering: .relaxed).newValue > most else { return false }
    count.store(0, ordering: .relaxed)
    for word in 0..<TouchedRegions.words { touched[word].store(0, ordering: .relaxed) }
    return true
  }
}
