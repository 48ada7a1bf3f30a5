#if canImport(Glibc)
  import Glibc
#endif

/// An archive that was opened and unpacked, for readers of other things than spans.
enum UnpackedArchive {
  /// A stream of unpacked bytes, with the first of them.
  case opened(any ByteSource, head: [UInt8])
  /// It cannot be read, in one sentence.
  case refused(String)

  /// Opens an archive; one inside another is unwrapped at most twice.
  static func open(_ input: ArchiveInput, pool: BufferPool, limits: ReadingLimits) -> UnpackedArchive {
    guard let file = input.open() else {
      return .refused("cannot be opened: \(String(cString: strerror(errno)))")
    }
    var source: any ByteSource = file
    for _ in 0..<3 {
      let head = ArchiveReader.head(of: &source, pool: pool)
      switch Container.recognise(head[...]) {
      case .refused(let sentence): return .refused(sentence)
      case .plain: return .opened(source, head: head)
      case .gzip: source = GzipSource(source, pool: pool, limits: limits)
      case .zstd: source = ZstdSource(source, isFramed: false, pool: pool, limits: limits)
      case .framedZstd: source = ZstdSource(source, isFramed: true, pool: pool, limits: limits)
      }
    }
    return .refused("an archive packed three times over is not read")
  }
}
