#if canImport(Glibc)
  import Glibc
#endif

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
      while position < range.upperBound, Self.isBlank(memory[position]) { position += 1 }
      guard position < range.upperBound else { return range.upperBound }
      guard memory[position] == 0x7b,
        let found = memchr(memory + position, 0x0a, range.upperBound - position)
      else { return position }
      let newline = UnsafePointer(found.assumingMemoryBound(to: UInt8.self)) - memory
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

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 || byte == 0
  }

  /// The same memory's whole lines from a position on, in up to so many pieces of about equal length; one when there is
  /// not enough to share.
  static func pieces(
    _ memory: UnsafePointer<UInt8>, _ range: Range<Int>, _ count: Int, leastBytes: Int, baseOffset: UInt64,
    format: any JSONSpanFormat.Type
  ) -> [PlainLines] {
    var pieces: [PlainLines] = []
    var start = range.lowerBound
    while start < range.upperBound {
      let left = count - pieces.count
      let wanted = max((range.upperBound - start) / max(left, 1), leastBytes)
      let end = Self.end(ofLines: memory, start..<range.upperBound, atMost: left > 1 ? wanted : .max)
      guard end > start else { break }
      pieces.append(PlainLines(memory: memory, range: start..<end, baseOffset: baseOffset, format: format))
      start = end
    }
    return pieces
  }

  /// Behind the last newline within so many bytes, or else behind the first one there is; the start when there is none.
  private static func end(ofLines memory: UnsafePointer<UInt8>, _ range: Range<Int>, atMost bytes: Int) -> Int
  {
    var end = range.lowerBound
    while let found = memchr(memory + end, 0x0a, range.upperBound - end) {
      let next = UnsafePointer(found.assumingMemoryBound(to: UInt8.self)) - memory + 1
      if end > range.lowerBound, next - range.lowerBound > bytes { break }
      end = next
    }
    return end
  }
}
