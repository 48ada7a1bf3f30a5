import TraceModel

/// OTLP JSON: `TracesData`, export requests, and the wrappers of the Tempo and Jaeger query APIs.
///
/// Source: opentelemetry-proto `trace/v1/trace.proto` and the OTLP specification's JSON mapping; read leniently.
enum OTLPJSON: JSONSpanFormat {
  static let label = "otlp-json"
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
    let firstSpan = sink.table.spans.count
    let readBefore = sink.summary.spansRead
    var resource: UInt32 = 0
    var schema = Symbol.empty
    defer { sink.count(spans: sink.summary.spansRead - readBefore, of: label) }
    do {
      while let key = try reader.nextKey() {
        if key == "scopeSpans" || key == "scope_spans" || key == "instrumentationLibrarySpans"
          || key == "instrumentation_library_spans" || key == "deprecatedScopeSpans"
        {
          guard try reader.enterArrayOrSkip() else { continue }
          while try reader.nextElement() { try decodeScopeSpans(&reader, resource, into: &sink) }
        } else if key == "resource" {
          resource = try decodeResource(&reader, into: &sink)
        } else if key == "schemaUrl" || key == "schema_url" {
          schema = try symbol(&reader, in: &sink)
        } else {
          try reader.skipValue()
        }
      }
    } catch {
      settle(resource, schema, from: firstSpan, in: &sink)
      throw error
    }
    settle(resource, schema, from: firstSpan, in: &sink)
  }

  private static func settle(
    _ resource: UInt32, _ schema: Symbol, from firstSpan: Int, in sink: inout SpanSink
  ) {
    var place = resource
    if !schema.isEmpty {
      var changed = sink.table.resources[Int(resource)]
      let start = sink.table.attributes.count
      for index in 0..<Int(changed.attributeCount) {
        sink.table.attributes.append(sink.table.sharedAttributes[Int(changed.attributeStart) + index])
      }
      changed.schemaURL = schema
      place = sink.table.internResource(changed, attributesFrom: start)
    }
    for index in firstSpan..<sink.table.spans.count where sink.table.spans[index].resource != place {
      sink.table.spans[index].resource = place
    }
  }

  private static func decodeResource(
    _ reader: inout JSONReader, into sink: inout SpanSink
  ) throws(JSONFault) -> UInt32 {
    guard try reader.enterObjectOrSkip() else { return 0 }
    var resource = Resource()
    let start = sink.table.attributes.count
    while let key = try reader.nextKey() {
      if key == "attributes" {
        try decodeAttributes(&reader, into: &sink)
      } else if key == "droppedAttributesCount" || key == "dropped_attributes_count" {
        resource.droppedAttributes = try reader.lenientCount()
      } else {
        try reader.skipValue()
      }
    }
    _ = sink.table.dropRepeatedKeys(from: start)
    for place in start..<sink.table.attributes.count {
      let attribute = sink.table.attributes[place]
      if attribute.key == AttributeKey.serviceName, attribute.type == .text {
        resource.serviceName = Symbol(attribute.payload)
      }
    }
    return sink.table.internResource(resource, attributesFrom: start)
  }

  private static func decodeScopeSpans(
    _ reader: inout JSONReader, _ resource: UInt32, into sink: inout SpanSink
  ) throws(JSONFault) {
    guard try reader.enterObjectOrSkip() else { return }
    let firstSpan = sink.table.spans.count
    var scope = InstrumentationScope()
    var scopeStart = sink.table.sharedAttributes.count
    var place: UInt32 = 0
    do {
      while let key = try reader.nextKey() {
        if key == "spans" {
          guard try reader.enterArrayOrSkip() else { continue }
          while try reader.nextElement() {
            try OTLPSpan.decode(&reader, resource: resource, scope: place, into: &sink)
          }
        } else if key == "scope" || key == "instrumentationLibrary" || key == "instrumentation_library" {
          place = try decodeScope(&reader, &scope, into: &sink)
          scopeStart = Int(sink.table.scopes[Int(place)].attributeStart)
        } else if key == "schemaUrl" || key == "schema_url" {
          scope.schemaURL = try symbol(&reader, in: &sink)
        } else {
          try reader.skipValue()
        }
      }
    } catch {
      settle(scope, scopeStart, from: firstSpan, in: &sink)
      throw error
    }
    settle(scope, scopeStart, from: firstSpan, in: &sink)
  }

  private static func settle(
    _ scope: InstrumentationScope, _ sharedStart: Int, from firstSpan: Int, in sink: inout SpanSink
  ) {
    let start = sink.table.attributes.count
    for index in 0..<Int(scope.attributeCount) {
      sink.table.attributes.append(sink.table.sharedAttributes[sharedStart + index])
    }
    let place = sink.table.internScope(scope, attributesFrom: start)
    for index in firstSpan..<sink.table.spans.count where sink.table.spans[index].scope != place {
      sink.table.spans[index].scope = place
    }
  }

  private static func decodeScope(
    _ reader: inout JSONReader, _ scope: inout InstrumentationScope, into sink: inout SpanSink
  ) throws(JSONFault) -> UInt32 {
    guard try reader.enterObjectOrSkip() else { return 0 }
    let start = sink.table.attributes.count
    while let key = try reader.nextKey() {
      if key == "name" {
        scope.name = try symbol(&reader, in: &sink)
      } else if key == "version" {
        scope.version = try symbol(&reader, in: &sink)
      } else if key == "attributes" {
        try decodeAttributes(&reader, into: &sink)
      } else if key == "droppedAttributesCount" || key == "dropped_attributes_count" {
        scope.droppedAttributes = try reader.lenientCount()
      } else {
        try reader.skipValue()
      }
    }
    _ = sink.table.dropRepeatedKeys(from: start)
    scope.attributeCount = UInt32(sink.table.attributes.count - start)
    return sink.table.internScope(scope, attributesFrom: start)
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
