import TraceModel

/// A growing run of bytes that pages, pictures and JSON are written into.
///
/// Appending is the only way to change it. Never shrinks and never reads a locale, so equal calls give equal bytes.
///
/// - Complexity: appending *n* bytes is amortised O(*n*).
package final class ByteBuilder {
  // No call below hands out access to these while another runs, and checking that at run time took a seventh of the
  // time of a page.
  @exclusivity(unchecked) private var start: UnsafeMutablePointer<UInt8>
  @exclusivity(unchecked) private var capacity: Int
  @exclusivity(unchecked) package private(set) var count = 0

  package init(capacity: Int = 1 << 12) {
    self.capacity = max(capacity, 64)
    start = .allocate(capacity: self.capacity)
  }

  deinit { start.deallocate() }

  /// The bytes written so far; valid only until the next append.
  @inline(__always)
  package var pointer: UnsafePointer<UInt8> { UnsafePointer(start) }

  /// A copy of all bytes.
  package var bytes: [UInt8] { [UInt8](UnsafeBufferPointer(start: start, count: count)) }

  /// Calls `body` with all bytes in place.
  package func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) throws -> Result) rethrows -> Result {
    try body(UnsafeBufferPointer(start: start, count: count))
  }

  /// Forgets the bytes and keeps the memory.
  @inline(__always)
  package func removeAll() { count = 0 }

  /// Forgets everything after the first `count` bytes.
  package func truncate(to count: Int) {
    precondition(count >= 0 && count <= self.count, "a builder can only be cut, not grown, by truncating")
    self.count = count
  }

  @inline(__always)
  package func append(_ byte: UInt8) {
    if count == capacity { grow(for: 1) }
    start[count] = byte
    count &+= 1
  }

  @inline(__always)
  package func append(_ source: UnsafePointer<UInt8>, count length: Int) {
    if capacity &- count < length { grow(for: length) }
    (start + count).update(from: source, count: length)
    count &+= length
  }

  @inline(__always)
  package func append(_ literal: StaticString) {
    append(literal.utf8Start, count: literal.utf8CodeUnitCount)
  }

  package func append(_ source: UnsafeBufferPointer<UInt8>) {
    if let base = source.baseAddress { append(base, count: source.count) }
  }

  package func append(_ source: [UInt8]) {
    source.withUnsafeBufferPointer { append($0) }
  }

  package func append(_ text: String) {
    var text = text
    text.withUTF8 { append($0) }
  }

  package func append(_ other: ByteBuilder) {
    append(other.start, count: other.count)
  }

  /// Appends a whole number in decimal digits, without grouping.
  package func append<Value: FixedWidthInteger>(decimal value: Value) {
    DecimalDigits.with(UInt64(clamping: value.magnitude), isNegative: value < 0) { append($0) }
  }

  @inline(never)
  private func grow(for length: Int) {
    var next = capacity
    while next - count < length { next *= 2 }
    let moved = UnsafeMutablePointer<UInt8>.allocate(capacity: next)
    moved.update(from: start, count: count)
    start.deallocate()
    start = moved
    capacity = next
  }
}
