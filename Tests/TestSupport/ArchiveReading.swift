import SpanArchive
package import TraceModel

extension SpanStore {
  /// Reads archives: files or folders.
  package static func reading(_ paths: [String], threads: Int = 2) -> SpanStore {
    ArchiveSet(paths: ArchiveDiscovery.paths(of: paths)).read(threads: threads)
  }
}
