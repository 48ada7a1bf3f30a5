#if canImport(Glibc)
  import Glibc
#endif
import TraceModel

/// Reads archives one after another: opens each, unpacks it, finds out what it is, and hands it to its family's reader.
///
/// Never throws: whatever is wrong with an archive is in its summary, and what came before the damage is kept. One
/// reader serves one worker, which saves small archives the making of buffers.
struct ArchiveReader {
  /// So many bytes tell what an archive is.
  private static let headBytes = 512

  let limits: ReadingLimits
  private let pool = BufferPool()
  private let progress: ProgressCounter?
  private let sharing: LineSharing?

  /// - Parameter sharing: threads that have nothing to do.
  init(limits: ReadingLimits, progress: ProgressCounter? = nil, sharing: LineSharing? = nil) {
    self.limits = limits
    self.progress = progress
    self.sharing = sharing
  }

  /// Reads an archive into the sink, which has begun it.
  func read(_ input: ArchiveInput, into sink: inout SpanSink) {
    guard let file = input.open(progress) else {
      let reason = String(cString: strerror(errno))
      sink.summary.isUnopened = true
      return sink.damage(.unknownFormat, at: 0, "cannot be opened: \(reason)")
    }
    var source: any ByteSource = file
    // An archive inside an archive is unwrapped at most twice.
    for layer in 0..<3 {
      let head = Self.head(of: &source, pool: pool)
      let container = Container.recognise(head[...])
      switch container {
      case .refused(let sentence): return sink.damage(.unsupportedFormat, at: 0, sentence)
      case .plain: return readPlain(source, head, into: &sink)
      case .gzip, .zstd, .framedZstd:
        guard layer < 2 else {
          return sink.damage(.unsupportedFormat, at: 0, "an archive packed three times over is not read")
        }
        if layer == 0 { sink.summary.compression = container == .gzip ? "gzip" : "zstd" }
        source =
          container == .gzip
          ? GzipSource(source, pool: pool, limits: limits)
          : ZstdSource(source, isFramed: container == .framedZstd, pool: pool, limits: limits)
      }
    }
  }

  private func readPlain(_ source: any ByteSource, _ head: [UInt8], into sink: inout SpanSink) {
    readFamily(ByteWindow(source, limits: limits, pool: pool), head, into: &sink)
    for remark in source.remarks {
      if remark.code.severity == .loss {
        sink.damage(remark.code, at: 0, remark.message)
      } else {
        sink.summary.diagnostics.add(remark.code, at: 0, remark.message)
      }
    }
    conclude(&sink)
  }

  /// Reads what the window holds and will hold, from where its family is known on.
  private func readFamily(_ window: consuming ByteWindow, _ head: [UInt8], into sink: inout SpanSink) {
    var head = head
    while true {
      if !head.isEmpty, TextSign.isSurelyText(head) { return readText(window, into: &sink) }
      var binary = ProtobufArchiveReader(window, limits: limits)
      if binary.recognise() { return binary.read(into: &sink) }
      window = binary.takeWindow()
      if window.count > 0, TextSign.mayBeText(head) { return readText(window, into: &sink) }
      guard passUnknown(&window, head, into: &sink) else { return }
      let count = min(window.count, Self.headBytes)
      head = Array(UnsafeBufferPointer(start: window.memory + window.position, count: count))
    }
  }

  private func readText(_ window: consuming ByteWindow, into sink: inout SpanSink) {
    var reader = JSONArchiveReader(window, limits: limits, sharing: sharing)
    reader.read(into: &sink)
  }

  /// Passes over what is of no known family, if anything, and says so; false when nothing known can follow.
  private func passUnknown(_ window: inout ByteWindow, _ head: [UInt8], into sink: inout SpanSink) -> Bool {
    let start = window.offset
    let isEmpty = window.count == 0
    let place = FormatSearch(limits: limits, scratch: sink.scratch).next(in: &window)
    if case .behindGap(let damage) = place { sink.damage(damage.code, at: window.offset, damage.message) }
    if !isEmpty {
      let bytes = head.prefix(8).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
      let skipped = place == nil ? "" : "; \(window.offset - start) bytes skipped"
      sink.damage(.unknownFormat, at: start, "no span format recognised (starts with \(bytes))\(skipped)")
    }
    if place != nil { _ = window.fill() }
    return place != nil
  }

  private func conclude(_ sink: inout SpanSink) {
    if sink.timeUnits.count > 1 {
      let units = sink.timeUnits.sorted().joined(separator: " and ")
      sink.summary.diagnostics.add(.mixedTimeUnits, at: 0, "times in \(units) found in one archive")
    }
    if let format = sink.formats.most {
      sink.summary.format = format.text
    } else if sink.summary.error == nil {
      sink.summary.format = "empty"
    }
  }

  /// The first bytes of a source, which is wrapped so that they are read again.
  static func head(of source: inout any ByteSource, pool: BufferPool) -> [UInt8] {
    let wanted = headBytes
    let chunk = pool.take(wanted)
    defer { pool.give(chunk, size: wanted) }
    var count = 0
    var tail: (any ByteSource) = source
    reading: while count < wanted {
      switch source.read(into: chunk + count, count: wanted - count) {
      case .bytes(let read): count += read
      case .end: break reading
      case .gap(let damage):
        tail = GapSource(damage, then: source)
        break reading
      }
    }
    let head = Array(UnsafeBufferPointer(start: chunk, count: count))
    source = PrefixedSource(prefix: head, source: tail)
    return head
  }
}

/// A source that gives a gap again which was met while looking at its first bytes.
private final class GapSource: ByteSource {
  private var damage: ArchiveDamage?
  private let source: any ByteSource
  var remarks: [ArchiveDamage] { source.remarks }
  var packedCount: UInt64 { source.packedCount }

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
