import TraceModel

/// Attribute values for formats that know plain JSON values, or texts alone.
struct PlainValues {
  let store: SpanStore

  /// The largest whole number that every reader of JSON keeps.
  private static let largestExact: UInt64 = 1 << 53 - 1

  /// Appends a value as JSON; what JSON has no word for becomes a text.
  func append(_ attribute: Attribute, table: UInt16, to writer: inout JSONWriter) {
    switch store.value(of: attribute, table: table) {
    case .empty: writer.null()
    case .text, .bytes: writer.string(store.symbols.bytes(Symbol(attribute.payload)))
    case .boolean(let value): writer.boolean(value)
    case .integer(let value): Self.append(value, to: &writer)
    case .double(let value): Self.append(value, to: &writer)
    case .array, .map:
      if let json = plainJSON(of: attribute) {
        writer.raw(json)
      } else {
        writer.string(store.symbols.bytes(Symbol(attribute.payload)))
      }
    }
  }

  /// Appends a value as a JSON text.
  func appendText(_ attribute: Attribute, table: UInt16, to writer: inout JSONWriter) {
    switch store.value(of: attribute, table: table) {
    case .empty: writer.string("")
    case .text, .bytes: writer.string(store.symbols.bytes(Symbol(attribute.payload)))
    case .boolean(let value): writer.string(value ? "true" : "false")
    case .integer(let value): writer.decimalText(value)
    case .double(let value): writer.string(Self.text(of: value))
    case .array, .map:
      if let json = plainJSON(of: attribute) {
        json.withUnsafeBufferPointer { writer.string($0) }
      } else {
        writer.string(store.symbols.bytes(Symbol(attribute.payload)))
      }
    }
  }

  /// Appends attributes as an object; nothing but the key `name` and it, where there are any.
  func append(
    _ attributes: UnsafeBufferPointer<Attribute>, table: UInt16, as name: StaticString,
    to writer: inout JSONWriter
  ) {
    guard !attributes.isEmpty else { return }
    writer.key(name)
    append(attributes, table: table, to: &writer)
  }

  /// Appends attributes as an object.
  func append(_ attributes: UnsafeBufferPointer<Attribute>, table: UInt16, to writer: inout JSONWriter) {
    writer.object { writer in
      for attribute in attributes {
        writer.key(store.symbols.bytes(attribute.key))
        append(attribute, table: table, to: &writer)
        writer.endPiece()
      }
    }
  }

  /// Appends a whole number, as a text where not every reader would keep its digits.
  static func append(_ value: Int64, to writer: inout JSONWriter) {
    if value.magnitude <= largestExact { writer.integer(value) } else { writer.decimalText(value) }
  }

  /// Appends a double, infinite ones and `NaN` as texts.
  static func append(_ value: Double, to writer: inout JSONWriter) {
    if value.isFinite { writer.double(value) } else { writer.string(text(of: value)) }
  }

  private static func text(of value: Double) -> String {
    value.isFinite ? value.description : value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity"
  }

  private func plainJSON(of attribute: Attribute) -> [UInt8]? {
    PlainJSONText.convert(store.symbols.bytes(Symbol(attribute.payload)), isMap: attribute.type == .map)
  }
}
