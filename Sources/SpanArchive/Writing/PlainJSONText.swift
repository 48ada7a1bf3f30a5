import TraceModel

/// Arrays and maps of OTLP JSON as plain JSON; `AnyValueText` goes the other way.
///
///     {"values":[{"intValue":"1"},{"stringValue":"a"}]}           ──▶  [1,"a"]
///     {"values":[{"key":"a","value":{"boolValue":true}}]}         ──▶  {"a":true}
///
/// Held are the open brackets alone, one truth value each, so depth does no harm.
struct PlainJSONText {
  private var reader: JSONReader
  private var writer = JSONWriter()
  /// The open containers: true for a map.
  private var isMap: [Bool] = []

  /// The plain JSON of an array or map; nil when the text is not what it should be.
  ///
  /// - Complexity: O(bytes).
  static func convert(_ json: UnsafeBufferPointer<UInt8>, isMap: Bool) -> [UInt8]? {
    // The reader looks at up to 8 bytes behind the end.
    let padded = Array(json) + [UInt8](repeating: 0, count: 8)
    return padded.withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress else { return nil }
      var text = PlainJSONText(
        reader: JSONReader(base: base, position: 0, end: json.count, scratch: TextScratch()))
      do {
        try text.convert(isMap)
        return text.writer.bytes
      } catch {
        return nil
      }
    }
  }

  private mutating func convert(_ outermost: Bool) throws(JSONFault) {
    try open(outermost)
    while let inMap = isMap.last {
      guard try reader.nextElement() else {
        try close()
        continue
      }
      if inMap {
        try beginMember()
      } else {
        try beginValue()
      }
    }
  }

  /// Steps into `{"values":[`.
  private mutating func open(_ map: Bool) throws(JSONFault) {
    try reader.enterObject()
    guard let key = try reader.nextKey(), key == "values" else { throw reader.fault("values") }
    try reader.enterArray()
    isMap.append(map)
    if map { writer.openObject() } else { writer.openArray() }
  }

  /// Steps out of `]}`, and of what holds the container.
  private mutating func close() throws(JSONFault) {
    try finish()
    if isMap.removeLast() { writer.closeObject() } else { writer.closeArray() }
    if let inMap = isMap.last { try endValue(inMap: inMap) }
  }

  /// Reads `{"key":"…","value":` and the value behind it.
  private mutating func beginMember() throws(JSONFault) {
    try reader.enterObject()
    guard let name = try reader.nextKey(), name == "key" else { throw reader.fault("a key") }
    writer.key(try reader.readString().bytes)
    guard let value = try reader.nextKey() else { return writer.null() }
    guard value == "value" else { throw reader.fault("a value") }
    try beginValue()
  }

  /// Reads an `AnyValue`, whole or up to the first element of a container.
  private mutating func beginValue() throws(JSONFault) {
    try reader.enterObject()
    guard let type = try reader.nextKey() else {
      writer.null()
      if isMap.last == true { try finish() }
      return
    }
    if type == "stringValue" || type == "bytesValue" {
      writer.string(try reader.readString().bytes)
    } else if type == "intValue", let value = try reader.lenientInteger() {
      PlainValues.append(value, to: &writer)
    } else if type == "doubleValue", let value = try reader.lenientDouble() {
      PlainValues.append(value, to: &writer)
    } else if type == "boolValue", let value = try reader.lenientBoolean() {
      writer.boolean(value)
    } else if type == "arrayValue" || type == "kvlistValue" {
      return try open(type == "kvlistValue")
    } else {
      throw reader.fault("a type of value")
    }
    try endValue(inMap: isMap.last ?? false)
  }

  /// Steps out of an `AnyValue`, and of the member that holds it.
  private mutating func endValue(inMap: Bool) throws(JSONFault) {
    try finish()
    if inMap { try finish() }
  }

  private mutating func finish() throws(JSONFault) {
    while try reader.nextKey() != nil { try reader.skipValue() }
  }
}
