import TraceModel

/// Reads Jaeger's `{key, type, value}` tags.
enum JaegerTags {
  /// What tags say about the span that carries them, beyond being attributes.
  struct Meaning {
    var scope = InstrumentationScope()
    var serviceName = Symbol.empty
    var statusMessage = Symbol.empty
    var traceState = Symbol.empty
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
    _ reader: inout JSONReader, _ form: JaegerForm, of place: Place, _ span: inout SpanRecord,
    _ meaning: inout Meaning, into sink: inout SpanSink
  ) throws(JSONFault) {
    guard try reader.enterArrayOrSkip() else { return }
    while try reader.nextElement() {
      guard try reader.enterObjectOrSkip() else { continue }
      try decodeTag(&reader, form, of: place, &span, &meaning, into: &sink)
    }
  }

  /// Appends the members of the object that begins here, in whose keys `@` stands for a dot (Elasticsearch).
  static func decodeObject(
    _ reader: inout JSONReader, of place: Place, _ span: inout SpanRecord, _ meaning: inout Meaning,
    into sink: inout SpanSink
  ) throws(JSONFault) {
    guard try reader.enterObjectOrSkip() else { return }
    while let name = try reader.nextKey() {
      let dotted = name.bytes.map { $0 == 0x40 ? 0x2e : $0 }
      let key = dotted.withUnsafeBufferPointer { sink.table.symbols.intern($0) }
      let start = sink.table.attributes.count
      try PlainJSON.appendAttribute(key, &reader, into: &sink)
      settle(key, .unknown, .elasticsearch, of: place, from: start, &span, &meaning, into: &sink)
    }
  }

  private static func decodeTag(
    _ reader: inout JSONReader, _ form: JaegerForm, of place: Place, _ span: inout SpanRecord,
    _ meaning: inout Meaning, into sink: inout SpanSink
  ) throws(JSONFault) {
    var key = Symbol.empty
    var type = TagType.unknown
    let start = sink.table.attributes.count
    while let name = try reader.nextKey() {
      if name == "key" {
        key = try OTLPJSON.symbol(&reader, in: &sink)
      } else if name == "type" || name == "vType" {
        if let text = try reader.lenientText() { type = TagType(text) }
      } else if name == "value" || form == .proto && TagType.isValueKey(name) {
        sink.table.attributes.truncate(to: start)
        // The key may stand behind the value: it is put in at the end.
        try PlainJSON.appendAttribute(key, &reader, into: &sink)
      } else {
        try reader.skipValue()
      }
    }
    if form == .proto, sink.table.attributes.count == start { appendDefault(type, into: &sink) }
    settle(key, type, form, of: place, from: start, &span, &meaning, into: &sink)
  }

  /// Gives the value that was just appended its key and its stated type, unless it means something by itself.
  private static func settle(
    _ key: Symbol, _ type: TagType, _ form: JaegerForm, of place: Place, from start: Int,
    _ span: inout SpanRecord, _ meaning: inout Meaning, into sink: inout SpanSink
  ) {
    guard sink.table.attributes.count > start, key.index <= Attribute.largestKey else {
      return sink.table.attributes.truncate(to: start)
    }
    let value = sink.table.attributes[start]
    sink.table.attributes.truncate(to: start)
    if place == .span, take(key, value, &span, &meaning, in: &sink.table) { return }
    if place == .log, key == AttributeKey.event, value.type == .text {
      meaning.event = Symbol(value.payload)
      return
    }
    append(key, value, type, form, into: &sink)
  }

  /// The value that proto-JSON leaves out: the zero of its type.
  private static func appendDefault(_ type: TagType, into sink: inout SpanSink) {
    switch type {
    case .text, .unknown: sink.table.appendAttribute(.empty, text: .empty)
    case .boolean: sink.table.appendAttribute(.empty, boolean: false)
    case .integer: sink.table.appendAttribute(.empty, integer: 0)
    case .double: sink.table.appendAttribute(.empty, double: 0)
    case .binary: sink.table.appendAttribute(.empty, type: .bytes, symbol: .empty)
    }
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

    /// True for the keys under which proto-JSON writes values.
    static func isValueKey(_ key: JSONText) -> Bool {
      key == "vStr" || key == "vBool" || key == "vInt64" || key == "vFloat64" || key == "vBinary"
        || key == "v_str" || key == "v_bool" || key == "v_int64" || key == "v_float64" || key == "v_binary"
    }
  }

