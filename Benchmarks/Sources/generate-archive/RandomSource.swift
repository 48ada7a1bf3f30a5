import Glibc

/// A seeded source of random numbers: the same seed gives the same numbers on every run.
///
/// The generator is SplitMix64: one addition and three multiplications a number, and any seed is a good one.
struct RandomSource {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  /// The next 64 random bits.
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }

  /// The next 64 random bits that are not all zero, as trace and span ids must be.
  mutating func nextID() -> UInt64 {
    while true {
      let bits = next()
      if bits != 0 { return bits }
    }
  }

  /// A number from 0 up to, not including, the bound.
  mutating func below(_ bound: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// A number of the closed range.
  mutating func within(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + below(range.upperBound - range.lowerBound + 1)
  }

  /// A number from 0 up to, not including, 1.
  mutating func unit() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// True with the given probability.
  mutating func happens(_ probability: Double) -> Bool {
    unit() < probability
  }

  /// A number of the log-normal distribution with the given median, as latencies have it.
  mutating func logNormal(median: Double, sigma: Double) -> Double {
    let radius = sqrt(-2 * log(1 - unit()))
    return median * exp(sigma * radius * cos(2 * Double.pi * unit()))
  }

  /// A number of the exponential distribution with the given mean, as gaps between requests have it.
  mutating func exponential(mean: Double) -> Double {
    -mean * log(1 - unit())
  }

  /// One element of a list that is not empty.
  mutating func pick<Element>(_ list: [Element]) -> Element {
    list[below(list.count)]
  }
}
