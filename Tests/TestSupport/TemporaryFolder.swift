import FoundationEssentials
import Glibc

/// A folder of one test's own that is removed with its last reference.
package final class TemporaryFolder: Sendable {
  /// The absolute path, without a trailing slash.
  package let path: String

  package init() throws {
    let parent = FileManager.default.temporaryDirectory.path(percentEncoded: false)
    var template =
      Array((parent.hasSuffix("/") ? parent : parent + "/").utf8) + Array("tracebook-XXXXXX".utf8) + [0]
    let made = template.withUnsafeMutableBufferPointer { bytes in
      bytes.withMemoryRebound(to: CChar.self) { $0.baseAddress.flatMap { mkdtemp($0) } != nil }
    }
    if !made { throw TestFailure("cannot make a temporary folder in \(parent)") }
    path = String(decoding: template.dropLast(), as: UTF8.self)
  }

  deinit {
    chmod(path, 0o755)
    Files.remove(path)
  }

  /// The absolute path of something in the folder.
  package func path(_ name: String) -> String {
    path + "/" + name
  }

  /// Writes a file and returns its absolute path.
  @discardableResult
  package func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    try Files.write(bytes, to: path(name))
    return path(name)
  }

  /// Writes a text file and returns its absolute path.
  @discardableResult
  package func write(_ name: String, _ text: String) throws -> String {
    try write(name, Array(text.utf8))
  }
}

/// Why a helper of the tests could not do its work.
package struct TestFailure: Error, CustomStringConvertible {
  package let description: String

  package init(_ description: String) {
    self.description = description
  }
}
