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

  /// The path without links, `.` and `..`; the path itself when there is nothing at it.
  static func resolved(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
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
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw failure("write", path) }
    var offset = 0
    while offset < bytes.count {
      let count = Glibc.write(file, bytes.baseAddress.map { $0 + offset }, bytes.count - offset)
      if count < 0, errno == EINTR { continue }
      if count <= 0 {
        let error = failure("write", path)
        close(file)
        throw error
      }
      offset += count
    }
    // The disk begins now, while other pages are made: `flush` has less to wait for.
    sync_file_range(file, 0, 0, TRACEBOOK_BEGIN_WRITING)
    if close(file) != 0 { throw failure("write", path) }
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
    var bytes = [UInt8](repeating: 0, count: count)
    let length = read(file, &bytes, count)
    return Array(bytes.prefix(max(0, length)))
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

  /// Removes a folder with all in it; follows no links. A list instead of recursion.
  static func removeTree(_ path: String) {
    var folders = [path]
    var index = 0
    while index < folders.count {
      let folder = folders[index]
      index += 1
      for name in names(folder) ?? [] {
        let child = folder + "/" + name
        var status = stat()
        if lstat(child, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
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
