import TraceModel

/// Rejection thresholds of consistent probability sampling: a trace is kept when its randomness reaches them.
///
/// A threshold T of 56 bits keeps (2^56 − T) / 2^56 of all traces. Source: OpenTelemetry specification, "TraceState:
/// Probability Sampling", and `pkg/sampling` of the Collector for the rounding.
package enum Threshold {
  /// 2^56: the threshold that keeps nothing.
  package static let all: UInt64 = 1 << 56

  /// The threshold of a probability, with all 56 bits.
  package static func of(_ probability: Double) -> UInt64 {
    guard probability > 0 else { return all }
    guard probability < 1 else { return 0 }
    return all - UInt64((probability * 0x1p56).rounded())
  }

  /// The threshold of a probability, rounded so that its text has few hex digits.
  ///
  /// Small and large probabilities get more digits, so that the relative error stays alike.
  package static func of(_ probability: Double, digits: Int) -> UInt64 {
    let exact = of(probability)
    guard exact > 0, exact < all else { return exact }
    let smallness = Int((Double(-exponent(probability)) / 4).rounded(.towardZero))
    let nearness = Int((Double(-exponent(1 - probability)) / 4).rounded(.towardZero))
    let kept = min(14, max(digits + nearness, digits + smallness))
    guard kept < 14 else { return exact }
    let shift = UInt64(4 * (14 - kept))
    let half = UInt64(1) << (shift - 1)
    let rounded = ((exact + half) >> shift) << shift
    return min(rounded, all)
  }

  /// The share of traces that a threshold keeps.
  package static func probability(_ threshold: UInt64) -> Double {
    Double(all - min(threshold, all)) / 0x1p56
  }

  /// How many traces a kept one stands for.
  package static func weight(_ threshold: UInt64) -> Double {
    0x1p56 / Double(max(all - min(threshold, all), 1))
  }

  /// The text of a threshold as `th` has it: hex digits without the zeros at the end.
  package static func text(_ threshold: UInt64) -> String {
    var digits = String(HexDigits.text(min(threshold, all - 1)).suffix(14))
    while digits.utf8.count > 1, digits.utf8.last == 0x30 { digits.removeLast() }
    return digits
  }

  /// The exponent that goes with a mantissa in [0.5, 1).
  private static func exponent(_ value: Double) -> Int { value > 0 ? Int(value.exponent) + 1 : 0 }
}
