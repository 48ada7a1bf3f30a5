import TraceModel

/// The attributes of OTLP protobuf: `KeyValue` and `AnyValue`.
enum OTLPProtobufValue {
  /// Appends the attribute that begins here with its length.
  @inline(__always)
  static func decodeAttribute(
    _ reader: inout ProtobufReader, into sink: inout SpanSink
  ) throws(ProtobufFault) {
    let outer = try reader.enter()
    let start = sink.table.attributes.count
    var key = Symbol.empty
    while let tag = try reader.nextTag() {
      switch tag {
      case 0x0a:
        let text = try reader.bytes()
        key = Self.key(text, in: &sink)
      case 0x12:
        sink.table.attributes.truncate(to: start)
        let inner = try reader.enter()
        try decodeValue(key, &reader, into: &sink)
        reader.leave(inner)
      default: try reader.skip(tag)
      }
    }
    reader.leave(outer)
    if sink.table.attributes.count == start || sink.table.attributes[start].key != key {
      settle(key, from: start, in: &sink)
    }
  }

  /// The key stood behind the value, or there was no value, or no key fits any more.
  @inline(never)
  private static func settle(_ key: Symbol, from start: Int, in sink: inout SpanSink) {
    guard key.index <= Attribute.largestKey else { return sink.table.attributes.truncate(to: start) }
    guard sink.table.attributes.count > start else { return sink.table.appendEmptyAttribute(key) }
    let value = sink.table.attributes[start]
    sink.table.attributes[start] = Attribute(key: key, type: value.type, payload: value.payload)
  }

  /// Appends an attribute with the `AnyValue` that the reader stands in.
  private static func decodeValue(
    _ key: Symbol, _ reader: inout ProtobufReader, into sink: inout SpanSink
  ) throws(ProtobufFault) {
    let key = key.index <= Attribute.largestKey ? key : .empty
    let start = sink.table.attributes.count
    while let tag = try reader.nextTag() {
      sink.table.attributes.truncate(to: start)
      switch tag {
      case 0x0a:
        let text = try reader.bytes()
        sink.table.appendAttribute(key, text: symbol(text, of: key, in: &sink))
      case 0x10: sink.table.appendAttribute(key, boolean: try reader.varint() != 0)
      case 0x18: sink.table.appendAttribute(key, integer: Int64(bitPattern: try reader.varint()))
      case 0x21: sink.table.appendAttribute(key, double: Double(bitPattern: try reader.fixed64()))
      default: try decodeRareValue(tag, key, &reader, into: &sink)
      }
    }
    if sink.table.attributes.count == start { sink.table.appendEmptyAttribute(key) }
  }

  /// The symbol of a key.
  @inline(__always)
  private static func key(_ text: JSONText, in sink: inout SpanSink) -> Symbol {
    guard UTF8Check.isASCII(text) else { return sink.symbol(text) }
    let guess = sink.binaryGuesses.nextKey
    if sink.table.symbols.isText(guess, text.base, count: text.count) {
      sink.binaryGuesses.wasRight(guess)
      return guess
    }
    let key = sink.table.symbols.intern(text.base, count: text.count)
    sink.binaryGuesses.wasWrong(key, canBeGuessed: true)
    return key
  }

  /// The symbol of the text value of a key.
  @inline(__always)
  private static func symbol(_ text: JSONText, of key: Symbol, in sink: inout SpanSink) -> Symbol {
    guard UTF8Check.isASCII(text) else { return sink.symbol(text) }
    let guess = sink.binaryGuesses.value(of: key)
    if sink.table.symbols.isText(guess, text.base, count: text.count) { return guess }
    let symbol = sink.table.valueSymbol(of: key, text.base, count: text.count)
    sink.binaryGuesses.remember(symbol, of: key)
    return symbol
  }

  @inline(never)
  private static func decodeRareValue(
    _ tag: UInt64, _ key: Symbol, _ reader: inout ProtobufReader, into sink: inout SpanSink
  ) throws(ProtobufFault) {
    switch tag {
    case 0x2a, 0x32:
      let json = try ProtobufListText.convert(&reader, isMap: tag == 0x32, scratch: sink.scratch)
      let symbol = json.withUnsafeBufferPointer { sink.table.symbols.intern($0) }
      sink.table.appendAttribute(key, type: tag == 0x32 ? .map : .array, symbol: symbol)
    case 0x3a:
      let base64 = Base64.encode(try reader.bytes().bytes)
      let symbol = base64.withUnsafeBufferPointer { sink.table.symbols.intern($0) }
      sink.table.appendAttribute(key, type: .bytes, symbol: symbol)
    default: try reader.skip(tag)
    }
  }
}

