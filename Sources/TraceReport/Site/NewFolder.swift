/// A folder that files are written into one by one.
package enum NewFolder {
  /// Makes the folder, with those above it; throws when it holds anything.
  package static func prepare(_ path: String) throws {
    try check(path)
    try FileSystem.makeFolders(path)
  }

  /// Throws when the folder cannot be used, before anything is read.
  package static func check(_ path: String) throws {
    switch FileSystem.kind(path) {
    case .absent: return
    case .folder where FileSystem.names(path)?.isEmpty == true: return
    case .folder, .other:
      throw ReportError(
        code: .foreignFolder, message: "\(path) is there already and not empty.",
        remedy: "Name a new or empty folder.")
    }
  }
}
