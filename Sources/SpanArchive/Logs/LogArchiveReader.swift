import TraceModel

/// Reads one log archive: JSON values one after another, however they are laid out, packed or not.
///
/// Never throws; damage costs the value it lies in, and reading goes on at the next line. Memory is bounded by one
/// value and by what is kept of wanted traces.
struct LogArchiveReader: ~Copyable {
  private var window: ByteWindow
  private let scratch = TextScratch()
  private var error: String?

  init(_ window: consuming ByteWindow) { self.window = window }

  /// Reads everything; what was wrong first, in one sentence, or nil.
  mutating func read(into logs: inout LogCollector) -> String? {
    repeat {
      while let byte = nextByte() {
        if byte == UInt8(ascii: "{") {
          readObject(into: &logs)
        } else {
          skip("a JSON object expected")
        }
      }
      if let damage = window.damage { note(damage.message) }
    } while window.resumeBehindGap()
    return error
  }

  private mutating func note(_ message: String) {
    if error == nil { error = message }
  }

  /// The next byte that is neither blank nor a comma or bracket of a list of records; nil at the end.
  private mutating func nextByte() -> UInt8? {
    while true {
      while window.position < window.end {
        switch window.memory[window.position] {
        case 0x20, 0x0a, 0x0d, 0x09, 0x00, 0x2c, 0x5b, 0x5d, 0xef, 0xbb, 0xbf, 0x1e: window.position += 1
        case let byte: return byte
        }
      }
      guard window.fill() == .grew else { return nil }
    }
  }

  private mutating func readObject(into logs: inout LogCollector) {
    while true {
      var reader = JSONReader(
        base: window.memory, position: window.position, end: window.end, scratch: scratch)
      do {
        // Passing over it first makes sure that it is whole: nothing has to be taken back.
        var whole = reader
        try whole.skipValue()
        let offset = window.offset
        if try OTLPLogs.recognises(reader) {
          try OTLPLogs.decode(&reader, offset: offset, into: &logs)
        } else {
          try FlatLogRecord.decode(&reader, offset: offset, into: &logs)
        }
        window.position = whole.position
        return
      } catch {
        guard error.reason == .endOfInput else { return skip(error.explanation) }
        if isCutLine() { return skip("a record is cut") }
        switch window.fill() {
        case .grew: continue
        case .full: return skip("a record is too large")
        case .atEnd:
          note("stream ends inside a record at byte \(window.offset)")
          window.position = window.end
          return
        }
      }
    }
  }

  /// True when the line ends and the next one begins a record of its own.
  private func isCutLine() -> Bool {
    guard let newline = window.nextNewline else { return false }
    let next = newline + 1
    return next + 1 < window.end && window.memory[next] == UInt8(ascii: "{")
      && window.memory[next + 1] == UInt8(ascii: "\"")
  }

  /// Notes damage and goes on behind the end of the line.
  private mutating func skip(_ problem: String) {
    note("record at byte \(window.offset) does not parse: \(problem)")
    while true {
      if let newline = window.nextNewline {
        window.position = newline + 1
        return
      }
      window.position = window.end
      guard window.fill() == .grew else { return }
    }
  }
}
