/// What an archive is packed in or what other file it is, known by its first bytes, never by its name.
enum Container: Equatable {
  case plain
  case gzip
  /// zstd frames one after another.
  case zstd
  /// A length of 4 bytes, the highest first, before each zstd frame (the collector before its native compression).
  case framedZstd
  /// Recognised, not read; with a sentence.
  case refused(String)

  /// Looks at the first bytes of a file or of what was inflated.
  static func recognise(_ bytes: ArraySlice<UInt8>) -> Container {
    func begins(_ magic: [UInt8]) -> Bool { bytes.starts(with: magic) }
    if begins([0x1f, 0x8b, 0x08]) { return .gzip }
    let zstd: [UInt8] = [0x28, 0xb5, 0x2f, 0xfd]
    if begins(zstd)
      || bytes.first.map({ $0 & 0xf0 == 0x50 }) == true && bytes.dropFirst().starts(with: [0x2a, 0x4d, 0x18])
    {
      return .zstd
    }
    if bytes.dropFirst(4).starts(with: zstd) { return .framedZstd }
    if begins(Array("PAR1".utf8)) {
      return .refused("Tempo data.parquet is not read; give meta.json for storage numbers")
    }
    if begins([0x50, 0x4b, 3, 4]) { return .refused("a zip archive is not read; unpack it first") }
    if begins(Array("BZh".utf8)) { return .refused("bzip2 is not read; unpack it first") }
    if begins([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]) { return .refused("xz is not read; unpack it first") }
    if begins([4, 0x22, 0x4d, 0x18]) { return .refused("lz4 is not read; unpack it first") }
    if begins([0xff, 6, 0, 0] + Array("sNaP".utf8)) {
      return .refused("snappy is not read; unpack it first")
    }
    if begins([0xff, 0xfe]) || begins([0xfe, 0xff]) {
      return .refused("UTF-16 text is not read; convert it to UTF-8")
    }
    if bytes.count > 262, bytes.dropFirst(257).starts(with: Array("ustar".utf8)) {
      return .refused("a tar archive is not read; unpack it first")
    }
    if let first = bytes.first, first == 0x0b || first == 0x0c {
      return .refused("Thrift is not read; export as OTLP, Jaeger or Zipkin")
    }
    return .plain
  }
}
