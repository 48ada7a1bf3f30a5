import Glibc

/// A growing run of bytes that JSON is written into by hand.
///
/// Every span costs some hundred small appends, so an append is a capacity check and a copy, nothing more.
final class ByteBuffer {
  private var base: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  private(set) var count = 0

  init(capacity: Int = 1 << 12) {
    self.capacity = capacity
    base = .allocate(capacity: capacity)
  }

  deinit {
    base.deallocate()
  }

  /// The bytes written so far.
  var bytes: UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: base, count: count)
  }

  func removeAll() {
    count = 0
  }

  @inline(__always)
  private func reserve(_ more: Int) {
    if count + more > capacity { grow(more) }
  }

  @inline(never)
  private func grow(_ more: Int) {
    capacity = max(capacity * 2, count + more)
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    larger.update(from: base, count: count)
    base.deallocate()
    base = larger
  }

  @inline(__always)
  func append(_ text: StaticString) {
    reserve(text.utf8CodeUnitCount)
    memcpy(base + count, text.utf8Start, text.utf8CodeUnitCount)
    count += text.utf8CodeUnitCount
  }

  @inline(__always)
  func append(_ text: [UInt8]) {
    reserve(text.count)
    text.withUnsafeBufferPointer { source in
      if let start = source.baseAddress { memcpy(base + count, start, source.count) }
    }
    count += text.count
  }

  func append(_ other: ByteBuffer) {
    reserve(other.count)
    memcpy(base + count, other.base, other.count)
    count += other.count
  }

  @inline(__always)
  func append(byte: UInt8) {
    reserve(1)
    base[count] = byte
    count += 1
  }

  /// Appends a number in decimal digits.
  func append(decimal number: UInt64) {
    reserve(20)
    var digits = 1
    var rest = number
    while rest >= 10 {
      rest /= 10
      digits += 1
    }
    var index = count + digits
    rest = number
    repeat {
      index -= 1
      base[index] = 0x30 + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    } while rest != 0
    count += digits
  }

  func append(decimal number: Int) {
    append(decimal: UInt64(number))
  }

  /// Appends 16 lower-case hex digits.
  func append(hex number: UInt64) {
    reserve(16)
    for digit in 0..<16 {
      let nibble = UInt8(truncatingIfNeeded: number >> UInt64(60 - 4 * digit)) & 15
      base[count + digit] = nibble < 10 ? 0x30 + nibble : 0x57 + nibble
    }
    count += 16
  }
}
