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
  /// What is to be said once everything was read: bytes behind the last gzip member, a checksum that does not fit.
  var remarks: [ArchiveDamage] { get }
  /// How many bytes of the file itself were taken so far, however often they are packed: what comes out is measured by
  /// it, so that packing twice does not multiply what is allowed.
  var packedCount: UInt64 { get }
}

/// Remarks of one source, the first few of them.
struct SourceRemarks {
  private(set) var list: [ArchiveDamage] = []
  private static let largestCount = 5

  mutating func add(_ code: DiagnosticCode, _ message: @autoclosure () -> String) {
    if list.count < Self.largestCount { list.append(ArchiveDamage(code: code, message: message())) }
  }
}
