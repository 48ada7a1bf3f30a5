/// Writes JSON into a growing run of bytes: commas, quotes and escapes are its business, the order of keys the caller's.
///
/// Numbers past 2^53 are the caller's business, too: `decimalText` writes them as texts. No number goes through a
/// locale, so equal calls give equal bytes.
package struct JSONWriter: Sendable {
  /// What was written so far.
  package private(set) var bytes: [UInt8] = []
  private var needsComma = false
  /// Takes what was written, piece after piece; nil when it is kept until it is asked for.
  private let take: (@Sendable ([UInt8]) -> Void)?

  private static let pieceLength = 1 << 16

  /// Makes a writer that has written nothing.
  package init() { take = nil }

  /// Makes a writer that gives up what it has written at the ends of pieces, if that is much: what it holds in `bytes` is the
  /// rest.
  package init(givingPiecesTo take: @escaping @Sendable ([UInt8]) -> Void) { self.take = take }

  /// Ends a piece, such as a span: so the line of a large trace need not be in memory whole.
  package mutating func endPiece() {
    guard bytes.count >= Self.pieceLength, let take else { return }
    take(bytes)
    bytes.removeAll(keepingCapacity: true)
  }

  /// Forgets what was written and keeps the memory.
  package mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    needsComma = false
  }

  /// Gives up what was written so far; writing goes on behind it.
  package mutating func takeBytes() -> [UInt8] {
    var taken: [UInt8] = []
    swap(&taken, &bytes)
    return taken
  }

  /// Ends a line of newline-delimited JSON.
  package mutating func endLine() {
    bytes.append(0x0a)
    needsComma = false
  }

  /// Writes an object whose members `body` writes.
  @inline(__always)
  package mutating func object(_ body: (inout JSONWriter) throws -> Void) rethrows {
    separate()
    bytes.append(0x7b)
    needsComma = false
    try body(&self)
    bytes.append(0x7d)
    needsComma = true
  }

  /// Writes an array whose elements `body` writes.
  @inline(__always)
  package mutating func array(_ body: (inout JSONWriter) throws -> Void) rethrows {
    separate()
    bytes.append(0x5b)
    needsComma = false
    try body(&self)
    bytes.append(0x5d)
    needsComma = true
  }

  /// Begins an object whose end is not known yet; `closeObject` ends it.
  package mutating func openObject() { open(0x7b) }

  /// Ends what `openObject` began.
  package mutating func closeObject() { close(0x7d) }

  /// Begins an array whose end is not known yet; `closeArray` ends it.
  package mutating func openArray() { open(0x5b) }

  /// Ends what `openArray` began.
  package mutating func closeArray() { close(0x5d) }

  private mutating func open(_ bracket: UInt8) {
    separate()
    bytes.append(bracket)
    needsComma = false
  }

  private mutating func close(_ bracket: UInt8) {
    bytes.append(bracket)
    needsComma = true
  }

  /// Writes what stands around values: no comma comes before or after it.
  package mutating func verbatim(_ text: StaticString) {
    bytes.append(contentsOf: text.bytes)
    needsComma = false
  }

  /// Writes the key of a member, which must need no escapes; its value comes next.
  @inline(__always)
  package mutating func key(_ name: StaticString) { key(plain: name.bytes) }

  @inline(never)
  private mutating func key(plain name: UnsafeBufferPointer<UInt8>) {
    separate()
    bytes.extend(by: name.count + 3) { end in
      var end = end
      JSONString.putQuoted(name, at: &end)
      end.pointee = 0x3a
    }
    needsComma = false
  }

  /// Writes the key of a member that comes from data.
  package mutating func key(_ name: String) {
    string(name)
    bytes.append(0x3a)
    needsComma = false
  }

  /// Writes the key of a member that is valid UTF-8.
  package mutating func key(_ name: UnsafeBufferPointer<UInt8>) {
    string(name)
    bytes.append(0x3a)
    needsComma = false
  }

  /// Writes a text.
  package mutating func string(_ text: String) {
    var text = text
    text.withUTF8 { string($0) }
  }

  /// Writes a text of valid UTF-8.
  package mutating func string(_ text: UnsafeBufferPointer<UInt8>) {
    separate()
    JSONString.append(text, to: &bytes)
    needsComma = true
  }

  /// Writes a value in which only two texts change, both of valid UTF-8: cheaper than writing it piece by piece.
  ///
  ///     before"first"between"second"after
  ///
  /// - Parameters:
  ///   - before: from the value's first byte to the quote of the first text.
  ///   - between: from behind the quote of the first text to that of the second.
  ///   - after: from behind the quote of the second text to the value's end.
  package mutating func value(
    _ before: StaticString, _ first: UnsafeBufferPointer<UInt8>, _ between: StaticString,
    _ second: UnsafeBufferPointer<UInt8>, _ after: StaticString
  ) {
    separate()
    needsComma = true
    guard JSONString.isPlain(first), JSONString.isPlain(second) else {
      bytes.append(contentsOf: before.bytes)
      JSONString.append(first, to: &bytes)
      bytes.append(contentsOf: between.bytes)
      JSONString.append(second, to: &bytes)
      bytes.append(contentsOf: after.bytes)
      return
    }
    let fixed = before.utf8CodeUnitCount + between.utf8CodeUnitCount + after.utf8CodeUnitCount
    bytes.extend(by: fixed + first.count + second.count + 4) { end in
      var end = end
      JSONString.put(before.bytes, at: &end)
      JSONString.putQuoted(first, at: &end)
      JSONString.put(between.bytes, at: &end)
      JSONString.putQuoted(second, at: &end)
      JSONString.put(after.bytes, at: &end)
    }
  }

  /// Writes a whole number.
  package mutating func integer(_ value: some FixedWidthInteger) {
    separate()
    appendDecimal(Int64(clamping: value))
    needsComma = true
  }

  /// Writes a whole number as a text of its digits, as the contract wants times and lengths.
  package mutating func decimalText(_ value: Int64) {
    separate()
    bytes.append(0x22)
    appendDecimal(value)
    bytes.append(0x22)
    needsComma = true
  }

  /// Writes a double in its shortest form that reads back the same; what JSON has no word for becomes null.
  package mutating func double(_ value: Double) {
    separate()
    bytes.append(contentsOf: (value.isFinite ? value.description : "null").utf8)
    needsComma = true
  }

  /// Writes true or false.
  package mutating func boolean(_ value: Bool) {
    separate()
    bytes.append(contentsOf: (value ? "true" : "false").utf8)
    needsComma = true
  }

  /// Writes null.
  package mutating func null() {
    separate()
    bytes.append(contentsOf: "null".utf8)
    needsComma = true
  }

  /// Writes a trace id as 32 digits.
  package mutating func id(_ id: TraceID) {
    separate()
    bytes.extend(by: 34) { end in
      end[0] = 0x22
      HexDigits.write(id.high, to: end + 1)
      HexDigits.write(id.low, to: end + 17)
      end[33] = 0x22
    }
    needsComma = true
  }

  /// Writes a span id as 16 digits; the absent one as an empty text.
  package mutating func id(_ id: SpanID) {
    separate()
    needsComma = true
    guard !id.isAbsent else { return bytes.append(contentsOf: "\"\"".utf8) }
    bytes.extend(by: 18) { end in
      end[0] = 0x22
      HexDigits.write(id.rawValue, to: end + 1)
      end[17] = 0x22
    }
  }

  /// Writes a value that is JSON already.
  package mutating func raw(_ json: some Sequence<UInt8>) {
    separate()
    bytes.append(contentsOf: json)
    needsComma = true
  }

  @inline(__always)
  private mutating func separate() {
    if needsComma { bytes.append(0x2c) }
  }

  private mutating func appendDecimal(_ value: Int64) { DecimalDigits.append(value, to: &bytes) }
}

