import SpanArchive
import TraceAnalysis
import TraceModel
import TraceReport

/// A digest that waits until another one is there: packed, where it is large and memory is short.
enum KeptDigest {
  case whole(Digest)
  /// As in its file.
  case packed([UInt8])

  /// The rows of a smaller one may stay.
  private static let small = 4 << 20

  /// - `isShort`: memory is limited.
  init(_ digest: consuming Digest, isShort: Bool) throws {
    guard isShort, digest.rowBytes > Self.small else {
      self = .whole(digest)
      return
    }
    self = .packed(try Self.pack(digest))
    SpillSpace.giveBackFreed()
  }

  /// Lets go of the digest as it returns: what is left of it can be given back only then.
  private static func pack(_ digest: consuming Digest) throws -> [UInt8] {
    let digest = digest
    return try GzipWriter.packQuickly { digest.encode(to: $0) }
  }

  /// The digest.
  ///
  /// - Complexity: O(bytes) when it was packed.
  func digest() throws -> Digest {
    switch self {
    case .whole(let digest): digest
    case .packed(let bytes): try Digest(decoding: WholeFile.inflated(bytes, of: "digest"))
    }
  }
}
