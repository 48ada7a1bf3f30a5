#if canImport(Glibc)
  import Glibc
#endif

/// Finds the files that an ARCHIVE argument names.
///
/// A file, a folder (walked without names that begin with `.` or `_`), a glob, or `-` for standard input.
package enum ArchiveDiscovery {
  /// The paths of all files, sorted by their bytes, each once.
  ///
  /// A name that fits nothing stays in the list: reading it says that it cannot be opened. An empty folder adds none.
  package static func paths(of arguments: [String]) -> [String] {
    var found: Set<String> = []
    for argument in arguments {
      let kind = kind(of: argument)
      let matches = argument == "-" || kind != nil ? [argument] : glob(argument)
      if matches.isEmpty { found.insert(argument) }
      for match in matches {
        if match != "-", self.kind(of: match) == .folder {
          walk(match, into: &found)
        } else {
          found.insert(match)
        }
      }
    }
    // The bytes are taken once a path, not once a comparison.
    let keyed = found.map { (path: $0, bytes: Array($0.utf8)) }
    return keyed.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }.map(\.path)
  }

  private enum Kind {
    case file
    case folder
  }

  private static func kind(of path: String) -> Kind? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return status.st_mode & S_IFMT == S_IFDIR ? .folder : .file
  }

  private static func walk(_ folder: String, into found: inout Set<String>) {
    var pending = [folder]
    while let next = pending.popLast() {
      guard let directory = opendir(next) else {
        // What cannot be listed is reported as an archive that cannot be opened.
        found.insert(next)
        continue
      }
      defer { closedir(directory) }
      let prefix = next.hasSuffix("/") ? next : next + "/"
      while let entry = readdir(directory) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
          tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        guard !name.hasPrefix("."), !name.hasPrefix("_") else { continue }
        let path = prefix + name
        switch Int(entry.pointee.d_type) {
        case Int(DT_REG): found.insert(path)
        case Int(DT_DIR): pending.append(path)
        default: examine(path, &pending, &found)
        }
      }
    }
  }

  /// Takes what the folder's list says nothing final about: links, and everything on file systems that never say.
  private static func examine(_ path: String, _ pending: inout [String], _ found: inout Set<String>) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    switch status.st_mode & S_IFMT {
    case S_IFDIR: pending.append(path)
    case S_IFREG: found.insert(path)
    // Links to folders are not followed: they may lead in a circle.
    case S_IFLNK: if kind(of: path) == .file { found.insert(path) }
    default: break
    }
  }

  private static func glob(_ pattern: String) -> [String] {
    var result = glob_t()
    defer { globfree(&result) }
    guard Glibc.glob(pattern, 0, nil, &result) == 0 else { return [] }
    return (0..<Int(result.gl_pathc)).compactMap { result.gl_pathv[$0].map { String(cString: $0) } }
  }
}
