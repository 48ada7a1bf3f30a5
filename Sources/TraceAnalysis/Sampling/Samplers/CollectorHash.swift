package import TraceModel

/// FNV-1a, as the Collector's sampling processors use it.
package enum CollectorHash {
  /// 32 bits over a seed in little-endian order and a trace id (`probabilistic_sampler`).
  package static func bits32(seed: UInt32, _ id: TraceID) -> UInt32 {
    var hash: UInt32 = 0x811c_9dc5
    for shift: UInt32 in [0, 8, 16, 24] { mix(&hash, UInt8(truncatingIfNeeded: seed >> shift)) }
    for half in [id.high, id.low] {
      for shift in stride(from: UInt64(56), through: 0, by: -8) {
        mix(&hash, UInt8(truncatingIfNeeded: half >> shift))
      }
    }
    return hash
  }

  private static func mix(_ hash: inout UInt32, _ byte: UInt8) { hash = (hash ^ UInt32(byte)) &* 0x0100_0193 }

  /// The state of the 64-bit hash after a salt (`tail_sampling`, policy `probabilistic`).
  package static func start64(salt: String) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in salt.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    return hash
  }

  /// The 64-bit hash of a trace id after a salt.
  @inline(__always)
  package static func bits64(_ start: UInt64, _ id: TraceID) -> UInt64 {
    var hash = start
    var shift: UInt64 = 64
    while shift > 0 {
      shift &-= 8
      hash = (hash ^ (id.high >> shift & 0xff)) &* 0x0000_0100_0000_01b3
    }
    shift = 64
    while shift > 0 {
      shift &-= 8
      hash = (hash ^ (id.low >> shift & 0xff)) &* 0x0000_0100_0000_01b3
    }
    return hash
  }

  /// The largest 64-bit hash that a percentage keeps.
  ///
  /// `(2^64 − 1) · percentage / 100` with a mantissa of 64 bits, rounded half to even, then cut off, as Go's `big.Float`
  /// does it; percentages are held between 0 and 100.
  package static func bound64(percentage: Double) -> UInt64 {
    let ratio = min(max(percentage, 0), 100) / 100
    guard ratio > 0 else { return 0 }
    guard ratio < 1 else { return .max }
    // ratio = significand · 2^(exponent − 52), and the product has at most 117 bits.
    let significand = ratio.significandBitPattern | (ratio.isNormal ? 1 << 52 : 0)
    let exponent = Int(ratio.isNormal ? ratio.exponent : -1022) - 52
    var product = UInt128(significand) * UInt128(UInt64.max)
    let extra = 128 - product.leadingZeroBitCount - 64
    var shift = -exponent
    if extra > 0 {
      let cut = product & (1 << UInt128(extra) - 1)
      let half = UInt128(1) << UInt128(extra - 1)
      product >>= UInt128(extra)
      if cut > half || (cut == half && product & 1 == 1) { product += 1 }
      shift -= extra
    }
    return shift >= 128 ? 0 : UInt64(truncatingIfNeeded: product >> UInt128(max(shift, 0)))
  }
}
