#if canImport(Glibc)
  import Glibc
#endif

/// Where lines end, in bytes that are looked at many at a time.
enum LineText {
  /// The place of the first newline in a range of memory; nil when there is none.
  @inline(__always)
  static func newline(in memory: UnsafePointer<UInt8>, _ range: Range<Int>) -> Int? {
    memchr(memory + range.lowerBound, 0x0a, range.count).map {
      UnsafePointer($0.assumingMemoryBound(to: UInt8.self)) - memory
    }
  }

  /// True for blanks between JSON values, and for the zeroes that pad files.
  @inline(__always)
  static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 || byte == 0x00
  }
}