extension StaticString {
  /// Its UTF-8 bytes, which are there as long as the program.
  @inline(__always)
  fileprivate var bytes: UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: utf8Start, count: utf8CodeUnitCount)
  }
}

/// Whole numbers as their digits.
package enum DecimalDigits {
  /// Appends the decimal digits of a number, without grouping or locale.
  package static func append(_ value: Int64, to bytes: inout [UInt8]) {
    if value >= 0, value < 10 { return bytes.append(UInt8(truncatingIfNeeded: value) + 0x30) }
    with(value) { bytes.append(contentsOf: $0) }
  }

  /// Calls `body` with the decimal digits of a number, without grouping or locale.
  @inline(__always)
  package static func with(_ value: Int64, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
    with(value.magnitude, isNegative: value < 0, body)
  }

  /// The same, with a sign before them if asked.
  @inline(__always)
  package static func with(
    _ magnitude: UInt64, isNegative: Bool, _ body: (UnsafeBufferPointer<UInt8>) -> Void
  ) {
    // 64 bits have 20 digits at most.
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 21) { digits in
      var rest = magnitude
      var place = 21
      repeat {
        place &-= 1
        digits[place] = UInt8(truncatingIfNeeded: rest % 10) + 0x30
        rest /= 10
      } while rest > 0
      if isNegative {
        place &-= 1
        digits[place] = 0x2d
      }
      body(UnsafeBufferPointer(rebasing: digits[place...]))
    }
  }
}
