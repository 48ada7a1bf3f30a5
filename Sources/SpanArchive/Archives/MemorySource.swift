/// Bytes at hand as a source.
final class MemorySource: ByteSource {
  private var rest: ArraySlice<UInt8>
  let remarks: [ArchiveDamage] = []
  private(set) var packedCount: UInt64 = 0

  init(_ bytes: [UInt8]) { rest = bytes[...] }

  func read(into buffer: UnsafeMutablePointer<UInt8>, count: Int) -> ByteSourceResult {
    guard !rest.isEmpty else { return .end }
    let taken = rest.prefix(count)
    taken.withUnsafeBufferPointer { bytes in
      if let base = bytes.baseAddress { buffer.update(from: base, count: bytes.count) }
    }
    rest = rest.dropFirst(taken.count)
    packedCount &+= UInt64(taken.count)
    return .bytes(taken.count)
  }
}
