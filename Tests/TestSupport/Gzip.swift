import CZlib

/// Packs and unpacks gzip in memory.
package enum Gzip {
  /// One gzip member that holds the bytes.
  package static func compress(_ bytes: [UInt8], level: Int32 = 6) -> [UInt8] {
    var stream = z_stream()
    let begun = deflateInit2_(
      &stream, level, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
    precondition(begun == Z_OK)
    defer { deflateEnd(&stream) }
    var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count))) + 64)
    var input = bytes
    input.withUnsafeMutableBufferPointer { source in
      output.withUnsafeMutableBufferPointer { target in
        stream.next_in = source.baseAddress
        stream.avail_in = UInt32(source.count)
        stream.next_out = target.baseAddress
        stream.avail_out = UInt32(target.count)
        precondition(deflate(&stream, Z_FINISH) == Z_STREAM_END)
      }
    }
    return Array(output.prefix(Int(stream.total_out)))
  }

  /// One gzip member that holds the text.
  package static func compress(_ text: String) -> [UInt8] {
    compress(Array(text.utf8))
  }

  /// Several members, one after another, split at equal distances whatever the lines are.
  package static func compress(_ bytes: [UInt8], members: Int) -> [UInt8] {
    let size = max(1, (bytes.count + members - 1) / members)
    return stride(from: 0, to: bytes.count, by: size).flatMap { start in
      compress(Array(bytes[start..<min(start + size, bytes.count)]))
    }
  }

  /// All members' bytes, or so many of the first ones; throws when a member that was begun is damaged or cut.
  package static func decompress(_ bytes: [UInt8], atMost limit: Int = .max) throws -> [UInt8] {
    var output: [UInt8] = []
    var rest = bytes[...]
    while !rest.isEmpty, output.count < limit {
      let member = inflateMember(rest, atMost: limit - output.count)
      output += member.output
      if output.count >= limit { break }
      guard member.status == Z_STREAM_END else {
        throw TestFailure("gzip data is damaged or cut (zlib says \(member.status))")
      }
      rest = rest.suffix(member.unreadCount)
    }
    return output
  }

  /// What zlib gives of the first member until it meets its end or damage.
  package static func beginning(_ bytes: [UInt8]) -> [UInt8] { inflateMember(bytes[...]).output }

  /// What zlib gives of the first member, or so many bytes of it; how that ended, and how many bytes lie behind it.
  private static func inflateMember(
    _ bytes: ArraySlice<UInt8>, atMost limit: Int = .max
  ) -> (output: [UInt8], status: Int32, unreadCount: Int) {
    var stream = z_stream()
    let begun = inflateInit2_(&stream, MAX_WBITS + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    precondition(begun == Z_OK)
    defer { inflateEnd(&stream) }
    var status = Z_OK
    var output: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    var bytes = bytes
    bytes.withUnsafeMutableBufferPointer { source in
      stream.next_in = source.baseAddress
      stream.avail_in = UInt32(source.count)
      while status == Z_OK, output.count < limit {
        piece.withUnsafeMutableBufferPointer { target in
          stream.next_out = target.baseAddress
          stream.avail_out = UInt32(target.count)
          status = inflate(&stream, Z_NO_FLUSH)
        }
        output += piece.prefix(piece.count - Int(stream.avail_out))
      }
    }
    return (Array(output.prefix(limit)), status, Int(stream.avail_in))
  }
}
