/// Fisher's exact test of two shares.
enum FisherTest {
  /// How likely it is, if both shares were equal, that the first is at least as much larger as it is.
  ///
  ///     set    with  without
  ///     first    a      b
  ///     second   c      d
  ///
  /// - Complexity: O(min(a + c, a + b)).
  static func chance(_ count: Int, of total: Int, _ otherCount: Int, of otherTotal: Int) -> Double {
    guard count >= 0, otherCount >= 0, count <= total, otherCount <= otherTotal, total > 0, otherTotal > 0
    else {
      return 1
    }
    let with = count + otherCount
    let all = total + otherTotal
    let most = min(with, total)
    // Hypergeometric probability of exactly `count`, then of each larger one from the one before.
    var term = Exponential.natural(
      logChoose(total, count) + logChoose(otherTotal, otherCount) - logChoose(all, with))
    var sum = term
    var hits = count
    while hits < most, term > 0 {
      let ways = Double(total - hits) * Double(with - hits)
      let others = Double(hits + 1) * Double(otherTotal - with + hits + 1)
      guard others > 0 else { break }
      term *= ways / others
      sum += term
      hits += 1
    }
    return min(sum, 1)
  }

  private static func logChoose(_ all: Int, _ chosen: Int) -> Double {
    logFactorial(all) - logFactorial(chosen) - logFactorial(all - chosen)
  }

  /// By Stirling's series; exact to about ten digits.
  private static func logFactorial(_ number: Int) -> Double {
    guard number > 1 else { return 0 }
    if number < 16 { return Logarithm.natural((2...number).reduce(1.0) { $0 * Double($1) }) }
    let value = Double(number)
    let halfLogOfTwoPi = 0.918_938_533_204_672_7
    let correction = 1 / (12 * value) - 1 / (360 * value * value * value)
    return value * Logarithm.natural(value) - value + 0.5 * Logarithm.natural(value) + halfLogOfTwoPi
      + correction
  }
}
