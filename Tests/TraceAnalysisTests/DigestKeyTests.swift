import TestSupport
import Testing

@testable import TraceAnalysis

/// Keys of rows are packed to be ordered; the order is that of the keys.
@Suite struct DigestKeyTests {
  @Test("packed or not, keys are ordered as they compare", arguments: [1, 1 << 8, 1 << 20, Int.max])
  func order(_ largest: Int) {
    var random = SeededGenerator(seed: 3)
    for _ in 0..<100 {
      let keys = (0..<Int.random(in: 0...60, using: &random)).map { _ in
        RowKey(
          .random(in: -largest...largest, using: &random), .random(in: 0...largest, using: &random),
          .random(in: 0...3, using: &random), 0, .random(in: -1...1, using: &random))
      }
      #expect(RowKey.order(of: keys).map { keys[$0] } == keys.sorted())
    }
  }

  @Test("numbers at both ends of what fits are ordered")
  func ends() {
    let keys = [Int.max, .min, 0, -1, 1].map { RowKey($0) }
    #expect(RowKey.order(of: keys).map { keys[$0].first } == [.min, -1, 0, 1, .max])
  }
}
