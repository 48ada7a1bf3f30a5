import TraceModel

/// Where the bytes of an archive are.
package enum ArchiveInput: Sendable {
  /// A file by its path; `-` is standard input.
  case file(String)
  /// Bytes at hand, with the path they go by.
  case bytes([UInt8], path: String)

  /// The path that reports show.
  package var path: String {
    switch self {
    case .file(let path): path
    case .bytes(_, let path): path
    }
  }

  /// The size before unpacking in bytes; 0 when it is not known, as for standard input.
  var byteCount: Int {
    switch self {
    case .file(let path): FileSize.of(path)
    case .bytes(let bytes, _): bytes.count
    }
  }

  /// Opens it; nil, with the system's reason in `errno`, when it cannot be opened.
  func open(_ progress: ProgressCounter? = nil) -> (any ByteSource)? {
    switch self {
    case .file(let path): FileSource(path: path, progress: progress)
    case .bytes(let bytes, _): MemorySource(bytes)
    }
  }
}
