/// Lines that other threads read meanwhile; see `LineSharing`.
extension JSONArchiveReader {
  /// Reads the whole lines at hand together with helpers; false, with nothing read, when nobody helps or nothing can be
  /// shared.
  mutating func readSharedLines(_ format: any JSONSpanFormat.Type, into sink: inout SpanSink) -> Bool {
    guard let sharing, sharing.hasHelpers else { return false }
    // What is left of a window is a line or two: read alone, it would leave helpers without work every time. Meanwhile
    // they are done with what was lent to them before.
    if window.count < limits.windowBytes / 2 { _ = window.fill() }
    guard sharing.idleHelpers > 0 else { return false }
    let all = PlainLines(
      memory: UnsafePointer(window.memory), range: window.position..<window.end,
      baseOffset: window.baseOffset,
      format: format)
    let pieces = all.pieces(
      1 + min(sharing.idleHelpers, LineSharing.mostHelpers), leastBytes: limits.windowBytes / 8)
    guard pieces.count > 1 else { return false }
    var lent: [LentLines] = []
    for piece in pieces.dropFirst() {
      let lines = LentLines(piece, of: sink.archive)
      guard sharing.lend(lines) else { break }
      lent.append(lines)
    }
    guard !lent.isEmpty else { return false }
    window.position = pieces[0].read(into: &sink)
    var isPlain = window.position == pieces[0].range.upperBound
    // The window may not move before the last of them is done.
    for lines in lent {
      let spans = lines.wait()
      isPlain = isPlain && spans != nil
      lines.decide(isPlain)
      guard isPlain, let spans else { continue }
      window.position = lines.lines.range.upperBound
      sink.summary.spansRead += spans
      sink.count(spans: spans, of: format.label)
    }
    return window.position > pieces[0].range.lowerBound
  }
}
