#if canImport(Glibc)
  import Glibc
#endif

/// Sizes of files.
enum FileSize {
  /// The size of a file in bytes; 0 when it is not known, as for standard input.
  static func of(_ path: String) -> Int {
    var status = stat()
    return path != "-" && stat(path, &status) == 0 ? Int(status.st_size) : 0
  }
}
