/// Puts protobuf messages together, field by field.
package enum ProtobufText {
  package static func varint(_ value: UInt64) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = value
    repeat {
      bytes.append(UInt8(rest & 0x7f) | (rest > 0x7f ? 0x80 : 0))
      rest >>= 7
    } while rest > 0
    return bytes
  }

  package static func field(_ number: UInt64, _ value: UInt64) -> [UInt8] {
    varint(number << 3) + varint(value)
  }

  package static func field(_ number: UInt64, _ bytes: [UInt8]) -> [UInt8] {
    varint(number << 3 | 2) + varint(UInt64(bytes.count)) + bytes
  }

  package static func field(_ number: UInt64, _ text: String) -> [UInt8] { field(number, Array(text.utf8)) }

  package static func fixed64(_ number: UInt64, _ value: UInt64) -> [UInt8] {
    varint(number << 3 | 1) + (0..<8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
  }

  /// The bytes of a number, the highest first.
  package static func bigEndian(_ value: UInt64) -> [UInt8] {
    (0..<8).reversed().map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
  }

  /// A message with its length in four bytes before it, the highest first.
  package static func lengthPrefixed(_ message: [UInt8]) -> [UInt8] {
    bigEndian(UInt64(message.count)).suffix(4) + message
  }

  /// An OTLP request of one batch.
  package static func request(_ spans: [[UInt8]], service: String = "shop") -> [UInt8] {
    let attribute = field(1, "service.name") + field(2, field(1, service))
    let scope = field(1, field(1, "tests")) + spans.flatMap { field(2, $0) }
    return field(1, field(1, field(1, attribute)) + field(2, scope))
  }

  /// An OTLP span with a number for its id.
  package static func span(_ id: UInt64, attributes: Int = 2, extra: [UInt8] = []) -> [UInt8] {
    var bytes = field(1, bigEndian(7) + bigEndian(id)) + field(2, bigEndian(id)) + field(5, "operation \(id)")
    bytes += field(6, 2) + fixed64(7, 1_700_000_000_000_000_000 + id) + fixed64(8, 1_700_000_001_000_000_000)
    for number in 0..<attributes {
      bytes += field(9, field(1, "key \(number)") + field(2, field(1, "value \(id)")))
    }
    return bytes + extra
  }
}
