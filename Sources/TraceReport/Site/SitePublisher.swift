import CTemplates

#if canImport(Glibc)
  import Glibc
#endif

/// Puts a finished site in the place of the old one in one step, or leaves the old one as it was.
///
///     parent/.NAME.tracebook-new   written here, flushed, then exchanged with
///     parent/NAME                  the published site
///     parent/.NAME.tracebook-lock  held meanwhile
///
/// A run that was killed leaves its new folder behind; the next one removes it.
struct SitePublisher: ~Copyable {
  static let newEnding = ".tracebook-new"
  static let asideEnding = ".tracebook-new-old"
  static let lockEnding = ".tracebook-lock"

  /// Where the files of the new site go.
  let staging: String
  private let target: String
  private let parent: String
  private let lock: FolderLock

  private init(staging: String, target: String, parent: String, lock: consuming FolderLock) {
    self.staging = staging
    self.target = target
    self.parent = parent
    self.lock = lock
  }

  /// Checks the place and makes an empty folder beside it; throws before anything of the published site is touched.
  private static func prepare(_ folder: String) throws -> SitePublisher {
    let (parent, name) = try place(of: folder, makesParents: true)
    let target = parent + "/" + name
    try checkIsOurs(target, named: folder)
    let lock = try FolderLock(path: parent + "/." + name + lockEnding)
    let staging = parent + "/." + name + newEnding
    // Where names cannot be exchanged, a run may have been killed while the old site stood aside.
    let aside = parent + "/." + name + asideEnding
    if !FileSystem.isThere(target), FileSystem.isRealFolder(aside) { rename(aside, target) }
    FileSystem.removeTree(aside)
    FileSystem.removeTree(staging)
    try FileSystem.makeFolder(staging)
    return SitePublisher(staging: staging, target: target, parent: parent, lock: lock)
  }

  /// Throws when a report may not be published to a folder: it is not ours, or its place cannot be found.
  static func check(_ folder: String) throws {
    let (parent, name) = try place(of: folder, makesParents: false)
    try checkIsOurs(parent + "/" + name, named: folder)
    if FileSystem.kind(parent) == .folder, access(parent, W_OK | X_OK) != 0 {
      throw FileSystem.failure("write beside", folder)
    }
  }

  /// Runs `write` with the folder for the new site, then publishes it; on any error nothing is left behind.
  static func publish(to folder: String, write: (String) throws -> Void) throws {
    let publisher = try prepare(folder)
    do {
      try write(publisher.staging)
      try FileSystem.flush(publisher.staging)
      try publisher.exchange()
    } catch {
      FileSystem.removeTree(publisher.staging)
      throw error
    }
    FileSystem.removeTree(publisher.staging)
  }

  /// Puts the new site in place; what was there before is then in the staging folder.
  private func exchange() throws {
    if FileSystem.kind(target) == .absent {
      if rename(staging, target) != 0 { throw FileSystem.failure("publish", target) }
    } else if renameat2(AT_FDCWD, staging, AT_FDCWD, target, TRACEBOOK_RENAME_EXCHANGE) != 0 {
      // Not every file system can exchange two names: then there is a moment without a site.
      let aside = staging + "-old"
      if rename(target, aside) != 0 { throw FileSystem.failure("publish", target) }
      if rename(staging, target) != 0 {
        let error = FileSystem.failure("publish", target)
        rename(aside, target)
        throw error
      }
      FileSystem.removeTree(aside)
    }
    FileSystem.flushNames(parent)
  }

  /// The folder that holds the site and the site's name in it; the folder is made when it is not there.
  private static func place(
    of folder: String, makesParents: Bool
  ) throws -> (parent: String, name: String) {
    var path = folder
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    if FileSystem.kind(path) != .absent { path = FileSystem.resolved(path) }
    let slash = path.lastIndex(of: "/")
    let name = slash.map { String(path[path.index(after: $0)...]) } ?? path
    var parent = slash.map { String(path[..<$0]) } ?? "."
    if parent.isEmpty { parent = "/" }
    guard !name.isEmpty, name != ".", name != "..", path != "/" else {
      throw ReportError(
        code: .foreignFolder, message: "\(folder) cannot be replaced by a report.",
        remedy: "Name a folder of its own.")
    }
    switch FileSystem.kind(parent) {
    case .folder: break
    case .absent: if makesParents { try FileSystem.makeFolders(parent) }
    case .other:
      throw ReportError(
        code: .file, message: "\(folder) cannot be made: \(parent) is a file, not a folder.",
        remedy: "Name another folder.")
    }
    return (FileSystem.resolved(parent), name)
  }

  private static func checkIsOurs(_ target: String, named folder: String) throws {
    switch FileSystem.kind(target) {
    case .absent: return
    case .other:
      throw ReportError(
        code: .foreignFolder, message: "\(folder) is a file, not a folder.", remedy: "Name another folder.")
    case .folder:
      guard let names = FileSystem.names(target) else { throw FileSystem.failure("read", folder) }
      if names.isEmpty { return }
      let head = FileSystem.head(target + "/report.json", 18)
      guard head.elementsEqual("{\"schemaVersion\":1".utf8.prefix(head.count)), head.count == 18 else {
        throw ReportError(
          code: .foreignFolder, message: "\(folder) is not empty and holds no report of Tracebook.",
          remedy: "Name an empty or new folder, or empty this one.")
      }
    }
  }
}
