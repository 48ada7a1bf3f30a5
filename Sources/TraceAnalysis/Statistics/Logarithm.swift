/// The natural logarithm, without a library: the same digits on every machine.
enum Logarithm {
  /// By `2 · artanh((m − 1) / (m + 1))` on the significand; exact to about 15 digits.
  static func natural(_ value: Double) -> Double {
    guard value > 0, value.isFinite else { return value > 0 ? .infinity : -.infinity }
    var exponent = Double(value.exponent)
    var significand = value.significand
    if significand > 1.414_213_562_373_095_1 {
      significand /= 2
      exponent += 1
    }
    let ratio = (significand - 1) / (significand + 1)
    let square = ratio * ratio
    var sum = 0.0
    for step in stride(from: 21, through: 1, by: -2) { sum = sum * square + 1 / Double(step) }
    return 2 * ratio * sum + exponent * 0.693_147_180_559_945_3
  }
}

/// The exponential function, without a library.
enum Exponential {
  /// By halving the argument until a short series suffices, and squaring back.
  static func natural(_ value: Double) -> Double {
    let held = min(max(value, -600), 600)
    var term = 1.0
    var sum = 1.0
    let part = held / 1_024
    for step in 1...10 {
      term *= part / Double(step)
      sum += term
    }
    for _ in 0..<10 { sum *= sum }
    return sum
  }
}
