import FoundationEssentials
import Glibc

/// A small disk of one test's own: a tmpfs of a size that can be changed. Needs the right to mount.
///
/// Tests that need it are skipped where that is not given: `.enabled(if: TemporaryDisk.isAvailable)`.
package final class TemporaryDisk: Sendable {
  /// Whether a disk can be mounted here; found out by trying once.
  package static let isAvailable: Bool = (try? TemporaryDisk(kilobytes: 64)) != nil

  private let folder: TemporaryFolder
  /// Where it is mounted.
  package var path: String { folder.path }

  package init(kilobytes: Int) throws {
    folder = try TemporaryFolder()
    guard mount("tmpfs", folder.path, "tmpfs", 0, "size=\(kilobytes)k") == 0 else {
      throw TestFailure("a disk cannot be mounted: \(String(cString: strerror(errno)))")
    }
  }

  deinit {
    _ = umount2(folder.path, Int32(MNT_DETACH))
  }

  /// Makes it so large; what it holds must fit.
  package func resize(kilobytes: Int) throws { try remount(0, "size=\(kilobytes)k") }

  /// Lets nobody write to it.
  package func makeReadOnly() throws { try remount(UInt(MS_RDONLY), "") }

  /// The kilobytes that are taken.
  package var usedKilobytes: Int {
    var info = statvfs()
    guard statvfs(folder.path, &info) == 0 else { return 0 }
    return Int(info.f_blocks - info.f_bfree) * Int(info.f_frsize) / 1_024
  }

  private func remount(_ flags: UInt, _ options: String) throws {
    guard mount("tmpfs", folder.path, "tmpfs", UInt(MS_REMOUNT) | flags, options) == 0 else {
      throw TestFailure("a disk cannot be mounted anew: \(String(cString: strerror(errno)))")
    }
  }
}
