import Synchronization
import TestSupport
import Testing

@testable import TraceModel

#if canImport(Glibc)
  import Glibc
#endif

@Suite("Readings of files")
struct FileReadingsTests {
  private static let region = SpillSpace.pagesAround

  private static func address(_ region: Int, _ offset: Int = 0) throws -> UnsafeRawPointer {
    try #require(UnsafeRawPointer(bitPattern: (region + 1) * Self.region + offset))
  }

  @Test("each region counts once, only those of files count, and after too many all begin anew")
  func regions() throws {
    // Room for 16 regions.
    let readings = FileReadings(in: SpillSpace(folder: "/tmp", budget: 64 * Self.region))
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
    let readings = FileReadings(in: SpillSpace(folder: "/tmp", budget: 64 * Self.region))
    readings.add(try Self.address(100), byteCount: 40 * Self.region)
    #expect(!readings.areTooMany(with: try Self.address(100, 5), byteCount: 15 * Self.region))
    #expect(readings.areTooMany(with: try Self.address(120, 5), byteCount: 3 * Self.region))
  }

  @Test("a column counts when it is in a file, and so many parts of what spans may take")
  func columns() throws {
    let folder = try TemporaryFolder()
    let space = SpillSpace(folder: folder.path, budget: 64 * Self.region)
    var inMemory = Column<UInt8>()
    inMemory.append(1)
    var inFile = Column<UInt8>()
    inFile.moveToFile(in: space, roomFor: 40 * Self.region)
    let readings = FileReadings(in: space, parts: 2)
    readings.add(inMemory)
    readings.add(inFile)
    let starts = (inMemory.address(of: 0), inFile.address(of: 0))
    let (memory, file) = (try #require(starts.0), try #require(starts.1))
    #expect(!readings.areTooMany(with: memory, byteCount: 1))
    #expect(!readings.areTooMany(with: file, byteCount: 32 * Self.region))
    #expect(readings.areTooMany(with: file + 32 * Self.region, byteCount: Self.region))
  }

  /// What the system says of all mappings, which it hands out in pieces.
  private static func maps() -> String {
    guard let file = fopen("/proc/self/smaps", "r") else { return "" }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&piece, 1, piece.count, file), count > 0 { bytes += piece[..<count] }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Bytes in memory of the mapping that an address is in.
  private static func residentBytes(at address: UnsafeRawPointer) throws -> Int {
    var isIn = false
    for line in Self.maps().split(separator: "\n") {
      let words = line.split(separator: " ")
      if isIn, words.first == "Rss:", words.count > 1, let kilobytes = Int(words[1]) {
        return kilobytes << 10
      }
      let ends = words.first?.split(separator: "-").compactMap { UInt(String($0), radix: 16) } ?? []
      if ends.count == 2 { isIn = (ends[0]..<ends[1]).contains(UInt(bitPattern: address)) }
    }
    throw MissingMapping()
  }

  private struct MissingMapping: Error {}

  @Test("rows of files leave memory while they are read in any order, and stay what they are")
  func rows() throws {
    let folder = try TemporaryFolder()
    let space = SpillSpace(folder: folder.path, budget: 1 << 20)
    let count = 40_000
    let drafts = (0..<count).map { number in
      SpanDraft(UInt64(number + 1), 5, 9).with {
        $0.trace.low = UInt64(number + 1)
        $0.attributes = [("number", "\(number)"), ("more", "text")]
        $0.events = [(6, "event")]
      }
    }
    let store = SpanStore.spilled(drafts, readers: 1, in: space)
    store.leaveMemory()
    for step in 0..<count {
      let row = step * 7_919 % count
      let record = store.record(at: SpanPlace(table: 0, row: row))
      #expect(record.spanID == SpanID(UInt64(row + 1)))
      #expect(store.attributes(of: record).count == 2 && store.events(of: record).count == 1)
    }
    let table = store.shards[0]
    let places = [
      table.table.spans.address(of: 0), table.table.attributes.address(of: 0),
      table.table.events.address(of: 0),
      table.table.extra.address(of: 0),
    ]
    let resident = try places.map { try Self.residentBytes(at: try #require($0)) }.reduce(0, +)
    // Of some 8 MB; 32 regions are let go of, and a region may lie across two that are counted.
    #expect(resident <= 2 * 33 * Self.region, "\(resident) bytes")
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
