#if canImport(Glibc)
  import Glibc
#endif
import TraceModel

/// Reads one archive: opens it, unpacks it, finds out what it is, and hands it to the reader of its family.
///
/// Never throws: whatever is wrong with an archive is in its summary, and what came before the damage is kept.
struct ArchiveReader {
  /// Reads the archive of a path into the sink, which has begun it.
  func read(_ path: String, into sink: inout SpanSink) {
    guard let file = FileSource(path: path) else {
      let reason = String(cString: strerror(errno))
      sink.summary.isUnopened = true
      return sink.damage(.unknownFormat, at: 0, "cannot be opened: \(reason)")
    }
    sink.summary.bytes = FileSize.of(path)
    var source: any ByteSource = file
    // gzip inside gzip is unwrapped at most twice.
    for layer in 0..<3 {
      let head = Self.head(of: &source)
      switch Container.recognise(head[...]) {
      case .gzip where layer < 2:
        sink.summary.compression = "gzip"
        source = GzipSource(source)
      case .gzip: return sink.damage(.unsupportedFormat, at: 0, "gzip inside gzip inside gzip is not read")
      case .refused(let sentence): return sink.damage(.unsupportedFormat, at: 0, sentence)
      case .plain: return readPlain(source, head, into: &sink)
      }
    }
  }

  private func readPlain(_ source: any ByteSource, _ head: [UInt8], into sink: inout SpanSink) {
    var window = ByteWindow(source, largest: JSONArchiveReader.largestRecord)
    if head.starts(with: [0xef, 0xbb, 0xbf]) {
      _ = window.fill()
      window.position = 3
    }
    let text = head.dropFirst(head.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0)
    if let first = text.first(where: { ![0x20, 0x0a, 0x0d, 0x09, 0x00].contains($0) }),
      first != 0x7b, first != 0x5b
    {
      let bytes = text.prefix(8).map { String($0, radix: 16) }.joined(separator: " ")
      return sink.damage(.unknownFormat, at: 0, "no span format recognised (starts with \(bytes))")
    }
    var reader = JSONArchiveReader(window)
    reader.read(into: &sink)
    for remark in source.remarks { sink.summary.diagnostics.add(remark.code, at: 0, remark.message) }
    conclude(&sink)
  }

  private func conclude(_ sink: inout SpanSink) {
    if sink.timeUnits.count > 1 {
      let units = sink.timeUnits.sorted().joined(separator: " and ")
      sink.summary.diagnostics.add(.mixedTimeUnits, at: 0, "times in \(units) found in one archive")
    }
    let most = sink.spansByFormat.max { left, right in
      left.value != right.value ? left.value < right.value : left.key > right.key
    }
    if let most {
      sink.summary.format = most.key
    } else if sink.summary.error == nil {
      sink.summary.format = "empty"
    }
  }

  /// The first bytes of a source, which is wrapped so that they are read again.
  private static func head(of source: inout any ByteSource) -> [UInt8] {
    var head: [UInt8] = []
    let wanted = 512
    let chunk = UnsafeMutablePointer<UInt8>.allocate(capacity: wanted)
    defer { chunk.deallocate() }
    var tail: (any ByteSource) = source
    reading: while head.count < wanted {
      switch source.read(into: chunk, count: wanted - head.count) {
      case .bytes(let count): head += UnsafeBufferPointer(start: chunk, count: count)
      case .end: break reading
      case .gap(let damage):
        tail = GapSource(damage, then: source)
        break reading
      }
    }
    source = PrefixedSource(prefix: head, source: tail)
    return head
  }
}

/// A source that gives a gap again which was met while looking at its first bytes.
private final class GapSource: ByteSource {
  private var damage: ArchiveDamage?
  private let source: any ByteSource
  var remarks: [ArchiveDamage] { source.remarks }

  init(_ damage: ArchiveDamage, then source: any ByteSource) {
    self.damage = damage
    self.source = source
  }

  func read(into buffer: UnsafeMutablePointer<UInt8>, count: Int) -> ByteSourceResult {
    if let gap = damage {
      damage = nil
      return .gap(gap)
    }
    return source.read(into: buffer, count: count)
  }
}
