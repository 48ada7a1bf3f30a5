import TraceModel

/// Reads ids as protobuf holds them: 16 or 8 bytes, the first the highest.
enum IdentifierBytes {
  /// A trace id of 16 bytes, or of 8 as Zipkin has them, too.
  @inline(__always)
  static func traceID(_ bytes: JSONText, allows64Bits: Bool = false) -> ParsedID<TraceID> {
    if bytes.count == 16 {
      let id = TraceID(high: load(bytes, 0), low: load(bytes, 8))
      return id.isAbsent ? .absent : .id(id)
    }
    if bytes.count == 0 { return .absent }
    if bytes.count == 8, allows64Bits {
      let id = TraceID(high: 0, low: load(bytes, 0))
      return id.isAbsent ? .absent : .id(id)
    }
    return isZero(bytes) ? .absent : .invalid
  }

  /// A span id of 8 bytes.
  @inline(__always)
  static func spanID(_ bytes: JSONText) -> ParsedID<SpanID> {
    if bytes.count == 8 {
      let value = load(bytes, 0)
      return value == 0 ? .absent : .id(SpanID(value))
    }
    return bytes.count == 0 || isZero(bytes) ? .absent : .invalid
  }

  private static func load(_ bytes: JSONText, _ offset: Int) -> UInt64 {
    UInt64(bigEndian: UnsafeRawPointer(bytes.base).loadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  private static func isZero(_ bytes: JSONText) -> Bool { bytes.bytes.allSatisfy { $0 == 0 } }

  /// The bytes as hex digits, for messages.
  static func hex(_ bytes: JSONText) -> String {
    bytes.bytes.prefix(60).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}

extension SpanParts {
  /// Takes the trace id in these bytes.
  @inline(__always)
  mutating func takeTraceID(_ bytes: JSONText, _ span: inout SpanRecord, allows64Bits: Bool = false) {
    switch IdentifierBytes.traceID(bytes, allows64Bits: allows64Bits) {
    case .id(let id): span.traceID = id
    case .absent: break
    case .invalid: refuse(bytes)
    }
  }

  /// Takes the span id in these bytes.
  @inline(__always)
  mutating func takeSpanID(_ bytes: JSONText, _ span: inout SpanRecord) {
    switch IdentifierBytes.spanID(bytes) {
    case .id(let id): span.spanID = id
    case .absent: break
    case .invalid: refuse(bytes)
    }
  }

  /// Takes the parent id in these bytes; a bad one makes the span an orphan and is kept as hex.
  @inline(__always)
  mutating func takeParentID(_ bytes: JSONText, _ span: inout SpanRecord, in sink: inout SpanSink) {
    switch IdentifierBytes.spanID(bytes) {
    case .id(let id): span.parentSpanID = id
    case .absent: break
    case .invalid:
      span.traits.insert(.invalidParent)
      rare.invalidParent = sink.table.symbols.intern(IdentifierBytes.hex(bytes))
    }
  }

  @inline(never)
  private mutating func refuse(_ bytes: JSONText) {
    guard problem == nil else { return }
    let message = "id \(IdentifierBytes.hex(bytes)) is \(bytes.count) bytes long, not of the allowed length"
    problem = Problem(code: .invalidID, message: message)
  }
}
