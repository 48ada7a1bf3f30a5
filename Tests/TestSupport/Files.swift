import FoundationEssentials

/// Reading and writing whole files as bytes.
package enum Files {
  /// The bytes of a file.
  package static func read(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(filePath: path)))
  }

  /// The text of a file; bytes that are not UTF-8 become replacement characters.
  package static func text(_ path: String) throws -> String {
    String(decoding: try read(path), as: UTF8.self)
  }

  /// Writes a file, making the folders above it.
  package static func write(_ bytes: [UInt8], to path: String) throws {
    if let slash = path.lastIndex(of: "/") { try makeFolder(String(path[..<slash])) }
    try Data(bytes).write(to: URL(filePath: path))
  }

  /// Makes a folder and those above it.
  package static func makeFolder(_ path: String) throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  /// Whether there is a file or folder at the path.
  package static func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: path)
  }

  /// Whether there is a folder at the path.
  package static func isFolder(_ path: String) -> Bool {
    var isFolder = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder
  }

  /// Removes a file or a folder with all that is in it; does nothing when it is not there.
  package static func remove(_ path: String) {
    try? FileManager.default.removeItem(atPath: path)
  }

  /// Names of what lies directly in a folder, sorted; empty when there is no such folder.
  package static func names(in folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }

  /// Paths of all files below a folder, relative to it, sorted; empty when there is no such folder.
  package static func tree(_ folder: String) -> [String] {
    let paths = (try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? []
    return paths.filter { !isFolder(folder + "/" + $0) }.sorted()
  }
}

/// Symbolic links, which let a test see a folder under another path without a copy.
package enum FileLinks {
  /// Makes a link to a file or folder.
  package static func make(at path: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: target)
  }
}
