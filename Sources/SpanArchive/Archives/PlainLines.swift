/// Whole lines in memory, each of which probably holds one document of a known format.
struct PlainLines {
  /// Memory that holds more than the lines.
  let memory: UnsafePointer<UInt8>
  /// From the beginning of the first line to behind the newline of the last.
  let range: Range<Int>
  /// Where the first byte of the memory lies in the inflated archive.
  let baseOffset: UInt64
  let format: any JSONSpanFormat.Type

  /// Reads line after line, until one is anything else: that one leaves nothing in the sink.
  ///
  /// - Returns: the beginning of that line, or the end of all.
  func read(into sink: inout SpanSink) -> Int {
    sink.baseOffset = baseOffset
    var position = range.lowerBound
    while true {
      while position < range.upperBound, LineText.isBlank(memory[position]) { position += 1 }
      guard position < range.upperBound else { return range.upperBound }
      guard memory[position] == 0x7b,
        let newline = LineText.newline(in: memory, position..<range.upperBound)
      else { return position }
      let mark = sink.mark
      guard readLine(position..<newline, into: &sink) else {
        sink.rollBack(to: mark)
        return position
      }
      position = newline + 1
    }
  }

  private func readLine(_ line: Range<Int>, into sink: inout SpanSink) -> Bool {
    var reader = JSONReader(
      base: memory, position: line.lowerBound, end: line.upperBound, scratch: sink.scratch)
    do {
      let keys = try DocumentKeys.read(reader)
      guard format.recognises(keys) else { return false }
      try format.decode(&reader, keys, into: &sink)
    } catch {
      return false
    }
    var end = reader.position
    while end < line.upperBound, memory[end] == 0x20 || memory[end] == 0x0d { end += 1 }
    return end == line.upperBound && reader.repairedTexts == 0
  }

  /// The same lines in up to so many pieces of about equal length, none much shorter than `leastBytes`; without what
  /// stands behind the last newline.
  func pieces(_ count: Int, leastBytes: Int) -> [PlainLines] {
    var pieces: [PlainLines] = []
    var start = range.lowerBound
    while start < range.upperBound {
      let left = count - pieces.count
      let wanted = left > 1 ? max((range.upperBound - start) / left, leastBytes) : .max
      let end = endOfLines(from: start, atMost: wanted)
      guard end > start else { break }
      pieces.append(
        PlainLines(memory: memory, range: start..<end, baseOffset: baseOffset, format: format))
      start = end
    }
    return pieces
  }

  /// Behind the last newline within so many bytes, or else behind the first one there is; the start when there is none.
  private func endOfLines(from start: Int, atMost bytes: Int) -> Int {
    var end = start
    while let newline = LineText.newline(in: memory, end..<range.upperBound) {
      if end > start, newline + 1 - start > bytes { break }
      end = newline + 1
    }
    return end
  }
}
