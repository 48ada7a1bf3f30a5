import TestSupport
import Testing

@testable import TraceModel

@Suite("Places by hashes")
struct PlaceIndexTests {
  /// Hashes of which some are equal, and some differ only in bits that slots do not hold.
  private static func hash(_ number: UInt64) -> UInt64 {
    number % 977 << 32 | (number / 3 &* 0x9e37_79b9_7f4a_7c15) >> 32
  }

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
    for round in 0..<90_000 {
      if isInFile, round == 1_000 { index.moveToFile(in: space) }
      let thing = random.next() % 60_000
      let found = index.find(Self.hash(thing)) { things[Int($0)] == thing }
      #expect(found == known[thing])
      if found == nil {
        known[thing] = UInt32(things.count)
        index.add(UInt32(things.count), hash: Self.hash(thing))
        things.append(thing)
      }
    }
    // A file was doubled at least once.
    #expect(things.count > 40_000 && index.byteCount > 1 << 19)
    #expect(space.failure == nil)
  }

  @Test("hashes that are all equal end the run before a file grows without need")
  func equalHashes() throws {
    let folder = try TemporaryFolder()
    let space = SpillSpace(folder: folder.path, budget: 1 << 20)
    let file = try #require(PlaceFile(in: space))
    for place in 0..<100 { file.add(UInt32(place), hash: 7, at: file.free(for: 7)) }
    #expect(space.failure != nil)
    #expect(file.byteCount == 1 << 19)
    guard case .found(5) = file.search(7, where: { $0 == 5 }) else {
      Issue.record("what was added is lost")
      return
    }
  }

  @Test("regions that were touched count once, until they are let go of")
  func regions() {
    // 17 regions of 64 KB are too many for 4 MB of spans, of which a quarter may be touched.
    var touched = TouchedRegions(in: SpillSpace(folder: ".", budget: 4 << 20))
    for round in 1...3 {
      for region in 1...16 {
        let address = UnsafeRawPointer(bitPattern: region << 16 + round)
        let (first, again) = (touched.areTooMany(with: address), touched.areTooMany(with: address))
        #expect(!first && !again)
      }
      #expect(touched.areTooMany(with: UnsafeRawPointer(bitPattern: 40 << 16)) == true)
    }
  }

  @Test("an empty index holds nothing")
  func empty() {
    let index = PlaceIndex()
    #expect(index.find(0) { _ in true } == nil)
  }
}
