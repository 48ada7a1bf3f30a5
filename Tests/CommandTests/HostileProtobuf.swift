import TestSupport

/// Hostile texts in every text field of the protobuf forms.
enum HostileProtobuf {
  typealias Sample = HostileFormats.Sample

  static let makers: [(name: String, make: @Sendable ([[UInt8]]) -> [UInt8])] = [
    ("otlp.binpb", otlp), ("zipkin.pb", zipkin),
  ]

  /// Bytes that are no UTF-8: a protobuf reader meets them where a JSON reader cannot.
  private static let broken: [[UInt8]] = [
    [0xff, 0xfe], [0x3c, 0xc0, 0xaf, 0x3e], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0x61, 0xe2, 0x80],
  ]

  /// Writes an archive of each form.
  static func write(into folder: TemporaryFolder) throws {
    let texts = (HostileStrings.all + [HostileFormats.longName]).map { Array($0.utf8) } + broken
    for (name, make) in makers { try folder.write("archives/\(name)", make(texts)) }
  }

  private static func message(_ number: UInt64, _ fields: [UInt8]...) -> [UInt8] {
    ProtobufText.field(number, Array(fields.joined()))
  }

  private static func text(_ number: UInt64, _ bytes: [UInt8]) -> [UInt8] {
    ProtobufText.field(number, bytes)
  }

  // MARK: OTLP

  /// An attribute whose value is a text, and one whose value is a list and a map of it.
  private static func attributes(_ number: UInt64, _ key: [UInt8], _ value: [UInt8]) -> [UInt8] {
    let pair = text(1, key) + message(2, text(1, value))
    let list = message(2, message(5, message(1, text(1, value))))
    let map = message(2, message(6, message(1, text(1, key), message(2, text(1, value)))))
    return text(number, pair) + message(number, text(1, key + [0x31]), list)
      + message(number, text(1, key + [0x32]), map)
  }

  private static func known(_ number: UInt64, _ keys: [String], _ value: [UInt8]) -> [UInt8] {
    keys.flatMap { message(number, ProtobufText.field(1, $0), message(2, text(1, value))) }
  }

  private static func otlp(_ texts: [[UInt8]]) -> [UInt8] {
    texts.enumerated().flatMap { number, value in
      let resource =
        known(1, ["service.name", "service.version", "k8s.pod.name"], value) + attributes(1, value, value)
      let scope = text(1, value) + text(2, value) + attributes(3, value, value)
      return message(
        1, text(1, resource), message(2, text(1, scope), text(2, otlpSpan(number, value)), text(3, value)),
        text(3, value))
    }
  }

  private static func otlpSpan(_ number: Int, _ value: [UInt8]) -> [UInt8] {
    let (id, root) = (UInt64(number + 1), UInt64(number / 10 * 10 + 1))
    let traceID = ProtobufText.bigEndian(0xF8) + ProtobufText.bigEndian(UInt64(number / 10 + 1))
    let start = UInt64(1_793_577_600_000_000_000 + number * 1_000_000)
    let exception = known(3, ["exception.type", "exception.message", "exception.stacktrace"], value)
    var span = text(1, traceID) + text(2, ProtobufText.bigEndian(id)) + text(3, value)
    if id != root { span += text(4, ProtobufText.bigEndian(root)) }
    span += text(5, value) + ProtobufText.field(6, 2)
    span +=
      ProtobufText.fixed64(7, start) + ProtobufText.fixed64(8, start + (id == root ? 90_000_000 : 800_000))
    span += known(9, ["http.route", "db.query.text", "url.full", "peer.service"], value)
    span += attributes(9, value, value)
    span += message(
      11, ProtobufText.fixed64(1, start), text(2, number % 2 == 0 ? value : Array("exception".utf8)),
      exception)
    span += message(
      13, text(1, traceID), text(2, ProtobufText.bigEndian(root)), text(3, value), attributes(4, value, value)
    )
    return span + message(15, text(2, value), ProtobufText.field(3, number % 3 == 0 ? 2 : 0))
  }

  // MARK: Zipkin

  private static func zipkin(_ texts: [[UInt8]]) -> [UInt8] {
    texts.enumerated().flatMap { number, value in
      let (id, root) = (UInt64(number + 1), UInt64(number / 10 * 10 + 1))
      let start = UInt64(1_793_577_600_000_000 + number * 1_000)
      var span = text(1, ProtobufText.bigEndian(0xF9) + ProtobufText.bigEndian(UInt64(number / 10 + 1)))
      if id != root { span += text(2, ProtobufText.bigEndian(root)) }
      span += text(3, ProtobufText.bigEndian(id)) + ProtobufText.field(4, id == root ? 2 : 1) + text(5, value)
      span += ProtobufText.fixed64(6, start) + ProtobufText.field(7, id == root ? 90_000 : 800)
      span += message(8, text(1, value), text(2, [10, 0, 0, 1])) + message(9, text(1, value))
      span += message(10, ProtobufText.fixed64(1, start), text(2, value))
      for key in [value, Array("error".utf8), Array("http.path".utf8), Array("sql.query".utf8)] {
        span += message(11, text(1, key), text(2, value))
      }
      return text(1, span)
    }
  }
}
