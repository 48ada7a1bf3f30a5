import TraceModel

/// Reads Jaeger's `{key, type, value}` tags.
enum JaegerTags {
  /// What tags say about the span that carries them, beyond being attributes.
  struct Meaning {
    var scope = InstrumentationScope()
    var serviceName = Symbol.empty
    /// The field `event` of a log.
    var event = Symbol.empty
  }

  /// Where the tags belong.
  enum Place {
    case span
    case process
    case log
  }

  /// Appends the tags of the array that begins here as attributes; tags with a meaning of their own are taken out.
  static func decode(
    _ reader: inout JSONReader, of place: Place, _ span: inout SpanRecord, _ meaning: inout Meaning,
    into sink: inout SpanSink
  ) throws(JSONFault) {
    guard try reader.enterArrayOrSkip() else { return }
    while try reader.nextElement() {
      guard try reader.enterObjectOrSkip() else { continue }
      try decodeTag(&reader, of: place, &span, &meaning, into: &sink)
    }
  }

  private static func decodeTag(
    _ reader: inout JSONReader, of place: Place, _ span: inout SpanRecord, _ meaning: inout Meaning,
    into sink: inout SpanSink
  ) throws(JSONFault) {
    var key = Symbol.empty
    var type = TagType.unknown
    let start = sink.table.attributes.count
    while let name = try reader.nextKey() {
      if name == "key" {
        key = try OTLPJSON.symbol(&reader, in: &sink)
      } else if name == "type" || name == "vType" {
        if let text = try reader.lenientText() { type = TagType(text) }
      } else if name == "value" {
        sink.table.attributes.truncate(to: start)
        try PlainJSON.appendAttribute(.empty, &reader, into: &sink)
      } else {
        try reader.skipValue()
      }
    }
    guard sink.table.attributes.count > start, key.index <= Attribute.largestKey else {
      return sink.table.attributes.truncate(to: start)
    }
    let value = sink.table.attributes[start]
    sink.table.attributes.truncate(to: start)
    if place == .span, take(key, value, &span, &meaning, in: sink.table) { return }
    if place == .log, key == AttributeKey.event, value.type == .text {
      meaning.event = Symbol(value.payload)
      return
    }
    append(key, value, type, into: &sink)
  }

  /// The types that tags state.
  private enum TagType {
    case text
    case boolean
    case integer
    case double
    case binary
    case unknown

    init(_ text: JSONText) {
      if text.equalsIgnoringCase("string") {
        self = .text
      } else if text.equalsIgnoringCase("bool") {
        self = .boolean
      } else if text.equalsIgnoringCase("int64") {
        self = .integer
      } else if text.equalsIgnoringCase("float64") {
        self = .double
      } else if text.equalsIgnoringCase("binary") {
        self = .binary
      } else {
        self = .unknown
      }
    }
  }

  /// Appends a value as its stated type; one that does not fit it becomes a text.
  private static func append(
    _ key: Symbol, _ value: Attribute, _ type: TagType, into sink: inout SpanSink
  ) {
    if value.type == .text {
      let text = sink.table.symbols.text(Symbol(value.payload))
      switch type {
      case .boolean:
        if let boolean = Bool(text.lowercased()) { return sink.table.appendAttribute(key, boolean: boolean) }
      case .integer: if let integer = Int64(text) { return sink.table.appendAttribute(key, integer: integer) }
      case .double: if let double = Double(text) { return sink.table.appendAttribute(key, double: double) }
      case .binary: return sink.table.appendAttribute(key, type: .bytes, symbol: Symbol(value.payload))
      case .text, .unknown: break
      }
    }
    switch (type, sink.table.value(of: value)) {
    case (.double, .integer(let integer)): sink.table.appendAttribute(key, double: Double(integer))
    case (.text, .integer(let integer)), (.boolean, .integer(let integer)):
      sink.table.appendAttribute(key, text: sink.table.symbols.intern("\(integer)"))
    case (.text, .double(let double)), (.integer, .double(let double)), (.boolean, .double(let double)):
      sink.table.appendAttribute(key, text: sink.table.symbols.intern("\(double)"))
    case (.text, .boolean(let boolean)), (.integer, .boolean(let boolean)), (.double, .boolean(let boolean)):
      sink.table.appendAttribute(key, text: sink.table.symbols.intern("\(boolean)"))
    default:
      sink.table.attributes.append(Attribute(key: key, type: value.type, payload: value.payload))
    }
  }

  /// True when the tag says something about the span itself and need not be kept as an attribute.
  private static func take(
    _ key: Symbol, _ value: Attribute, _ span: inout SpanRecord, _ meaning: inout Meaning,
    in table: borrowing SpanTable
  ) -> Bool {
    guard key.index < AttributeKey.count, value.type == .text else { return false }
    let symbol = Symbol(value.payload)
    let bytes = table.symbols.bytes(symbol)
    let text = JSONText(base: bytes.baseAddress ?? JSONText.nowhere, count: bytes.count)
    if key == AttributeKey.spanKind {
      var probe = SpanRecord()
      let kind = KindName.kind(text, &probe)
      guard kind != .unspecified else { return false }
      span.kind = kind
    } else if key == AttributeKey.statusCode {
      if text.equalsIgnoringCase("error") {
        span.reportedStatus = .error
      } else if text.equalsIgnoringCase("ok") {
        span.reportedStatus = .ok
      } else {
        return false
      }
    } else if key == AttributeKey.statusDescription {
      span.statusMessage = symbol
    } else if key == AttributeKey.scopeName || key == AttributeKey.libraryName {
      meaning.scope.name = symbol
    } else if key == AttributeKey.scopeVersion || key == AttributeKey.libraryVersion {
      meaning.scope.version = symbol
    } else if key == AttributeKey.traceState {
      span.traceState = symbol
    } else {
      return false
    }
    return true
  }
}
