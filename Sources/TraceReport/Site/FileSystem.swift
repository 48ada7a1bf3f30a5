import CTemplates

#if canImport(Glibc)
  import Glibc
#endif

/// The few calls of the system that publishing needs, with errors that name the path.
enum FileSystem {
  enum Kind {
    case absent
    case folder
    case other
  }

  static func kind(_ path: String) -> Kind {
    var status = stat()
    guard stat(path, &status) == 0 else { return .absent }
    return status.st_mode & S_IFMT == S_IFDIR ? .folder : .other
  }

  /// True for a folder that is no link to one.
  static func isRealFolder(_ path: String) -> Bool { realMode(path) == S_IFDIR }

  /// True for a file that is no link to one.
  static func isRealFile(_ path: String) -> Bool { realMode(path) == S_IFREG }

  /// True when there is anything at the path, a link to nothing included.
  static func isThere(_ path: String) -> Bool { realMode(path) != 0 }

  private static func realMode(_ path: String) -> mode_t {
    var status = stat()
    return lstat(path, &status) == 0 ? status.st_mode & S_IFMT : 0
  }

  /// The path without links, `.` and `..`; the path itself when there is nothing at it.
  static func resolved(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }

  /// The path without links, `.` and `..`, of what may not be there yet.
  static func plannedPath(_ path: String) -> String {
    var rest: [Substring] = []
    var known = Substring(path)
    // The longest part that is there has its links resolved; behind it there are none.
    while kind(known.isEmpty ? "." : String(known)) == .absent, let slash = known.lastIndex(of: "/") {
      rest.append(known[known.index(after: slash)...])
      known = known[..<slash]
      if known.isEmpty { known = "/" }
    }
    if kind(String(known)) == .absent {
      rest.append(known)
      known = "."
    }
    var parts = resolved(known.isEmpty ? "/" : String(known)).split(separator: "/")
    for part in rest.reversed() where !part.isEmpty && part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    return "/" + parts.joined(separator: "/")
  }

  static func makeFolder(_ path: String) throws {
    if mkdir(path, 0o755) != 0, errno != EEXIST { throw failure("make the folder", path) }
  }

  /// Makes a folder and those above it.
  static func makeFolders(_ path: String) throws {
    var end = path.startIndex
    while end < path.endIndex {
      end = path[path.index(after: end)...].firstIndex(of: "/") ?? path.endIndex
      let part = String(path[..<end])
      if kind(part) != .folder { try makeFolder(part) }
    }
  }

  static func write(_ bytes: UnsafeBufferPointer<UInt8>, to path: String) throws {
    let file = try create(path)
    do {
      try write(bytes, to: file, path)
    } catch {
      Glibc.close(file)
      throw error
    }
    try end(file, path)
  }

  /// Makes a file, or empties it; its descriptor.
  static func create(_ path: String) throws(ReportError) -> Int32 {
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw failure("write", path) }
    return file
  }

  /// Writes bytes to a file that is open.
  static func write(_ bytes: [UInt8], to file: Int32, _ path: String) throws(ReportError) {
    try bytes.withUnsafeBufferPointer { bytes throws(ReportError) in try write(bytes, to: file, path) }
  }

  private static func write(
    _ bytes: UnsafeBufferPointer<UInt8>, to file: Int32, _ path: String
  ) throws(ReportError) {
    var offset = 0
    while offset < bytes.count {
      let count = Glibc.write(file, bytes.baseAddress.map { $0 + offset }, bytes.count - offset)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw failure("write", path) }
      offset += count
    }
  }

  /// Ends a file.
  static func end(_ file: Int32, _ path: String) throws(ReportError) {
    // The disk begins now, while other pages are made: `flush` has less to wait for.
    sync_file_range(file, 0, 0, TRACEBOOK_BEGIN_WRITING)
    if Glibc.close(file) != 0 { throw failure("write", path) }
  }

  /// Hands everything written below a folder to the disk: one call for a whole site is ten times faster than one a file.
  static func flush(_ folder: String) throws {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("flush", folder) }
    defer { close(descriptor) }
    if syncfs(descriptor) != 0 { throw failure("flush", folder) }
  }

  /// Hands one file to the disk.
  static func flushFile(_ path: String) throws {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("flush", path) }
    defer { close(descriptor) }
    if fsync(descriptor) != 0 { throw failure("flush", path) }
  }

  /// Makes the names in a folder last.
  static func flushNames(_ folder: String) {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  /// The first bytes of a file; empty when it cannot be read.
  static func head(_ path: String, _ count: Int) -> [UInt8] {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return [] }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return [] }
    var bytes = [UInt8](repeating: 0, count: min(count, Int(status.st_size)))
    var length = 0
    while length < bytes.count {
      let got = bytes.withUnsafeMutableBytes {
        read(file, $0.baseAddress.map { $0 + length }, $0.count - length)
      }
      if got <= 0 { break }
      length += got
    }
    return Array(bytes.prefix(length))
  }

  /// The names in a folder, without `.` and `..`; nil when it cannot be read.
  static func names(_ folder: String) -> [String]? {
    guard let stream = opendir(folder) else { return nil }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }

  /// The paths of all files below a folder, seen from it, sorted by their bytes; links to folders count as files.
  static func tree(_ root: String) -> [String] {
    var files: [String] = []
    var folders = [""]
    var index = 0
    while index < folders.count {
      let folder = folders[index]
      index += 1
      for name in names(root + "/" + folder) ?? [] {
        if isRealFolder(root + "/" + folder + name) {
          folders.append(folder + name + "/")
        } else {
          files.append(folder + name)
        }
      }
    }
    return files.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Removes a folder with all in it, or the one file or link there is; follows no links. A list instead of recursion.
  static func removeTree(_ path: String) {
    guard isRealFolder(path) else {
      unlink(path)
      return
    }
    var folders = [path]
    var index = 0
    while index < folders.count {
      let folder = folders[index]
      index += 1
      for name in names(folder) ?? [] {
        let child = folder + "/" + name
        if isRealFolder(child) {
          folders.append(child)
        } else {
          unlink(child)
        }
      }
    }
    for folder in folders.reversed() { rmdir(folder) }
  }

  static func failure(_ verb: String, _ path: String) -> ReportError {
    let cause = String(cString: strerror(errno))
    return ReportError(
      code: .file, message: "Cannot \(verb) \(path).",
      remedy: "Check the path, its permissions and the space left on the disk.", cause: cause)
  }
}
