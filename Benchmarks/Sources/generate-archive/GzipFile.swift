import CZlib
import Glibc

/// A gzip file with one member, written a piece at a time; the header holds neither name nor time.
final class GzipFile {
  private let path: String
  private let descriptor: Int32
  private var stream = z_stream()
  private var output = [UInt8](repeating: 0, count: 1 << 16)

  init(path: String, level: Int32 = 6) throws(GeneratorError) {
    self.path = path
    descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    if descriptor < 0 { throw .cannotWrite(path) }
    let status = deflateInit2_(
      &stream, level, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
    if status != Z_OK { throw .cannotWrite(path) }
  }

  /// Compresses and writes the bytes.
  func write(_ bytes: UnsafeBufferPointer<UInt8>) throws(GeneratorError) {
    stream.next_in = UnsafeMutablePointer(mutating: bytes.baseAddress)
    stream.avail_in = UInt32(bytes.count)
    while stream.avail_in > 0 { try step(Z_NO_FLUSH) }
  }

  /// Writes the end of the member and closes the file.
  func close() throws(GeneratorError) {
    stream.avail_in = 0
    while try step(Z_FINISH) != Z_STREAM_END {}
    deflateEnd(&stream)
    if Glibc.close(descriptor) != 0 { throw .cannotWrite(path) }
  }

  @discardableResult
  private func step(_ flush: Int32) throws(GeneratorError) -> Int32 {
    let capacity = output.count
    var status: Int32 = Z_OK
    var written = true
    output.withUnsafeMutableBufferPointer { target in
      stream.next_out = target.baseAddress
      stream.avail_out = UInt32(capacity)
      status = deflate(&stream, flush)
      written = writeAll(
        UnsafeRawBufferPointer(start: target.baseAddress, count: capacity - Int(stream.avail_out)))
    }
    if !written || status == Z_STREAM_ERROR { throw .cannotWrite(path) }
    return status
  }

  private func writeAll(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
      if count <= 0 { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }
}
