import TestSupport
import Testing

@testable import TraceModel

@Suite("Places by hashes")
struct PlaceIndexTests {
  /// Few hashes, of which some differ only in bits that slots do not hold.
  private static func hash(_ number: UInt64) -> UInt64 { number % 977 << 32 | number * 31 % 4_099 }

  @Test(
    "finds what a plain search finds, in memory and in a file, however often it grows",
    arguments: [false, true])
  func naive(isInFile: Bool) throws {
    let folder = try TemporaryFolder()
    let space = SpillSpace(folder: folder.path, budget: 1 << 20)
    var index = PlaceIndex()
    var random = SeededGenerator(seed: 5)
    var things: [UInt64] = []
    var known: [UInt64: UInt32] = [:]
    for round in 0..<30_000 {
      if isInFile, round == 1_000 { index.moveToFile(in: space) }
      let thing = random.next() % 20_000
      let found = index.find(Self.hash(thing)) { things[Int($0)] == thing }
      #expect(found == known[thing])
      if found == nil {
        known[thing] = UInt32(things.count)
        index.add(UInt32(things.count), hash: Self.hash(thing))
        things.append(thing)
      }
      if round % 777 == 0 { index.leaveMemory() }
    }
    #expect(index.count == things.count)
    #expect(space.failure == nil)
  }

  @Test("an empty index holds nothing")
  func empty() {
    let index = PlaceIndex()
    #expect(index.find(0) { _ in true } == nil)
  }
}
