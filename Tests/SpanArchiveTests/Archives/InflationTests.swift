import TestSupport
import Testing

@testable import SpanArchive

/// Damaged deflate data, beside what zlib makes of it.
@Suite struct InflationTests {
  private static let plain = SpanLines.file(SpanLines(traces: 40, seed: 5).lines())

  /// What comes before the first gap or the end, read in pieces of at most so many bytes into memory that holds other bytes.
  private static func read(_ packed: [UInt8], _ pool: BufferPool, piece: Int, over byte: UInt8) -> [UInt8] {
    let source = GzipSource(MemorySource(packed), pool: pool, limits: ReadingLimits())
    var all: [UInt8] = []
    var buffer = [UInt8](repeating: byte, count: piece)
    while true {
      let result = buffer.withUnsafeMutableBufferPointer { memory in
        memory.baseAddress.map { source.read(into: $0, count: piece) } ?? .end
      }
      guard case .bytes(let count) = result else { return all }
      all += buffer.prefix(count)
      for place in 0..<count { buffer[place] = byte }
    }
  }

  /// One member, with a few bytes of its data changed.
  private static func damaged(_ random: inout SeededGenerator) -> [UInt8] {
    let start = Int.random(in: 0..<plain.count, using: &random)
    var packed = Gzip.compress(
      Array(plain[start...].prefix(Int.random(in: 1...80_000, using: &random))),
      level: Int32.random(in: 0...9, using: &random))
    for _ in 0..<3 {
      packed[Int.random(in: 10..<packed.count - 8, using: &random)] = UInt8.random(
        in: 0...255, using: &random)
    }
    return packed
  }

  @Test("all that comes before damage is given, and nothing else, in pieces of any size")
  func damage() {
    var random = SeededGenerator(seed: 7)
    let pool = BufferPool()
    var cut = 0
    for round in 0..<400 {
      let packed = Self.damaged(&random)
      let whole = Self.read(packed, pool, piece: 1 << 19, over: 0xaa)
      let expected = Gzip.beginning(packed)
      // zlib refuses a few codes that are incomplete, which harm nobody.
      #expect(whole.starts(with: expected), "round \(round)")
      cut += whole.count == expected.count ? 1 : 0
      for piece in [100, 5_000] {
        let inPieces = Self.read(packed, pool, piece: piece, over: 0x55)
        #expect(inPieces == whole, "round \(round), \(piece) bytes at a time")
      }
    }
    #expect(cut > 390)
  }

  @Test("a member that damage ends early costs no member behind it")
  func earlyEnd() throws {
    let lines = SpanLines(traces: 4, seed: 6).lines()
    let members = lines.map { Gzip.compress($0 + "\n") }
    let others = Reading(SpanLines.file(lines.enumerated().filter { $0.offset != 1 }.map(\.element)))
    var ends = 0
    // A last block that holds nothing, wherever it is put: fixed codes, and the end.
    for place in 10..<members[1].count - 8 {
      var damaged = members
      damaged[1][place] = 0x03
      damaged[1][place + 1] = 0
      let summary = Reading.summary(damaged.flatMap(\.self))
      #expect(summary.error != nil, "at \(place)")
      // A wrong checksum, and what was passed over: the member ended there. Else it went on with other bytes.
      guard summary.diagnostics[.gzipDamaged].count > 1 else { continue }
      ends += 1
      #expect(summary.spansRead >= others.summary.spansRead, "at \(place)")
    }
    #expect(ends > 5)
  }

  @Test("what an archive says does not depend on the size of the window when it is damaged")
  func windows() {
    var random = SeededGenerator(seed: 8)
    for round in 0..<60 {
      let packed = Self.damaged(&random) + Gzip.compress(Self.plain)
      let whole = Reading(packed).lines
      for bytes in [512, 20_000] {
        var limits = ReadingLimits()
        limits.windowBytes = bytes
        let lines = Reading(packed, limits: limits).lines
        #expect(lines == whole, "round \(round), a window of \(bytes) bytes")
      }
    }
  }
}
