#if canImport(Glibc)
  import Glibc
#endif

/// Puts a finished file in the place of an old one in one step, or leaves the old one as it was.
package enum FilePublisher {
  /// Writes beside the file, flushes, and renames; on any error nothing is left behind.
  package static func publish(_ bytes: [UInt8], to path: String) throws {
    let staging = path + ".tracebook-new"
    do {
      try bytes.withUnsafeBufferPointer { try FileSystem.write($0, to: staging) }
      try FileSystem.flushFile(staging)
      if rename(staging, path) != 0 { throw FileSystem.failure("publish", path) }
    } catch {
      unlink(staging)
      throw error
    }
  }
}
