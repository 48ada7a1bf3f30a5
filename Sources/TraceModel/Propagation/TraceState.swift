/// The W3C `tracestate` header: a list of vendors' keys and values (Trace Context level 2, section 3.3).
package struct TraceState: Sendable, Equatable {
  /// Keys and values in their order; of repeated keys the first.
  package let members: [(key: String, value: String)]

  /// Reads a header value; nil when the rules refuse it.
  package init?(_ text: String) {
    var members: [(key: String, value: String)] = []
    for part in text.utf8.split(separator: 0x2c, omittingEmptySubsequences: false) {
      let member = Array(part).trimmingBlanks
      if member.isEmpty { continue }
      guard let equals = member.firstIndex(of: 0x3d), Self.isKey(member[..<equals]),
        Self.isValue(member[(equals + 1)...])
      else { return nil }
      let key = String(decoding: member[..<equals], as: UTF8.self)
      let value = String(decoding: member[(equals + 1)...], as: UTF8.self)
      if !members.contains(where: { $0.key == key }) { members.append((key, value)) }
      guard members.count <= 32 else { return nil }
    }
    self.members = members
  }

  /// The value of a key.
  package subscript(key: String) -> String? { members.first { $0.key == key }?.value }

  package static func == (left: TraceState, right: TraceState) -> Bool {
    left.members.elementsEqual(right.members) { $0.key == $1.key && $0.value == $1.value }
  }

  private static func isKey(_ key: ArraySlice<UInt8>) -> Bool {
    guard let first = key.first, key.count <= 256, isLower(first) || isDigit(first) else { return false }
    return key.allSatisfy { isLower($0) || isDigit($0) || [0x5f, 0x2d, 0x2a, 0x2f, 0x40].contains($0) }
  }

  private static func isValue(_ value: ArraySlice<UInt8>) -> Bool {
    !value.isEmpty && value.count <= 256 && value.last != 0x20
      && value.allSatisfy { (0x20...0x7e).contains($0) && $0 != 0x2c && $0 != 0x3d }
  }

  private static func isLower(_ byte: UInt8) -> Bool { (0x61...0x7a).contains(byte) }
  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}

/// OpenTelemetry's member of a trace state: the threshold and the randomness of consistent probability sampling.
///
/// Source: OpenTelemetry specification, "TraceState: Probability Sampling" (`th`, `rv`).
package struct OpenTelemetryTraceState: Sendable, Equatable {
  /// The rejection threshold in 56 bits; nil when unknown.
  package private(set) var threshold: UInt64?
  /// Explicit randomness in 56 bits; nil when there is none.
  package private(set) var randomness: UInt64?

  /// Reads the value of the key `ot`; a syntax error loses all of it, a bad number only itself.
  package init(_ value: String) {
    guard value.utf8.count <= 256 else { return }
    var fields: [(key: String, value: Substring)] = []
    for part in value.split(separator: ";", omittingEmptySubsequences: false) {
      guard let colon = part.firstIndex(of: ":"), Self.isKey(part[..<colon]),
        part[part.index(after: colon)...].utf8.allSatisfy(Self.isValueByte)
      else { return }
      fields.append((String(part[..<colon]), part[part.index(after: colon)...]))
    }
    for field in fields {
      if field.key == "th", threshold == nil, (1...14).contains(field.value.utf8.count) {
        let padded = field.value + String(repeating: "0", count: 14 - field.value.utf8.count)
        threshold = UInt64(padded, radix: 16)
      } else if field.key == "rv", randomness == nil, field.value.utf8.count == 14 {
        randomness = UInt64(field.value, radix: 16)
      }
    }
  }

  private static func isKey(_ key: Substring) -> Bool {
    guard let first = key.utf8.first, (0x61...0x7a).contains(first) else { return false }
    return key.utf8.allSatisfy { (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) }
  }

  private static func isValueByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2e, 0x5f, 0x2d: true
    default: false
    }
  }
}

/// How many spans a sampled span stands for.
package enum AdjustedCount {
  /// The inverse of the sampling probability that the trace state records; nil when that is unknown.
  ///
  ///     2^56 ÷ (2^56 − threshold)
  package static func ofSpan(_ span: TraceSpan, in trace: Trace, _ store: SpanStore) -> Double? {
    let symbol = trace.traceState(of: span, in: store)
    guard !symbol.isEmpty, let state = TraceState(store.symbols.text(symbol)),
      let value = state["ot"], let threshold = OpenTelemetryTraceState(value).threshold
    else { return nil }
    let all = UInt64(1) << 56
    return Double(all) / Double(all - threshold)
  }
}