/// Turns protobuf `ArrayValue` and `KeyValueList` into their OTLP JSON, as attributes hold them.
///
/// Walks nested lists with a stack of its own.
struct ProtobufListText {
  /// A list that is open, and the ends of the messages around it.
  private struct Level {
    let isMap: Bool
    /// The ends to go back to: of the list's message, its `AnyValue`, and its `KeyValue`.
    let outer: [Int]
    var needsComma = false
  }

  private var text: [UInt8] = []
  private var levels: [Level] = []
  private let scratch: TextScratch

  private init(scratch: TextScratch) { self.scratch = scratch }

  /// The JSON of the list that begins here with its length.
  ///
  /// - Complexity: O(bytes).
  static func convert(
    _ reader: inout ProtobufReader, isMap: Bool, scratch: TextScratch
  ) throws(ProtobufFault) -> [UInt8] {
    var converter = ProtobufListText(scratch: scratch)
    try converter.open(isMap: isMap, &reader, around: [])
    while let level = converter.levels.last {
      guard let tag = try reader.nextTag() else {
        converter.close(&reader)
        continue
      }
      guard tag == 0x0a else {
        try reader.skip(tag)
        continue
      }
      if level.needsComma { converter.text.append(0x2c) }
      converter.levels[converter.levels.count - 1].needsComma = true
      let outer = try reader.enter()
      if level.isMap {
        try converter.appendMember(&reader, outer)
      } else {
        try converter.appendValue(&reader, around: [outer])
      }
    }
    return converter.text
  }

  private mutating func open(
    isMap: Bool, _ reader: inout ProtobufReader, around outer: [Int]
  ) throws(ProtobufFault) {
    guard levels.count < ProtobufReader.deepestNesting else { throw reader.fault(.tooDeep) }
    levels.append(Level(isMap: isMap, outer: [try reader.enter()] + outer))
    text += "{\"values\":[".utf8
  }

  private mutating func close(_ reader: inout ProtobufReader) {
    let level = levels.removeLast()
    text += "]}".utf8
    for end in level.outer { reader.leave(end) }
    // One brace for the value around the list, one for the member around that.
    for _ in 1..<max(1, level.outer.count) { text.append(0x7d) }
  }

  /// Appends `{"key":…,"value":…}`; the reader stands in a `KeyValue`.
  private mutating func appendMember(
    _ reader: inout ProtobufReader, _ outer: Int
  ) throws(ProtobufFault) {
    var probe = reader
    var value: ProtobufReader?
    text += "{\"key\":".utf8
    var key = JSONText(base: JSONText.nowhere, count: 0)
    while let tag = try probe.nextTag() {
      if tag == 0x0a {
        key = try probe.bytes()
      } else if tag == 0x12 {
        value = probe
        try probe.skip(tag)
      } else {
        try probe.skip(tag)
      }
    }
    append(key)
    text += ",\"value\":".utf8
    guard let value else {
      text += "{}}".utf8
      return reader.leave(outer)
    }
    reader = value
    let inner = try reader.enter()
    try appendValue(&reader, around: [inner, outer])
  }

  /// Appends the `AnyValue` that the reader stands in, and leaves it and what is around it unless a list was opened.
  private mutating func appendValue(
    _ reader: inout ProtobufReader, around outer: [Int]
  ) throws(ProtobufFault) {
    text.append(0x7b)
    if let tag = try reader.nextTag() {
      switch tag {
      case 0x0a:
        text += "\"stringValue\":".utf8
        append(try reader.bytes())
      case 0x10: text += (try reader.varint() != 0 ? "\"boolValue\":true" : "\"boolValue\":false").utf8
      case 0x18: text += "\"intValue\":\"\(Int64(bitPattern: try reader.varint()))\"".utf8
      case 0x21: appendDouble(Double(bitPattern: try reader.fixed64()))
      case 0x2a:
        text += "\"arrayValue\":".utf8
        return try open(isMap: false, &reader, around: outer)
      case 0x32:
        text += "\"kvlistValue\":".utf8
        return try open(isMap: true, &reader, around: outer)
      case 0x3a:
        text += "\"bytesValue\":\"".utf8
        text += Base64.encode(try reader.bytes().bytes)
        text.append(0x22)
      default: try reader.skip(tag)
      }
    }
    for end in outer {
      reader.leave(end)
      text.append(0x7d)
    }
  }

  private mutating func appendDouble(_ value: Double) {
    text += "\"doubleValue\":".utf8
    if value.isFinite {
      text += value.description.utf8
    } else {
      text += (value.isNaN ? "\"NaN\"" : value < 0 ? "\"-Infinity\"" : "\"Infinity\"").utf8
    }
  }

  private mutating func append(_ string: JSONText) {
    JSONString.append(scratch.repair(string.bytes).text.bytes, to: &text)
  }
}
