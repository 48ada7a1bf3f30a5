import CZlib

/// Packs bytes as one gzip member without name, time or host: equal input gives equal bytes.
package enum GzipWriter {
  /// Packs bytes for a report, where time counts: about as small as level 1, in a third of its time.
  package static func packQuickly(_ bytes: [UInt8]) throws -> [UInt8] {
    try packQuickly { $0(bytes) }
  }

  /// The same for bytes that come in pieces, which `make` hands over one after another.
  package static func packQuickly(pieces make: (_ take: ([UInt8]) -> Void) -> Void) throws -> [UInt8] {
    var stream = QuickGzip()
    make { stream.add($0) }
    return try stream.finish()
  }

  /// - `level`: 1 is fastest, 9 smallest.
  package static func pack(_ bytes: UnsafeBufferPointer<UInt8>, level: Int32 = 6) throws -> [UInt8] {
    try pack(level: level) { try $0(bytes) }
  }

  /// The same, with the same result, for bytes that come in pieces, which `make` hands over one after another.
  package static func pack(
    level: Int32 = 6, pieces make: (_ take: (UnsafeBufferPointer<UInt8>) throws -> Void) throws -> Void
  ) throws -> [UInt8] {
    var stream = z_stream()
    // 15 bits of window, and 16 for gzip's header in place of zlib's.
    let ready = deflateInit2_(
      &stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
    guard ready == Z_OK else { throw failure("it could not be started") }
    defer { deflateEnd(&stream) }
    var packed: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    /// Until all is taken and, of the last bytes, given.
    func take(_ bytes: UnsafeBufferPointer<UInt8>, isLast: Bool) throws {
      var rest = bytes[...]
      var isFull = false
      var status = Z_OK
      repeat {
        // zlib counts in 32 bits.
        let input = UnsafeBufferPointer(rebasing: rest.prefix(1 << 30))
        chunk.withUnsafeMutableBufferPointer { room in
          stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
          stream.avail_in = UInt32(input.count)
          stream.next_out = room.baseAddress
          stream.avail_out = UInt32(room.count)
          status = deflate(&stream, isLast ? Z_FINISH : Z_NO_FLUSH)
          packed.append(contentsOf: room.prefix(room.count - Int(stream.avail_out)))
        }
        isFull = stream.avail_out == 0
        rest = rest.dropFirst(input.count - Int(stream.avail_in))
        if status != Z_OK, status != Z_STREAM_END, status != Z_BUF_ERROR {
          throw failure("zlib says \(status)")
        }
      } while isLast ? status != Z_STREAM_END : !rest.isEmpty || isFull
    }
    try make { if !$0.isEmpty { try take($0, isLast: false) } }
    try take(UnsafeBufferPointer(start: nil, count: 0), isLast: true)
    return packed
  }

  package static func pack(_ bytes: [UInt8], level: Int32 = 6) throws -> [UInt8] {
    try bytes.withUnsafeBufferPointer { try pack($0, level: level) }
  }

  static func failure(_ cause: String) -> ReportError {
    ReportError(
      code: .compression, message: "A file could not be packed with gzip.",
      remedy: "Check that there is memory left.", cause: cause)
  }
}
