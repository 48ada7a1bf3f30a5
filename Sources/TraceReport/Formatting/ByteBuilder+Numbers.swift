/// Numbers written straight into bytes: pages of traces hold so many that strings in between would cost most of the time.
extension ByteBuilder {
  /// Appends a whole number, not negative, in at least so many decimal digits, with zeros before it.
  func append(decimal value: Int, digits count: Int) {
    var limit = 10
    for _ in 1..<count {
      if value < limit { append("0") }
      limit *= 10
    }
    append(decimal: value)
  }

  /// `count` lower-case hex digits of a number, its first ones.
  func append(hex value: UInt64, digits count: Int = 16) {
    for place in 0..<count {
      let digit = UInt8(truncatingIfNeeded: value >> UInt64(60 - 4 * place)) & 0xF
      append(digit < 10 ? digit &+ 0x30 : digit &+ 0x57)
    }
  }

  /// The same text as `DurationFormat.figure(_:in:)`, escaped for markup: `<0.001` holds a bracket.
  func append(figure nanoseconds: UInt64, in unit: DurationUnit) {
    let size = unit.rawValue
    guard nanoseconds < 900 &* size, unit != .nanoseconds else {
      appendEscaped(DurationFormat.figure(nanoseconds, in: unit))
      return
    }
    if nanoseconds == 0 {
      append(UInt8(ascii: "0"))
      return
    }
    // Below 900 units and in units of an hour at most, this cannot overflow.
    let tenths = (nanoseconds &* 10 &+ size / 2) / size
    if tenths >= 1_000 {
      append(decimal: (nanoseconds &+ size / 2) / size)
    } else if tenths >= 1 {
      append(decimal: tenths / 10)
      append(UInt8(ascii: "."))
      append(UInt8(truncatingIfNeeded: tenths % 10) &+ 0x30)
    } else {
      appendEscaped(DurationFormat.figure(nanoseconds, in: unit))
    }
  }

  private func appendEscaped(_ figure: String) {
    if figure.utf8.first == UInt8(ascii: "<") {
      append("&lt;")
      append(String(figure.dropFirst()))
    } else {
      append(figure)
    }
  }

  /// The same text as `DurationFormat.text(_:)`.
  func append(duration nanoseconds: UInt64) {
    switch nanoseconds {
    case 10_000..<999_500:
      append(decimal: (nanoseconds &+ 500) / 1_000)
      append("\u{00A0}µs")
    case 10_000_000..<999_500_000:
      append(decimal: (nanoseconds &+ 500_000) / 1_000_000)
      append("\u{00A0}ms")
    default: append(DurationFormat.text(nanoseconds))
    }
  }
}
