#if canImport(Glibc)
  import Glibc
#endif

/// Keeps two runs from writing the same folder: a locked file beside it, which the system unlocks when a run dies.
struct FolderLock: ~Copyable {
  private let path: String
  private let descriptor: Int32

  init(path: String) throws {
    self.path = path
    // The file may be removed by its holder between opening and locking: then what is locked is no longer there.
    for _ in 0..<16 {
      let opened = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
      guard opened >= 0 else { throw FileSystem.failure("lock with", path) }
      guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
        let isBusy = errno == EWOULDBLOCK
        let error = FileSystem.failure("lock with", path)
        close(opened)
        throw isBusy ? Self.busy(path) : error
      }
      var held = stat()
      var named = stat()
      if fstat(opened, &held) == 0, stat(path, &named) == 0, held.st_ino == named.st_ino,
        held.st_dev == named.st_dev
      {
        descriptor = opened
        return
      }
      close(opened)
    }
    throw Self.busy(path)
  }

  deinit {
    unlink(path)
    close(descriptor)
  }

  private static func busy(_ path: String) -> ReportError {
    ReportError(
      code: .busy, message: "Another run is writing this report.", remedy: "Wait until it has ended.",
      cause: "it holds " + path)
  }
}
