import CMemory

#if canImport(Glibc)
  import Glibc
#endif

/// Blocks of memory that begin at a line of the cache.
///
///     lines     | 64 bytes | 64 bytes | 64 bytes | …
///     rows      | row 0               | row 1               | …        two lines are touched for a row, not three
///
/// What `malloc` gives begins 16 bytes behind a line. Large blocks are mapped: they grow by remapping pages, which
/// copies nothing, and go back to the system when they are given back.
enum MemoryBlock {
  /// Blocks of so many bytes and more are mapped.
  private static let mappedBytes = 1 << 17
  private static let line = 64
  private static let hugePage = 1 << 21

  /// The bytes to ask for where so many are needed: whole huge pages, since what is left of one is made of small ones.
  static func rounded(_ bytes: Int) -> Int {
    guard bytes >= hugePage else { return bytes }
    let (sum, overflow) = bytes.addingReportingOverflow(hugePage - 1)
    return overflow ? bytes : sum / hugePage * hugePage
  }

  /// A block of so many bytes with what was in a smaller one, which is taken back; nil, with nothing done, without memory.
  ///
  /// - Parameter bytes: of the other one, as it was asked for; 0 for none.
  static func grown(_ block: UnsafeMutableRawPointer?, from bytes: Int, to wanted: Int)
    -> UnsafeMutableRawPointer?
  {
    if let block, bytes >= mappedBytes, wanted >= mappedBytes {
      return tracebook_map_again(block, bytes, wanted)
    }
    guard let new = make(bytes: wanted) else { return nil }
    if let block {
      new.copyMemory(from: block, byteCount: bytes)
      free(block, bytes: bytes)
    }
    return new
  }

  /// A block of so many bytes that are all 0; those that are not touched take no memory where the block is large.
  static func zeroes(bytes: Int) -> UnsafeMutableRawPointer? {
    let block = make(bytes: bytes)
    if bytes < mappedBytes, let block { memset(block, 0, bytes) }
    return block
  }

  private static func make(bytes: Int) -> UnsafeMutableRawPointer? {
    guard bytes >= mappedBytes else { return aligned_alloc(line, (bytes + line - 1) / line * line) }
    return tracebook_map(bytes)
  }

  /// Takes a block back.
  static func free(_ block: UnsafeMutableRawPointer?, bytes: Int) {
    guard let block else { return }
    if bytes >= mappedBytes { munmap(block, bytes) } else { Glibc.free(block) }
  }
}
