package import TraceModel

/// Reads trace and span ids as loggers of all kinds write them.
///
///     4bf92f3577b34da6a3ce929d0e0e4736                              hex, 1 to 32 digits
///     00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01       a traceparent
///     projects/p/traces/4bf92f3577b34da6a3ce929d0e0e4736            Google Cloud
///     1-5759e988-bd862e3fe1be46a994272793@00f067aa0ba902b7          X-Ray, perhaps with Root= before it
///     1234567890123456789                                           Datadog: the low 64 bits in decimal
package struct ForeignTraceID: Sendable, Equatable {
  /// The trace id; the high half is 0 when only 64 bits were written.
  package var traceID = TraceID.absent
  /// The span id that was written along with it; absent for none.
  package var spanID = SpanID.absent

  /// Reads a text; nil when it is no id in any of these forms, or zero.
  package init?(_ text: some StringProtocol) {
    var bytes = Array(text.utf8.prefix(256))
    if let slash = bytes.lastIndex(of: UInt8(ascii: "/")) { bytes.removeFirst(slash + 1) }
    if bytes.starts(with: Array("Root=".utf8)) { bytes.removeFirst(5) }
    if let end = bytes.firstIndex(of: UInt8(ascii: ";")) { bytes.removeLast(bytes.count - end) }
    if let at = bytes.firstIndex(of: UInt8(ascii: "@")) {
      spanID = Self.spanID(bytes[(at + 1)...]) ?? .absent
      bytes.removeLast(bytes.count - at)
    }
    if bytes.count >= 55, let parent = TraceParent(String(decoding: bytes, as: UTF8.self)) {
      traceID = parent.traceID
      spanID = parent.parentID
      return
    }
    if bytes.count == 35, bytes.starts(with: Array("1-".utf8)) { bytes.removeFirst(2) }
    bytes.removeAll { $0 == UInt8(ascii: "-") }
    guard let id = Self.traceID(bytes[...]) else { return nil }
    traceID = id
  }

  /// Decimal digits, at most 20 and not as many as a hex id has, are a number; anything else is hex.
  private static func traceID(_ bytes: ArraySlice<UInt8>) -> TraceID? {
    if let number = decimal(bytes) { return number == 0 ? nil : TraceID(high: 0, low: number) }
    return TraceID(hex: String(decoding: bytes, as: UTF8.self))
  }

  /// Reads a span id in hex or, as Datadog writes it, in decimal; nil when it is none, or zero.
  package static func spanID(_ text: some Sequence<UInt8>) -> SpanID? {
    let bytes = Array(text.prefix(64))
    if bytes.count != 16, let number = decimal(bytes[...]) { return number == 0 ? nil : SpanID(number) }
    guard (1...16).contains(bytes.count), let id = TraceID(hex: String(decoding: bytes, as: UTF8.self)) else {
      return nil
    }
    return SpanID(id.low)
  }

  private static func decimal(_ bytes: ArraySlice<UInt8>) -> UInt64? {
    guard (1...20).contains(bytes.count), bytes.count != 16, bytes.allSatisfy({ (0x30...0x39).contains($0) })
    else { return nil }
    return UInt64(String(decoding: bytes, as: UTF8.self))
  }
}
