import TraceModel

/// OTLP JSON: `TracesData`, export requests, and the wrappers of the Tempo and Jaeger query APIs.
///
/// Source: opentelemetry-proto `trace/v1/trace.proto` and the OTLP specification's JSON mapping; read leniently.
enum OTLPJSON: JSONSpanFormat {
  static let label = FormatLabel.otlpJSON
  static let order = 1

  static func recognises(_ document: DocumentKeys) -> Bool {
    document.contains(.resourceSpans) || document.contains(.batches)
      || document.contains(.wrappedResourceSpans)
  }

  static func decode(_ reader: inout JSONReader, into sink: inout SpanSink) throws(JSONFault) {
    try reader.enterObject()
    while let key = try reader.nextKey() {
      if key == "resourceSpans" || key == "resource_spans" || key == "batches" {
        guard try reader.enterArrayOrSkip() else { continue }
        while try reader.nextElement() { try decodeResourceSpans(&reader, into: &sink) }
      } else if key == "result" || key == "trace", reader.peekKind() == .object {
        // One level of wrapping, as the query APIs answer; its inside is an ordinary document.
        try decodeWrapped(&reader, into: &sink)
      } else if key == "status" {
        // Tempo's query API says so when it left spans out.
        let offset = sink.offset(reader.position)
        if let text = try reader.lenientText(), text == "PARTIAL" {
          sink.summary.diagnostics.add(.traceCut, at: offset, "a trace is marked as partial")
        }
      } else {
        try reader.skipValue()
      }
    }
  }

  private static func decodeWrapped(_ reader: inout JSONReader, into sink: inout SpanSink) throws(JSONFault) {
    try reader.enterObject()
    while let key = try reader.nextKey() {
      if key == "resourceSpans" || key == "resource_spans" || key == "batches" {
        guard try reader.enterArrayOrSkip() else { continue }
        while try reader.nextElement() { try decodeResourceSpans(&reader, into: &sink) }
      } else {
        try reader.skipValue()
      }
    }
  }

  // MARK: Resource and scope

  /// Reads one `ResourceSpans`; the resource and the schema may stand behind the spans.
  static func decodeResourceSpans(_ reader: inout JSONReader, into sink: inout SpanSink) throws(JSONFault) {
    guard try reader.enterObjectOrSkip() else { return }
    var batch = OTLPBatch(firstSpan: sink.table.spans.count)
    let readBefore = sink.summary.spansRead
    defer { sink.count(spans: sink.summary.spansRead - readBefore, of: label) }
    do {
      while let key = try reader.nextKey() {
        if OTLPBatch.isScopeList(key) {
          guard try reader.enterArrayOrSkip() else { continue }
          while try reader.nextElement() { try decodeScopeSpans(&reader, batch.resource, into: &sink) }
        } else {
          try batch.decodeMember(key, &reader, into: &sink)
        }
      }
    } catch {
      batch.settle(in: &sink)
      throw error
    }
    batch.settle(in: &sink)
  }

  /// Reads one `ScopeSpans`; the scope and the schema may stand behind the spans.
  static func decodeScopeSpans(
    _ reader: inout JSONReader, _ resource: UInt32, into sink: inout SpanSink
  ) throws(JSONFault) {
    guard try reader.enterObjectOrSkip() else { return }
    var scope = OTLPScope(firstSpan: sink.table.spans.count)
    do {
      while let key = try reader.nextKey() {
        if key == "spans" {
          guard try reader.enterArrayOrSkip() else { continue }
          while try reader.nextElement() {
            try OTLPSpan.decode(&reader, resource: resource, scope: scope.place, into: &sink)
          }
        } else {
          try scope.decodeMember(key, &reader, into: &sink)
        }
      }
    } catch {
      scope.settle(in: &sink)
      throw error
    }
    scope.settle(in: &sink)
  }

  // MARK: Attributes

  /// The symbol of a lenient text; empty for null and the like.
  @inline(__always)
  static func symbol(_ reader: inout JSONReader, in sink: inout SpanSink) throws(JSONFault) -> Symbol {
    guard let text = try reader.lenientText() else { return .empty }
    return sink.table.symbols.intern(text.base, count: text.count)
  }

  /// Appends the attributes of the array that begins here.
  @inline(__always)
  static func decodeAttributes(_ reader: inout JSONReader, into sink: inout SpanSink) throws(JSONFault) {
    guard try reader.enterArrayOrSkip() else { return }
    while try reader.nextElement() { try decodeAttribute(&reader, into: &sink) }
  }

