import Synchronization
import TestSupport
import Testing

@testable import TraceModel

@Suite("Readings of texts in files")
struct TextReadingsTests {
  private static let region = SpillSpace.pagesAround

  private static func address(_ region: Int, _ offset: Int = 0) throws -> UnsafeRawPointer {
    try #require(UnsafeRawPointer(bitPattern: (region + 1) * Self.region + offset))
  }

  @Test("each region counts once, only those of files count, and after too many all begin anew")
  func regions() throws {
    // Room for 16 regions.
    let readings = TextReadings(in: SpillSpace(folder: "/tmp", budget: 64 * Self.region))
    readings.add(try Self.address(100), byteCount: 40 * Self.region)
    for round in 0..<3 {
      for region in 100..<116 {
        for offset in [0, 7, Self.region - 1] {
          let isOver = readings.areTooMany(with: try Self.address(region, offset), byteCount: 1)
          #expect(!isOver, "round \(round), region \(region)")
        }
        // Memory does not count.
        #expect(!readings.areTooMany(with: try Self.address(region + 200), byteCount: 1))
      }
      #expect(readings.areTooMany(with: try Self.address(116), byteCount: 1))
    }
  }

  @Test("a long text counts for each region that it lies in")
  func longTexts() throws {
    let readings = TextReadings(in: SpillSpace(folder: "/tmp", budget: 64 * Self.region))
    readings.add(try Self.address(100), byteCount: 40 * Self.region)
    #expect(!readings.areTooMany(with: try Self.address(100, 5), byteCount: 15 * Self.region))
    #expect(readings.areTooMany(with: try Self.address(120, 5), byteCount: 3 * Self.region))
  }

  @Test("texts in files read the same from several threads while their pages are let go of")
  func threads() throws {
    let folder = try TemporaryFolder()
    let space = SpillSpace(folder: folder.path, budget: 1 << 20)
    var table = SymbolTable()
    table.moveToFiles(in: space)
    let symbols = (0..<3_000).map { number in
      table.intern("text \(number) " + String(repeating: "x", count: 2_000))
    }
    table.watchReadings(in: space)
    let read = table
    let wrong = Atomic(0)
    ParallelLoop.run(8, threads: 4) { _ in
      for (number, symbol) in symbols.enumerated() where !read.text(symbol).hasPrefix("text \(number) x") {
        wrong.add(1, ordering: .relaxed)
      }
    }
    #expect(wrong.load(ordering: .relaxed) == 0)
  }
}
