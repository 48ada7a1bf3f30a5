import TraceModel

/// Something wrong with the bytes of an archive.
struct ArchiveDamage {
  var code: DiagnosticCode
  var message: String
}

/// What a source had to give.
enum ByteSourceResult {
  /// So many bytes were put into the buffer.
  case bytes(Int)
  /// There are no more bytes.
  case end
  /// Bytes are missing here; what comes next does not continue what came before.
  case gap(ArchiveDamage)
}

/// A stream of bytes: a file, or what is packed in one.
protocol ByteSource: AnyObject {
  /// Puts up to `count` bytes at an address, at least one unless there are none left.
  func read(into buffer: UnsafeMutablePointer<UInt8>, count: Int) -> ByteSourceResult
  /// Remarks that are no damage, such as bytes behind the last gzip member.
  var remarks: [ArchiveDamage] { get }
}
