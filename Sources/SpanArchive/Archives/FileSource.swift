#if canImport(Glibc)
  import Glibc
#endif
import TraceModel

/// The bytes of a file or of standard input, read as they are asked for.
final class FileSource: ByteSource {
  private let descriptor: Int32
  private let ownsDescriptor: Bool
  private let progress: ProgressCounter?
  let remarks: [ArchiveDamage] = []
  private(set) var packedCount: UInt64 = 0

  /// Opens a file, or standard input for `-`; nil, with the system's reason in `errno`, when it cannot be opened.
  init?(path: String, progress: ProgressCounter? = nil) {
    self.progress = progress
    if path == "-" {
      descriptor = STDIN_FILENO
      ownsDescriptor = false
      return
    }
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    ownsDescriptor = true
    guard descriptor >= 0 else { return nil }
    posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL)
  }

  deinit { if ownsDescriptor, descriptor >= 0 { close(descriptor) } }

  func read(into buffer: UnsafeMutablePointer<UInt8>, count: Int) -> ByteSourceResult {
    while true {
      let result = Glibc.read(descriptor, buffer, count)
      if result > 0 {
        progress?.add(result)
        packedCount &+= UInt64(result)
        return .bytes(result)
      }
      if result == 0 { return .end }
      if errno == EINTR { continue }
      let reason = String(cString: strerror(errno))
      return .gap(ArchiveDamage(code: .truncatedStream, message: "cannot be read on: \(reason)"))
    }
  }
}

/// A source with some bytes put in front of it: those that were looked at to recognise it.
final class PrefixedSource: ByteSource {
  private var prefix: ArraySlice<UInt8>
  private let source: any ByteSource
  var remarks: [ArchiveDamage] { source.remarks }
  var packedCount: UInt64 { source.packedCount }

  init(prefix: [UInt8], source: any ByteSource) {
    self.prefix = prefix[...]
    self.source = source
  }

  func read(into buffer: UnsafeMutablePointer<UInt8>, count: Int) -> ByteSourceResult {
    guard !prefix.isEmpty else { return source.read(into: buffer, count: count) }
    let taken = prefix.prefix(count)
    taken.withUnsafeBufferPointer { bytes in
      if let base = bytes.baseAddress { buffer.update(from: base, count: bytes.count) }
    }
    prefix = prefix.dropFirst(taken.count)
    return .bytes(taken.count)
  }
}
