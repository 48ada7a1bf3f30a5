/// Writes JSON into a growing run of bytes: commas, quotes and escapes are its business, the order of keys the caller's.
///
/// Numbers past 2^53 are the caller's business, too: `decimalText` writes them as texts. No number goes through a
/// locale, so equal calls give equal bytes.
package struct JSONWriter: Sendable {
  /// What was written so far.
  package private(set) var bytes: [UInt8] = []
  private var needsComma = false

  /// Makes a writer that has written nothing.
  package init() {}

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
    bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    needsComma = false
  }

  /// Writes the key of a member, which must need no escapes; its value comes next.
  @inline(__always)
  package mutating func key(_ name: StaticString) {
    key(name.utf8Start, count: name.utf8CodeUnitCount)
  }

  @inline(never)
  private mutating func key(_ name: UnsafePointer<UInt8>, count: Int) {
    separate()
    bytes.extend(by: count + 3) { end in
      end[0] = 0x22
      (end + 1).update(from: name, count: count)
      end[count + 1] = 0x22
      end[count + 2] = 0x3a
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

/// Whole numbers as their digits.
package enum DecimalDigits {
  /// Appends the decimal digits of a number, without grouping or locale.
  package static func append(_ value: Int64, to bytes: inout [UInt8]) {
    var rest = value.magnitude
    if value < 0 { bytes.append(0x2d) }
    if rest < 10 { return bytes.append(UInt8(truncatingIfNeeded: rest) + 0x30) }
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
      var place = 20
      repeat {
        place -= 1
        digits[place] = UInt8(truncatingIfNeeded: rest % 10) + 0x30
        rest /= 10
      } while rest > 0
      bytes.append(contentsOf: UnsafeBufferPointer(rebasing: digits[place...]))
    }
  }
}
