import TraceModel

/// Looks for a place where a known format begins, in an archive that begins with none.
///
///     81 12 9f … ⏎{"resourceSpans":[ …     a later line, with which a document of a known format begins
///     81 12 9f … │gap│ 0a 92 01 …          whatever comes behind a gap
///
/// So damage at the very beginning costs no more than damage anywhere else: a first line, a first gzip member. As far
/// as one record may reach is looked, and at the first bytes of each of a number of lines, which bounds the time.
struct FormatSearch {
  /// Where reading may go on.
  enum Place {
    /// At a line of the window, where a document of a known format begins.
    case line
    /// Behind a gap, of whose bytes nothing is known yet.
    case behindGap(ArchiveDamage)
  }

  /// A document is known by its first bytes, or not here.
  private static let lookedAtBytes = 1 << 14
  private static let mostLines = 4_096

  let limits: ReadingLimits
  let scratch: TextScratch

  /// Moves the window on to the next place; nil, with the window anywhere, when there is none.
  func next(in window: inout ByteWindow) -> Place? {
    let limit = window.offset + UInt64(limits.recordBytes)
    var linesLeft = Self.mostLines
    while window.offset < limit {
      if linesLeft > 0, let newline = window.nextNewline {
        window.position = newline + 1
        linesLeft -= 1
        if window.count < Self.lookedAtBytes { _ = window.fill() }
        if beginsDocument(window) { return .line }
        continue
      }
      window.position = window.end
      guard window.fill() == .grew, window.count > 0 else {
        guard let damage = window.damage else { return nil }
        window.resumeBehindGap()
        return .behindGap(damage)
      }
    }
    return nil
  }

  /// True when a document of a known format begins at the position, in whatever brackets.
  private func beginsDocument(_ window: borrowing ByteWindow) -> Bool {
    let end = min(window.end, window.position + Self.lookedAtBytes)
    var start = window.position
    while start < end, window.memory[start] == 0x5b || LineText.isBlank(window.memory[start]) { start += 1 }
    guard start < end, window.memory[start] == 0x7b else { return false }
    let reader = JSONReader(base: window.memory, position: start, end: end, scratch: scratch)
    guard let keys = try? DocumentKeys.read(reader) else { return false }
    return SpanFormats.json.contains { $0.recognises(keys) }
  }
}
