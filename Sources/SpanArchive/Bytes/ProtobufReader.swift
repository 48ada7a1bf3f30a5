/// What went wrong with a protobuf message and where, relative to the reader's first byte.
package struct ProtobufFault: Error {
  package enum Reason {
    /// The bytes end inside the message.
    case endOfInput
    /// A tag, a length or a number is none.
    case malformed
    /// Nested deeper than the limit.
    case tooDeep
  }

  package var reason: Reason
  package var position: Int

  /// The reason as a piece of a sentence.
  package var explanation: String {
    switch reason {
    case .endOfInput: "it ends early"
    case .malformed: "it is no protobuf message"
    case .tooDeep: "it is nested too deeply"
    }
  }
}

/// A pull reader over the bytes of protobuf messages: nothing is built that is not asked for.
///
///     base ──▶ | 0a 12 | 0a 10 5b8e… | 12 08 … |        tag, then a number or a length and so many bytes
///                       ▲ position     ▲ end of the message that was entered
///
/// A field is known by its whole tag (number × 8 + wire type), so a known number with another wire type is an unknown
/// field and passed over, as protobuf wants it. Every read checks the end. Nothing recurses: a message is entered by
/// moving the end, and left by putting it back.
package struct ProtobufReader {
  package let base: UnsafePointer<UInt8>
  package var position: Int
  /// One past the last byte of the message being read.
  private(set) var end: Int
  /// True when messages may end before their length does: then what is there of them is read.
  package let isCut: Bool
  /// How many of the messages that were entered last are whole, in bytes that are cut.
  private var wholeDepth = 0

  /// The deepest nesting that is read.
  package static let deepestNesting = 100

  /// Reads the bytes from `position` up to `end`.
  package init(base: UnsafePointer<UInt8>, position: Int, end: Int, isCut: Bool = false) {
    self.base = base
    self.position = position
    self.end = end
    self.isCut = isCut
  }

  @inline(never)
  package func fault(_ reason: ProtobufFault.Reason) -> ProtobufFault {
    ProtobufFault(reason: reason, position: position)
  }

  /// The tag of the next field, the position before its value; nil at the end of the message.
  @inline(__always)
  package mutating func nextTag() throws(ProtobufFault) -> UInt64? {
    guard position < end else {
      if isCut, wholeDepth == 0 { throw fault(.endOfInput) }
      return nil
    }
    return try varint()
  }

  /// An integer of 1 to 10 bytes, 7 bits each, the lowest first.
  @inline(__always)
  package mutating func varint() throws(ProtobufFault) -> UInt64 {
    if position < end, base[position] < 0x80 {
      position &+= 1
      return UInt64(base[position &- 1])
    }
    return try longVarint()
  }

  @inline(never)
  private mutating func longVarint() throws(ProtobufFault) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while position < end {
      let byte = base[position]
      position &+= 1
      value |= UInt64(byte & 0x7f) << shift
      if byte < 0x80 { return value }
      shift &+= 7
      if shift > 63 { throw fault(.malformed) }
    }
    throw fault(.endOfInput)
  }

  /// A number of 8 bytes.
  @inline(__always)
  package mutating func fixed64() throws(ProtobufFault) -> UInt64 {
    guard end &- position >= 8 else { throw fault(.endOfInput) }
    let value = UnsafeRawPointer(base).loadUnaligned(fromByteOffset: position, as: UInt64.self)
    position &+= 8
    return UInt64(littleEndian: value)
  }

  /// A number of 4 bytes.
  @inline(__always)
  package mutating func fixed32() throws(ProtobufFault) -> UInt32 {
    guard end &- position >= 4 else { throw fault(.endOfInput) }
    let value = UnsafeRawPointer(base).loadUnaligned(fromByteOffset: position, as: UInt32.self)
    position &+= 4
    return UInt32(littleEndian: value)
  }

  /// The bytes of a text, a byte string or a message, where they lie.
  @inline(__always)
  package mutating func bytes() throws(ProtobufFault) -> JSONText {
    let length = try varint()
    guard length <= UInt64(end &- position) else { throw fault(.endOfInput) }
    let text = JSONText(base: base + position, count: Int(length))
    position &+= text.count
    return text
  }

  /// Steps into the message that begins here with its length, and gives what `leave` needs.
  @inline(__always)
  package mutating func enter() throws(ProtobufFault) -> Int {
    let length = try varint()
    let outer = end
    if length <= UInt64(end &- position) {
      end = position &+ Int(length)
      if isCut { wholeDepth &+= 1 }
    } else if !isCut {
      throw fault(.endOfInput)
    }
    return outer
  }

  /// Steps out of a message, over what is left of it.
  @inline(__always)
  package mutating func leave(_ outer: Int) {
    position = end
    end = outer
    if isCut, wholeDepth > 0 { wholeDepth &-= 1 }
  }

  /// Passes over the value of a field.
  @inline(never)
  package mutating func skip(_ tag: UInt64) throws(ProtobufFault) {
    guard tag >> 3 != 0 else { throw fault(.malformed) }
    switch tag & 7 {
    case 0: _ = try varint()
    case 1: _ = try fixed64()
    case 2: _ = try bytes()
    case 5: _ = try fixed32()
    default: throw fault(.malformed)  // groups, and what is not defined
    }
  }
}
