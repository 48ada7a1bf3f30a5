#if canImport(Glibc)
  import Glibc
#endif
import TraceModel

/// Internet addresses as Zipkin endpoints name them.
enum IPAddress {
  /// Puts an address into an endpoint; the text decides which kind it is, `::ffff:1.2.3.4` is an IPv4 address.
  ///
  /// A text that is no address is passed over.
  static func take(_ text: JSONText, _ endpoint: inout Endpoint, in sink: inout SpanSink) {
    if isIPv4(text) {
      endpoint.ipv4 = sink.table.symbols.intern(text.base, count: text.count)
    } else if text.count >= 2, text.count <= 45, let bytes = ipv6Bytes(text.string) {
      bytes.withUnsafeBufferPointer { take(bytes: $0, &endpoint, in: &sink) }
    }
  }

  /// Puts an address of 4 or 16 bytes into an endpoint.
  static func take(bytes: UnsafeBufferPointer<UInt8>, _ endpoint: inout Endpoint, in sink: inout SpanSink) {
    let isMapped =
      bytes.count == 16 && bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xff && bytes[11] == 0xff
    if bytes.count == 4 || isMapped {
      let text = bytes.suffix(4).map { String($0) }.joined(separator: ".")
      endpoint.ipv4 = sink.table.symbols.intern(text)
    } else if bytes.count == 16 {
      endpoint.ipv6 = sink.table.symbols.intern(ipv6Text(bytes))
    }
  }

  /// Four numbers up to 255 with dots between them.
  private static func isIPv4(_ text: JSONText) -> Bool {
    guard text.count >= 7, text.count <= 15 else { return false }
    var parts = 0
    var digits = 0
    var value = 0
    for byte in text.bytes {
      if byte == 0x2e {
        guard digits > 0 else { return false }
        parts += 1
        digits = 0
        value = 0
      } else {
        guard byte &- 0x30 < 10, digits < 3 else { return false }
        digits += 1
        value = value * 10 + Int(byte &- 0x30)
        guard value <= 255 else { return false }
      }
    }
    return parts == 3 && digits > 0
  }

  private static func ipv6Bytes(_ text: String) -> [UInt8]? {
    var address = in6_addr()
    guard inet_pton(AF_INET6, text, &address) == 1 else { return nil }
    return withUnsafeBytes(of: &address) { Array($0) }
  }

  /// The shortest text of an address (RFC 5952).
  private static func ipv6Text(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
    var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    let isWritten = inet_ntop(AF_INET6, bytes.baseAddress, &text, socklen_t(text.count)) != nil
    return isWritten
      ? String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self) : ""
  }
}