  /// Appends a value as its stated type; one that does not fit it becomes a text.
  private static func append(
    _ key: Symbol, _ value: Attribute, _ type: TagType, _ form: JaegerForm, into sink: inout SpanSink
  ) {
    if value.type == .text {
      if !appendConverted(key, Symbol(value.payload), type, form, into: &sink) {
        sink.table.attributes.append(Attribute(key: key, type: .text, payload: value.payload))
      }
      return
    }
    switch (type, sink.table.value(of: value)) {
    case (.double, .integer(let integer)): sink.table.appendAttribute(key, double: Double(integer))
    case (.integer, .integer(let integer)): sink.table.appendAttribute(key, integer: integer)
    case (.text, .integer(let integer)), (.boolean, .integer(let integer)), (.binary, .integer(let integer)):
      sink.table.appendAttribute(key, text: sink.table.symbols.intern("\(integer)"))
    case (.text, .double(let double)), (.integer, .double(let double)), (.boolean, .double(let double)),
      (.binary, .double(let double)):
      sink.table.appendAttribute(key, text: sink.table.symbols.intern("\(double)"))
    case (.text, .boolean(let boolean)), (.integer, .boolean(let boolean)), (.double, .boolean(let boolean)),
      (.binary, .boolean(let boolean)):
      sink.table.appendAttribute(key, text: sink.table.symbols.intern("\(boolean)"))
    default:
      sink.table.attributes.append(Attribute(key: key, type: value.type, payload: value.payload))
    }
  }

  /// Appends a text as its stated type; false when it is a text, or no value of that type.
  private static func appendConverted(
    _ key: Symbol, _ value: Symbol, _ type: TagType, _ form: JaegerForm, into sink: inout SpanSink
  ) -> Bool {
    switch type {
    // Nearly all: nothing is asked of the table.
    case .text, .unknown: return false
    case .binary:
      guard let base64 = base64(value, form, in: &sink) else { return false }
      sink.table.appendAttribute(key, type: .bytes, symbol: base64)
    case .boolean:
      guard let boolean = Bool(sink.table.symbols.text(value).lowercased()) else { return false }
      sink.table.appendAttribute(key, boolean: boolean)
    case .integer:
      guard let integer = Int64(sink.table.symbols.text(value)) else { return false }
      sink.table.appendAttribute(key, integer: integer)
    case .double:
      guard let double = Double(sink.table.symbols.text(value)) else { return false }
      sink.table.appendAttribute(key, double: double)
    }
    return true
  }

  /// The base64 text of a binary value, which Elasticsearch documents hold as hex; nil when it is neither.
  private static func base64(_ value: Symbol, _ form: JaegerForm, in sink: inout SpanSink) -> Symbol? {
    let text = sink.table.symbols.bytes(whileReading: value)
    if form == .elasticsearch, let converted = Base64.fromHex(text) {
      return converted.withUnsafeBufferPointer { sink.table.symbols.intern($0) }
    }
    return Base64.isValid(text) ? value : nil
  }

  /// True when the tag says something about the span itself and need not be kept as an attribute.
  private static func take(
    _ key: Symbol, _ value: Attribute, _ span: inout SpanRecord, _ meaning: inout Meaning,
    in table: inout SpanTable
  ) -> Bool {
    // The table is not changed; to lend it for reading only would copy all of its fields.
    guard key.index < AttributeKey.count, value.type == .text else { return false }
    let symbol = Symbol(value.payload)
    let bytes = table.symbols.bytes(whileReading: symbol)
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
      meaning.statusMessage = symbol
    } else if key == AttributeKey.scopeName || key == AttributeKey.libraryName {
      meaning.scope.name = symbol
    } else if key == AttributeKey.scopeVersion || key == AttributeKey.libraryVersion {
      meaning.scope.version = symbol
    } else if key == AttributeKey.traceState {
      meaning.traceState = symbol
    } else {
      return false
    }
    return true
  }
}
