/// What type an attribute's value has, and how it is held.
@frozen
public enum AttributeType: UInt8, BitwiseCopyable, Sendable {
  /// No value at all (`{}` in OTLP).
  case empty
  /// A text: the payload is a symbol.
  case text
  /// A truth value: the payload is 0 or 1.
  case boolean
  /// A 64-bit integer that fits 32 bits: the payload is its bit pattern.
  case smallInteger
  /// A 64-bit integer: the payload is a place among the table's wide values.
  case integer
  /// A double: the payload is a place among the table's wide values.
  case double
  /// Bytes: the payload is the symbol of their standard base64 text.
  case bytes
  /// An array: the payload is the symbol of its OTLP JSON (`{"values":[…]}`).
  case array
  /// A map: the payload is the symbol of its OTLP JSON (`{"values":[…]}`).
  case map

  /// True when the payload is a symbol.
  @inlinable
  public var isSymbol: Bool {
    switch self {
    case .text, .bytes, .array, .map: true
    case .empty, .boolean, .smallInteger, .integer, .double: false
    }
  }
}

/// A key and a value in 8 bytes.
///
///     keyAndType  |  key: 28 bits  | type: 4 bits |
///     payload     |  symbol, small number or place of a wide value: 32 bits |
@frozen
public struct Attribute: BitwiseCopyable, Sendable {
  @usableFromInline var keyAndType: UInt32
  /// The value itself or where it is, as the type says.
  public var payload: UInt32

  /// The largest number a key's symbol may have.
  public static let largestKey: UInt32 = (1 << 28) - 1

  /// Makes an attribute of its parts; the key's number must be at most `largestKey`.
  @inlinable
  public init(key: Symbol, type: AttributeType, payload: UInt32) {
    precondition(key.index <= Self.largestKey)
    keyAndType = key.index << 4 | UInt32(type.rawValue)
    self.payload = payload
  }

  /// The symbol of the key.
  @inlinable
  public var key: Symbol { Symbol(keyAndType >> 4) }

  /// How the value is held.
  @inlinable
  public var type: AttributeType { AttributeType(rawValue: UInt8(keyAndType & 0xf)) ?? .empty }
}

/// A value taken out of a table, to be looked at.
public enum AttributeValue: Sendable, Equatable {
  /// No value at all.
  case empty
  /// A text.
  case text(String)
  /// A truth value.
  case boolean(Bool)
  /// A 64-bit integer.
  case integer(Int64)
  /// A double; may be infinite or not a number.
  case double(Double)
  /// Bytes, as standard base64 text.
  case bytes(base64: String)
  /// An array, as the OTLP JSON of an `ArrayValue`.
  case array(json: String)
  /// A map, as the OTLP JSON of a `KeyValueList`.
  case map(json: String)
}
