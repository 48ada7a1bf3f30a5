import TestSupport
import Testing
import TraceModel

@testable import TraceAnalysis

@Suite("Sorting within bounded memory")
struct SortedRunsTests {
  /// How often memory was left.
  private final class Departures {
    var count = 0
  }

  private struct Rising: RowOrder {
    let departures: Departures
    static let rowsInMemory = 100

    func isBefore(_ left: UInt64, _ right: UInt64) -> Bool { left < right }

    func leaveMemory() { departures.count += 1 }
  }

  @Test(
    "gives what a plain sort gives, whether no run, one or many were filled",
    arguments: [0, 1, 255, 256, 257, 5_000, 20_000])
  func naive(count: Int) throws {
    let folder = try TemporaryFolder()
    // So small that a run is as short as it may be.
    let space = SpillSpace(folder: folder.path, budget: 1 << 10)
    var random = SeededGenerator(seed: UInt64(count))
    let numbers = (0..<count).map { _ in random.next() % 1_000 }
    let left = Departures()
    var spilled = SortedRuns(in: space, Rising(departures: left))
    var plain = SortedRuns(in: nil, Rising(departures: Departures()))
    for number in numbers {
      spilled.add(number)
      plain.add(number)
    }
    let one = spilled.sorted(threads: 1)
    let other = plain.sorted(threads: 3)
    #expect(Array(one.elements) == numbers.sorted())
    #expect(Array(other.elements) == numbers.sorted())
    #expect((left.count > 0) == (count >= 256))
    #expect(space.failure == nil)
  }
}
