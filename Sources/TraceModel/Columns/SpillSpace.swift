import CMemory
import Synchronization

#if canImport(Glibc)
  import Glibc
#endif

/// How much memory a run may take for spans, and where they go beyond it: temporary files that no folder shows.
///
/// A file is removed from its folder as soon as it is made, so nothing is left lying about however the run ends. What
/// is in it is mapped: columns over it are used like those in memory, and the system brings pages in as they are
/// touched. Every now and then all pages are let go (`Column.leaveMemory`), which keeps the process small.
public final class SpillSpace: Sendable {
  /// The folder of the temporary files.
  public let folder: String
  /// Bytes of spans that may be in memory at one time, over all threads, and half as many of texts.
  public let budget: Int
  /// What the system brings into memory with a page of a file that is touched.
  package static let pagesAround = 1 << 16
  /// After so many rows of a file that are asked for here and there, pages are let go of: 32 MB.
  package static let scatteredRows = 1 << 9
  /// After so many bytes are added to a file, those before them leave memory.
  package static let bytesAdded = 1 << 21
  /// Longer texts of a file touch pages of their own.
  package static let shortText = 255
  private let cause = Mutex<String?>(nil)
  private let claimable: Int
  /// Bytes beyond the budget that nobody has claimed; below 0 once more was asked for.
  private let unclaimed: Atomic<Int>

  /// Makes a space within a memory limit.
  ///
  /// - `memory`: what the whole process may take, in bytes. A quarter of it is for spans, an eighth for their texts; the
  ///   rest is for the analyses and the pages. Those take little more in a large limit than in a small one: half of what is
  ///   beyond 256 MB may be claimed by spans that so need no files.
  public convenience init(folder: String, memory: Int) {
    self.init(folder: folder, budget: memory / 4, claimable: max(0, (memory - 256 << 20) / 2 - memory / 8))
  }

  /// Makes a space that keeps so many bytes of spans in memory, and so many more as long as none are in files.
  public init(folder: String, budget: Int, claimable: Int = 0) {
    self.folder = folder
    self.budget = budget
    self.claimable = claimable
    unclaimed = Atomic(claimable)
  }

  /// Claims so many bytes more for spans that are all in memory; false when there are not as many.
  package func claim(_ bytes: Int) -> Bool { unclaimed.subtract(bytes, ordering: .relaxed).newValue >= 0 }

  /// Bytes that were claimed.
  package var claimedBytes: Int { claimable - unclaimed.load(ordering: .relaxed) }

  /// True once more was claimed than there is: spans go into files.
  package var isClaimed: Bool { unclaimed.load(ordering: .relaxed) < 0 }

  /// Gives memory that was freed back to the system: worth its time where much was, and memory is short.
  package static func giveBackFreed() { tracebook_give_back_freed() }

  /// Why nothing more could be put into temporary files; nil while all is well.
  public var failure: String? { cause.withLock { $0 } }

  /// A new file without a name, to be closed by the caller; nil when there can be none, which `failure` then tells.
  func makeFile() -> Int32? {
    // mkstemp(3) replaces six X at the end by what makes the name its own.
    var template = Array((folder + "/tracebook-" + String(repeating: "X", count: 6)).utf8CString)
    let file = mkstemp(&template)
    guard file >= 0 else {
      note(errno)
      return nil
    }
    unlink(template)
    return file
  }

  /// Memory of so many bytes with a temporary file of its own behind it; nil when there is no room.
  func mapping(bytes: Int) -> UnsafeMutableRawPointer? {
    guard let file = makeFile() else { return nil }
    defer { close(file) }
    let base = MappedFile.map(file, bytes: bytes)
    if base == nil { note(errno) }
    return base
  }

  func note(_ error: Int32) {
    let text = String(cString: strerror(error))
    cause.withLock { $0 = $0 ?? text }
  }
}

/// A piece of memory that a temporary file stands behind.
enum MappedFile {
  /// Maps so many bytes of a file, which gets room for them first: a full disk is an error here and not a signal later.
  ///
  /// The system is told that pages will be touched in no order. Else it puts those that are written one after another
  /// into pieces of up to 2 MB, and later maps the whole piece for one touch.
  static func map(_ file: Int32, bytes: Int) -> UnsafeMutableRawPointer? {
    let error = posix_fallocate(file, 0, bytes)
    guard error == 0 else {
      errno = error
      return nil
    }
    let base = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0)
    guard base != UnsafeMutableRawPointer(bitPattern: -1) else { return nil }
    madvise(base, bytes, MADV_RANDOM)
    return base
  }
}
