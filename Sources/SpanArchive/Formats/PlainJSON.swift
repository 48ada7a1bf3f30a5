import TraceModel

/// Plain JSON values as attributes: Jaeger, Zipkin and native tags, and lenient OTLP.
enum PlainJSON {
  /// Appends an attribute with the JSON value that begins here; arrays and objects become OTLP arrays and maps.
  ///
  /// A key whose number is too large for one becomes the empty one.
  static func appendAttribute(
    _ key: Symbol, _ reader: inout JSONReader, into sink: inout SpanSink
  ) throws(JSONFault) {
    let key = key.index <= Attribute.largestKey ? key : .empty
    switch reader.peekKind() {
    case .text:
      let text = try reader.readString()
      sink.table.appendAttribute(key, text: sink.table.valueSymbol(of: key, text.base, count: text.count))
    case .boolean:
      let isTrue = reader.byte == 0x74
      try reader.skipValue()
      sink.table.appendAttribute(key, boolean: isTrue)
    case .number: appendNumber(key, try reader.readNumber(), into: &sink)
    case .null, .nothing:
      try reader.skipValue()
      sink.table.appendEmptyAttribute(key)
    case .array, .object:
      let type: AttributeType = reader.byte == 0x5b ? .array : .map
      let json = try AnyValueText.convert(&reader)
      let symbol = json.withUnsafeBufferPointer { sink.table.symbols.intern($0) }
      sink.table.appendAttribute(key, type: type, symbol: symbol)
    }
  }

  /// Appends a number: an integer when it is written as one and fits, else a double.
  static func appendNumber(_ key: Symbol, _ text: JSONText, into sink: inout SpanSink) {
    let isWhole = !text.bytes.contains { $0 == 0x2e || $0 | 0x20 == 0x65 }
    if isWhole, let value = Digits.integer(text) {
      sink.table.appendAttribute(key, integer: value)
    } else if let value = Double(text.string) {
      sink.table.appendAttribute(key, double: value)
    } else {
      sink.table.appendAttribute(key, text: sink.table.symbols.intern(text.base, count: text.count))
    }
  }
}

/// Turns plain JSON arrays and objects into the OTLP JSON of an `ArrayValue` or `KeyValueList`.
///
///     [1,{"a":true}]  ──▶  {"values":[{"intValue":"1"},{"kvlistValue":{"values":[{"key":"a","value":{"boolValue":true}}]}}]}
enum AnyValueText {
  /// The OTLP JSON of the array or object that begins here.
  ///
  /// - Complexity: O(bytes), with a stack of one bit a level.
  static func convert(_ reader: inout JSONReader) throws(JSONFault) -> [UInt8] {
    var text: [UInt8] = []
    var isObject: [Bool] = []
    var needsComma = false
    repeat {
      if let inObject = isObject.last {
        if inObject {
          guard let key = try reader.nextKey() else {
            close(&isObject, &text, &needsComma)
            continue
          }
          if needsComma { text.append(0x2c) }
          text += "{\"key\":".utf8
          JSONString.append(key.bytes, to: &text)
          text += ",\"value\":".utf8
        } else {
          guard try reader.nextElement() else {
            close(&isObject, &text, &needsComma)
            continue
          }
          if needsComma { text.append(0x2c) }
        }
      }
      try appendValue(&reader, &isObject, &text, &needsComma)
    } while !isObject.isEmpty
    return text
  }

  private static func appendValue(
    _ reader: inout JSONReader, _ isObject: inout [Bool], _ text: inout [UInt8], _ needsComma: inout Bool
  ) throws(JSONFault) {
    needsComma = true
    let kind = reader.peekKind()
    switch kind {
    case .object, .array:
      guard isObject.count < JSONReader.deepestNesting else {
        throw JSONFault(reason: .tooDeep, position: reader.position)
      }
      if !isObject.isEmpty { text += (kind == .object ? "{\"kvlistValue\":" : "{\"arrayValue\":").utf8 }
      text += "{\"values\":[".utf8
      reader.position += 1
      isObject.append(kind == .object)
      needsComma = false
      return
    case .text:
      text += "{\"stringValue\":".utf8
      JSONString.append(try reader.readString().bytes, to: &text)
    case .number:
      let number = try reader.readNumber()
      if let value = Digits.integer(number), !number.bytes.contains(0x2e) {
        text += "{\"intValue\":\"\(value)\"".utf8
      } else {
        text += "{\"doubleValue\":".utf8
        text += number.bytes
      }
    case .boolean:
      text += (reader.byte == 0x74 ? "{\"boolValue\":true" : "{\"boolValue\":false").utf8
      try reader.skipValue()
    case .null, .nothing:
      try reader.skipValue()
      text.append(0x7b)
    }
    text.append(0x7d)
    closeMember(isObject, &text)
  }

  private static func close(_ isObject: inout [Bool], _ text: inout [UInt8], _ needsComma: inout Bool) {
    text += "]}".utf8
    isObject.removeLast()
    if !isObject.isEmpty { text.append(0x7d) }
    closeMember(isObject, &text)
    needsComma = true
  }

  /// Ends `{"key":…,"value":…` when the value stood in an object.
  private static func closeMember(_ isObject: [Bool], _ text: inout [UInt8]) {
    if isObject.last == true { text.append(0x7d) }
  }
}
