import TraceModel

/// Attributes of OTLP JSON: quickly as exporters write them, else in any order and spacing.
///
///     {"key":"thread.id","value":{"intValue":"42"}}
///     0      7          ▲ after the key
///
/// The key that came after the last one last time, and the value this key had last time, are compared where they
/// stand before anything is scanned: most attributes repeat those of the last span of the same name.
extension OTLPJSON {
  /// Appends the attributes of the array that begins here, and interns all their texts, whatever happens.
  static func decodeSharedAttributes(
    _ reader: inout JSONReader, into sink: inout SpanSink
  ) throws(JSONFault) {
    // When it fails, the bytes are still there; soon they may not be.
    defer { sink.settleTexts() }
    try decodeAttributes(&reader, into: &sink)
  }

  /// Appends the attributes of the array that begins here; texts may be waiting in `SpanSink.pending` then.
  @inline(__always)
  static func decodeAttributes(_ reader: inout JSONReader, into sink: inout SpanSink) throws(JSONFault) {
    guard try reader.enterArrayOrSkip() else { return }
    while try reader.nextElement() { try decodeAttribute(&reader, into: &sink) }
  }

  @inline(__always)
  private static func decodeAttribute(
    _ reader: inout JSONReader, into sink: inout SpanSink
  ) throws(JSONFault) {
    let start = reader.position
    guard start &+ 32 < reader.end, reader.load(start) == Literal.openKey else {
      return try decodeAttributeSlowly(&reader, into: &sink)
    }
    reader.position = start &+ 7
    let key = try decodeKey(&reader, into: &sink)
    let place = reader.position
    guard key.index <= Attribute.largestKey, place &+ 48 < reader.end,
      reader.load(place) == Literal.commaValue, reader.load(place &+ 3) == Literal.valueOpen
    else {
      reader.position = start
      return try decodeAttributeSlowly(&reader, into: &sink)
    }
    let value = place &+ 11
    if reader.load(value) == Literal.stringValue, reader.load(value &+ 5) == Literal.stringColon,
      reader.base[value &+ 13] == 0x22
    {
      reader.position = value &+ 13
      try decodeText(key, &reader, into: &sink)
    } else if reader.load(value) == Literal.intValue, reader.load(value &+ 3) == Literal.intColon,
      let number = takeSmallInteger(&reader, at: value &+ 11)
    {
      sink.table.appendAttribute(key, integer: number)
    } else {
      reader.position = place &+ 9
      try decodeValue(&reader, key: key, into: &sink)
      return try finish(&reader)
    }
    if reader.position &+ 1 < reader.end, reader.base[reader.position] == 0x7d,
      reader.base[reader.position &+ 1] == 0x7d
    {
      reader.position &+= 2
      return
    }
    // Something more stands in the value: pass over it and over the rest of the attribute.
    try finish(&reader)
    try finish(&reader)
  }

  /// Reads the key that stands here.
  @inline(__always)
  private static func decodeKey(
    _ reader: inout JSONReader, into sink: inout SpanSink
  ) throws(JSONFault) -> Symbol {
    let guess = sink.guesses.nextKey
    if reader.take(sink.table.symbols.bytes(whileReading: guess)) {
      sink.guesses.wasRight(guess)
      return guess
    }
    let text = try reader.readString()
    let key = sink.table.symbols.intern(text.base, count: text.count)
    sink.guesses.wasWrong(key, canBeGuessed: reader.isInPlace(text))
    return key
  }

  /// Reads the text that stands here and appends it; one that stays where it is may be interned later.
  @inline(__always)
  private static func decodeText(
    _ key: Symbol, _ reader: inout JSONReader, into sink: inout SpanSink
  ) throws(JSONFault) {
    let guess = sink.guesses.value(of: key)
    if reader.take(sink.table.symbols.bytes(whileReading: guess)) {
      return sink.table.appendAttribute(key, text: guess)
    }
    let text = try reader.readString()
    if reader.isInPlace(text) {
      sink.pending.append(key, text, to: &sink.table, &sink.guesses)
    } else {
      sink.table.appendAttribute(key, text: sink.table.symbols.intern(text.base, count: text.count))
    }
  }

  /// The number of up to 9 digits that stands here with its closing quote, having passed over both; else nil.
  @inline(__always)
  private static func takeSmallInteger(_ reader: inout JSONReader, at start: Int) -> Int64? {
    var place = start
    var number: Int64 = 0
    while place < start &+ 9 {
      let digit = reader.base[place] &- 0x30
      guard digit < 10 else { break }
      number = number &* 10 &+ Int64(digit)
      place &+= 1
    }
    guard place > start, reader.base[place] == 0x22 else { return nil }
    reader.position = place &+ 1
    return number
  }

  /// Passes over what stands before the end of an object.
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
      if sink.table.attributes.count > start {
        // There can only be one value; the first counts.
        try reader.skipValue()
      } else if try reader.skipNull() {
        continue
      } else if name == "stringValue" || name == "string_value" {
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
    static var stringColon: UInt64 { 0x3a22_6575_6c61_5667 }
    /// `intValue`
    static var intValue: UInt64 { 0x6575_6c61_5674_6e69 }
    /// `Value":"`
    static var intColon: UInt64 { 0x223a_2265_756c_6156 }
  }
}
