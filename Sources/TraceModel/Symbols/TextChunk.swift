#if canImport(Glibc)
  import Glibc
#endif

/// A piece of memory that texts are put into one after another, of a temporary file if so wanted.
final class TextChunk {
  let base: UnsafeMutablePointer<UInt8>
  private let capacity: Int
  private let isMapped: Bool

  /// Takes memory; of `space` if there is one and it has room.
  init(capacity: Int, in space: SpillSpace?) {
    self.capacity = capacity
    if let mapped = space?.mapping(bytes: capacity) {
      base = mapped.assumingMemoryBound(to: UInt8.self)
      isMapped = true
    } else {
      base = .allocate(capacity: capacity)
      isMapped = false
    }
  }

  deinit {
    if isMapped {
      munmap(base, capacity)
    } else {
      base.deallocate()
    }
  }

  /// The bytes of its file; nil when it lies in memory.
  var mappedBytes: Int? { isMapped ? capacity : nil }

  /// Lets go of its pages, which come back as they are touched.
  func leaveMemory() {
    if isMapped { madvise(base, capacity, MADV_DONTNEED) }
  }
}
