import TraceModel

/// Reads moments as loggers write them.
enum LogTime {
  /// A moment in RFC 3339, without a zone (then UTC), with a comma before the fraction, or as a number of seconds,
  /// milliseconds, microseconds or nanoseconds since 1970, told apart by size; nil for anything else.
  static func read(_ text: UnsafeBufferPointer<UInt8>) -> UnixNanoseconds? {
    guard text.count > 0, text.count <= 64 else { return nil }
    if let moment = RFC3339.nanoseconds(text) { return UnixNanoseconds(moment) }
    if text.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2e || $0 == 0x2d }),
      let number = number(text)
    {
      return number
    }
    var mended = text.map { $0 == UInt8(ascii: ",") ? UInt8(ascii: ".") : $0 }
    if let last = mended.last, (0x30...0x39).contains(last) { mended.append(UInt8(ascii: "Z")) }
    return mended.withUnsafeBufferPointer { RFC3339.nanoseconds($0) }.map { UnixNanoseconds($0) }
  }

  private static func number(_ text: UnsafeBufferPointer<UInt8>) -> UnixNanoseconds? {
    let words = String(decoding: text, as: UTF8.self)
    if let whole = Int64(words), whole > 0 {
      let unit: Int64
      switch whole {
      case ..<100_000_000_000: unit = 1_000_000_000
      case ..<100_000_000_000_000: unit = 1_000_000
      case ..<100_000_000_000_000_000: unit = 1_000
      default: unit = 1
      }
      let (product, overflow) = whole.multipliedReportingOverflow(by: unit)
      return overflow ? nil : UnixNanoseconds(product)
    }
    // A fraction: seconds, or milliseconds when that many seconds would lie in the year 5000.
    guard let value = Double(words), value > 0, value < 1e15 else { return nil }
    return UnixNanoseconds(Int64(value < 1e11 ? value * 1e9 : value * 1e6))
  }
}