  /// Appends one attribute: first as the exporters write it, `{"key":"…","value":{"stringValue":"…"}}`, else in any
  /// order and spacing.
  @inline(__always)
  private static func decodeAttribute(
    _ reader: inout JSONReader, into sink: inout SpanSink
  ) throws(JSONFault) {
    let start = reader.position
    if start &+ 32 < reader.end, reader.load(start) == Literal.openKey {
      reader.position = start &+ 7
      let key = try reader.readString()
      let symbol = sink.guesses.key(key, in: &sink.table)
      let place = reader.position
      if symbol.index <= Attribute.largestKey, place &+ 24 < reader.end,
        reader.load(place) == Literal.commaValue, reader.load(place &+ 3) == Literal.valueOpen
      {
        let valuePlace = place &+ 11
        if reader.load(valuePlace) == Literal.stringValue, reader.load(valuePlace &+ 5) == Literal.valueColon,
          reader.base[valuePlace &+ 13] == 0x22
        {
          reader.position = valuePlace &+ 13
          let text = try reader.readString()
          sink.table.appendAttribute(symbol, text: sink.guesses.value(of: symbol, text, in: &sink.table))
        } else {
          reader.position = place &+ 9
          try decodeValue(&reader, key: symbol, into: &sink)
          return try finish(&reader)
        }
        if reader.position &+ 1 < reader.end, reader.base[reader.position] == 0x7d,
          reader.base[reader.position &+ 1] == 0x7d
        {
          reader.position &+= 2
          return
        }
        // Something more stands in the value: pass over it and over the rest of the attribute.
        while try reader.nextKey() != nil { try reader.skipValue() }
        return try finish(&reader)
      }
      reader.position = start
    }
    try decodeAttributeSlowly(&reader, into: &sink)
  }

  /// Passes over what stands between a value and the end of its attribute.
  @inline(__always)
  private static func finish(_ reader: inout JSONReader) throws(JSONFault) {
    while try reader.nextKey() != nil { try reader.skipValue() }
  }

  @inline(never)
  private static func decodeAttributeSlowly(
    _ reader: inout JSONReader, into sink: inout SpanSink
  ) throws(JSONFault) {
    guard try reader.enterObjectOrSkip() else { return }
    var key = Symbol.empty
    let start = sink.table.attributes.count
    while let name = try reader.nextKey() {
      if name == "key" {
        key = try symbol(&reader, in: &sink)
      } else if name == "value" {
        // The key may stand behind the value: it is put in at the end.
        sink.table.attributes.truncate(to: start)
        try decodeValue(&reader, key: .empty, into: &sink)
      } else {
        try reader.skipValue()
      }
    }
    guard key.index <= Attribute.largestKey else { return sink.table.attributes.truncate(to: start) }
    if sink.table.attributes.count == start {
      sink.table.appendEmptyAttribute(key)
    } else {
      let value = sink.table.attributes[start]
      sink.table.attributes[start] = Attribute(key: key, type: value.type, payload: value.payload)
    }
  }

  /// Appends an attribute with the `AnyValue` that begins here.
  private static func decodeValue(
    _ reader: inout JSONReader, key: Symbol, into sink: inout SpanSink
  ) throws(JSONFault) {
    guard reader.peekKind() == .object else {
      return try PlainJSON.appendAttribute(key, &reader, into: &sink)
    }
    try reader.enterObject()
    let start = sink.table.attributes.count
    while let name = try reader.nextKey() {
      sink.table.attributes.truncate(to: start)
      if name == "stringValue" || name == "string_value" {
        sink.table.appendAttribute(key, text: try symbol(&reader, in: &sink))
      } else if name == "intValue" || name == "int_value" {
        if let value = try reader.lenientInteger() { sink.table.appendAttribute(key, integer: value) }
      } else if name == "boolValue" || name == "bool_value" {
        if let value = try reader.lenientBoolean() { sink.table.appendAttribute(key, boolean: value) }
      } else if name == "doubleValue" || name == "double_value" {
        if let value = try reader.lenientDouble() { sink.table.appendAttribute(key, double: value) }
      } else if name == "bytesValue" || name == "bytes_value" {
        sink.table.appendAttribute(key, type: .bytes, symbol: try symbol(&reader, in: &sink))
      } else if name == "arrayValue" || name == "array_value" {
        try appendCompact(&reader, key, .array, into: &sink)
      } else if name == "kvlistValue" || name == "kvlist_value" {
        try appendCompact(&reader, key, .map, into: &sink)
      } else {
        try reader.skipValue()
      }
    }
    if sink.table.attributes.count == start { sink.table.appendEmptyAttribute(key) }
  }

  private static func appendCompact(
    _ reader: inout JSONReader, _ key: Symbol, _ type: AttributeType, into sink: inout SpanSink
  ) throws(JSONFault) {
    let compact = withLowerCamelCase(try reader.compactValue())
    let symbol = compact.withUnsafeBufferPointer { sink.table.symbols.intern($0) }
    sink.table.appendAttribute(key, type: type, symbol: symbol)
  }

  /// Nested values under the names of the .proto file, under those of OTLP JSON.
  ///
  /// Within a text a quote is escaped, so what looks like one of these keys is one.
  private static func withLowerCamelCase(_ value: [UInt8]) -> [UInt8] {
    guard value.contains(0x5f) else { return value }
    var text = String(decoding: value, as: UTF8.self)
    for name in ["string", "bool", "int", "double", "bytes", "array", "kvlist"] {
      text.replace("\"\(name)_value\":", with: "\"\(name)Value\":")
    }
    return Array(text.utf8)
  }

  /// Eight bytes of text as the number they are when loaded at once.
  private enum Literal {
    /// `{"key":"`
    static var openKey: UInt64 { 0x223a_2279_656b_227b }
    /// `,"value"`
    static var commaValue: UInt64 { 0x2265_756c_6176_222c }
    /// `alue":{"`
    static var valueOpen: UInt64 { 0x227b_3a22_6575_6c61 }
    /// `stringVa`
    static var stringValue: UInt64 { 0x6156_676e_6972_7473 }
    /// `gValue":`
    static var valueColon: UInt64 { 0x3a22_6575_6c61_5667 }
  }
}
