import TraceModel

/// Reads a line of OpenMetrics text for the exemplar on it.
///
///     http_duration_bucket{le="0.5"} 17 1700000000 # {trace_id="4bf9…",span_id="00f0…"} 0.43 1700000000.5
///     ▲ metric            ▲ labels  ▲ value and time  ▲ labels of the exemplar, its value and time
///
/// A sample whose own labels name a trace is an exemplar as well. Source: OpenMetrics 1.0, "Text format".
enum OpenMetricsLine {
  /// What a line holds.
  struct Sample {
    var exemplar: MetricExemplar?
  }

  private static let traceNames: Set<String> = ["trace_id", "traceid", "traceID", "TraceID", "traceId"]
  private static let spanNames: Set<String> = ["span_id", "spanid", "spanID", "SpanID", "spanId"]
  /// Names and labels that are longer are cut.
  private static let longest = 500

  /// Reads a line; nil for comments, empty lines and what is no sample.
  static func read(_ line: ArraySlice<UInt8>) -> Sample? {
    var cursor = Cursor(bytes: line)
    cursor.skipBlanks()
    let name = cursor.name()
    guard !name.isEmpty else { return nil }
    guard let own = cursor.labels() else { return nil }
    cursor.skipBlanks()
    let value = cursor.word()
    guard isNumber(value) else { return nil }
    cursor.skipBlanks()
    var time = ""
    if cursor.peek != UInt8(ascii: "#") { time = cursor.word() }
    var exemplar = MetricExemplar()
    exemplar.metric = LogText.cut(name, longest)
    cursor.skipBlanks()
    if cursor.take(UInt8(ascii: "#")) {
      cursor.skipBlanks()
      guard let labels = cursor.labels(), let id = id(in: labels) else { return Sample() }
      cursor.skipBlanks()
      exemplar.value = LogText.cut(cursor.word(), 40)
      cursor.skipBlanks()
      exemplar.time = moment(cursor.word())
      set(id, labels, &exemplar)
      exemplar.labels = text(of: own)
      return Sample(exemplar: exemplar)
    }
    guard let id = id(in: own) else { return Sample() }
    exemplar.value = LogText.cut(value, 40)
    exemplar.time = moment(time)
    set(id, own, &exemplar)
    exemplar.labels = text(of: own.filter { !traceNames.contains($0.key) && !spanNames.contains($0.key) })
    return Sample(exemplar: exemplar)
  }

  private static func isNumber(_ word: String) -> Bool {
    Double(word) != nil || ["NaN", "+Inf", "-Inf", "Inf"].contains(word)
  }

  private static func id(in labels: [(key: String, value: String)]) -> ForeignTraceID? {
    labels.first { traceNames.contains($0.key) }.flatMap { ForeignTraceID($0.value) }
  }

  private static func set(
    _ id: ForeignTraceID, _ labels: [(key: String, value: String)], _ exemplar: inout MetricExemplar
  ) {
    exemplar.traceID = id.traceID
    let span = labels.first { spanNames.contains($0.key) }.flatMap { ForeignTraceID.spanID($0.value.utf8) }
    exemplar.spanID = span ?? id.spanID
  }

  private static func text(of labels: [(key: String, value: String)]) -> String {
    LogText.cut(labels.map { "\($0.key)=\"\($0.value)\"" }.joined(separator: ","), longest)
  }

  /// Seconds since 1970, perhaps with decimals.
  private static func moment(_ word: String) -> UnixNanoseconds {
    guard let seconds = Double(word), seconds > 0, seconds < 9e9 else { return .unknown }
    return UnixNanoseconds(Int64(seconds * 1e9))
  }

  /// Steps through the bytes of a line.
  private struct Cursor {
    var bytes: ArraySlice<UInt8>

    var peek: UInt8? { bytes.first }

    mutating func skipBlanks() {
      while let byte = bytes.first, byte == 0x20 || byte == 0x09 || byte == 0x0d { bytes.removeFirst() }
    }

    mutating func take(_ byte: UInt8) -> Bool {
      guard bytes.first == byte else { return false }
      bytes.removeFirst()
      return true
    }

    mutating func word() -> String {
      let end = bytes.firstIndex { $0 <= 0x20 } ?? bytes.endIndex
      defer { bytes = bytes[end...] }
      return String(decoding: bytes[..<end], as: UTF8.self)
    }

    /// Letters, digits, `_` and `:`.
    mutating func name() -> String {
      let end =
        bytes.firstIndex { byte in
          !((0x30...0x39).contains(byte) || (0x61...0x7a).contains(byte | 0x20) || byte == 0x5f
            || byte == 0x3a)
        } ?? bytes.endIndex
      defer { bytes = bytes[end...] }
      return String(decoding: bytes[..<end], as: UTF8.self)
    }

    /// The labels in braces, none where there is no brace; nil when they do not end.
    mutating func labels() -> [(key: String, value: String)]? {
      guard take(UInt8(ascii: "{")) else { return [] }
      var labels: [(key: String, value: String)] = []
      while labels.count < 100 {
        skipBlanks()
        if take(UInt8(ascii: "}")) { return labels }
        let key = name()
        skipBlanks()
        guard !key.isEmpty, take(UInt8(ascii: "=")), let value = quoted() else { return nil }
        labels.append((key, value))
        skipBlanks()
        _ = take(UInt8(ascii: ","))
      }
      return nil
    }

    private mutating func quoted() -> String? {
      skipBlanks()
      guard take(UInt8(ascii: "\"")) else { return nil }
      var text: [UInt8] = []
      while let byte = bytes.popFirst() {
        if byte == UInt8(ascii: "\"") { return String(decoding: text, as: UTF8.self) }
        if byte == UInt8(ascii: "\\"), let next = bytes.popFirst() {
          text.append(next == UInt8(ascii: "n") ? 0x0a : next)
        } else {
          text.append(byte)
        }
      }
      return nil
    }
  }
}
