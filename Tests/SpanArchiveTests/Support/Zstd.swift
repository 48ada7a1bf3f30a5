import TestSupport
import CZstd

/// Packs zstd in memory.
enum Zstd {
  /// One frame that holds the bytes, with a checksum.
  static func compress(_ bytes: [UInt8]) -> [UInt8] {
    guard let context = ZSTD_createCCtx() else { return [] }
    defer { ZSTD_freeCCtx(context) }
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
    var output = [UInt8](repeating: 0, count: ZSTD_compressBound(bytes.count))
    let count = bytes.withUnsafeBytes { source in
      output.withUnsafeMutableBytes { target in
        ZSTD_compress2(context, target.baseAddress, target.count, source.baseAddress, source.count)
      }
    }
    precondition(ZSTD_isError(count) == 0)
    return Array(output.prefix(count))
  }

  /// A frame that readers pass over.
  static func skippable(_ bytes: [UInt8]) -> [UInt8] {
    [0x53, 0x2a, 0x4d, 0x18] + (0..<4).map { UInt8(truncatingIfNeeded: bytes.count >> ($0 * 8)) } + bytes
  }

  /// A frame with its length in four bytes before it, the highest first.
  static func framed(_ bytes: [UInt8]) -> [UInt8] { ProtobufText.lengthPrefixed(compress(bytes)) }
}
