#if canImport(Glibc)
  import Glibc
#endif

/// A file read whole, unpacked when it is gzip: for digests, which are small beside archives.
package enum WholeFile {
  /// The most bytes of any file.
  package static let mostBytes = 1 << 30

  /// Why a file could not be read.
  package struct Failure: Error, Sendable {
    /// One sentence with the remedy.
    package let message: String
  }

  /// The inflated bytes of a file, or of standard input for `-`.
  ///
  /// - Parameter largest: more bytes than these are refused.
  /// - Complexity: O(bytes).
  package static func read(_ path: String, largest: Int = mostBytes) throws(Failure) -> [UInt8] {
    guard let file = FileSource(path: path) else {
      throw Failure(message: "\(path) cannot be opened: \(String(cString: strerror(errno))); check the path")
    }
    return try inflated(try bytes(of: file, path, largest), of: path, largest: largest)
  }

  /// The inflated bytes of what was packed, and those of what was not as they are.
  ///
  /// - Parameters:
  ///   - path: what they are called when they are damaged.
  ///   - largest: more bytes than these are refused.
  /// - Complexity: O(bytes).
  package static func inflated(
    _ packed: [UInt8], of path: String, largest: Int = mostBytes
  ) throws(Failure) -> [UInt8] {
    guard case .gzip = Container.recognise(packed.prefix(4)) else { return packed }
    let source = GzipSource(MemorySource(packed), pool: BufferPool(), limits: ReadingLimits())
    return try bytes(of: source, path, largest)
  }

  /// The first inflated bytes of a file, at most `count` of them; none of what cannot be opened or is damaged.
  ///
  /// Tells a digest from an archive. Standard input is left alone, since it can be read only once.
  package static func start(of path: String, count: Int) -> [UInt8] {
    guard path != "-", let file = FileSource(path: path), count > 0 else { return [] }
    let packed = start(of: file, count: 1 << 14)
    guard case .gzip = Container.recognise(packed.prefix(4)) else { return Array(packed.prefix(count)) }
    let source = GzipSource(MemorySource(packed), pool: BufferPool(), limits: ReadingLimits())
    return start(of: source, count: count)
  }

  private static func start(of source: any ByteSource, count: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    bytes.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      while filled < count, case .bytes(let more) = source.read(into: base + filled, count: count - filled) {
        filled += more
      }
    }
    return Array(bytes.prefix(filled))
  }

  private static func bytes(
    of source: any ByteSource, _ path: String, _ largest: Int
  ) throws(Failure) -> [UInt8] {
    var bytes: [UInt8] = []
    let step = 1 << 16
    let chunk = UnsafeMutablePointer<UInt8>.allocate(capacity: step)
    defer { chunk.deallocate() }
    while true {
      switch source.read(into: chunk, count: step) {
      case .end: return bytes
      case .gap(let damage): throw Failure(message: "\(path): \(damage.message); copy the file again")
      case .bytes(let count):
        bytes += UnsafeBufferPointer(start: chunk, count: count)
        guard bytes.count <= largest else {
          throw Failure(message: "\(path) holds more than \(largest) bytes: too much for such a file")
        }
      }
    }
  }
}
