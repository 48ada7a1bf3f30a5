import Glibc

/// The folder for temporary files.
enum TemporaryFolder {
  /// What TMPDIR names, else `/tmp`.
  static var path: String {
    guard let value = getenv("TMPDIR"), value.pointee != 0 else { return "/tmp" }
    return String(cString: value)
  }
}
