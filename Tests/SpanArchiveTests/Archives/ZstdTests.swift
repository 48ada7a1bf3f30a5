import SpanArchive
import TestSupport
import Testing
import TraceModel

/// Zstandard streams, read through the whole reader.
@Suite struct ZstdTests {
  private static let lines = SpanLines(traces: 12, seed: 31).lines()
  private static let plain = SpanLines.file(lines)
  private static let whole = Reading(plain)

  @Test("frames may be one or many, with others to be passed over between")
  func frames() {
    let half = plain.count / 2
    let layouts = [
      Zstd.compress(Self.plain),
      Zstd.compress(Array(Self.plain[..<half])) + Zstd.compress(Array(Self.plain[half...])),
      Zstd.skippable([1, 2, 3]) + Zstd.compress(Array(Self.plain[..<half])) + Zstd.skippable([])
        + Zstd.compress(Array(Self.plain[half...])) + [0, 0, 0],
      Self.lines.flatMap { Zstd.compress(Array($0.utf8) + [10]) },
      Self.lines.flatMap { Zstd.framed(Array($0.utf8)) },
      Gzip.compress(Zstd.compress(Self.plain)),
    ]
    for (number, bytes) in layouts.enumerated() {
      let reading = Reading(bytes)
      #expect(reading.summary.error == nil, "\(number)")
      #expect(reading.summary.compression == (number == 5 ? "gzip" : "zstd"))
      #expect(reading.lines == Self.whole.lines, "\(number)")
    }
  }

  private var plain: [UInt8] { Self.plain }

  @Test("a stream cut anywhere keeps the frames before the cut")
  func cuts() {
    for isFramed in [false, true] {
      let frames = Self.lines.prefix(4).map {
        isFramed ? Zstd.framed(Array($0.utf8)) : Zstd.compress(Array($0.utf8) + [10])
      }
      let counts = Self.lines.prefix(4).map { Reading.summary(Array($0.utf8)).spansRead }
      let bytes = frames.flatMap(\.self)
      for count in stride(from: 9, to: bytes.count, by: 2) {
        let summary = Reading.summary(Array(bytes[..<count]))
        var whole = 0
        var rest = count
        while rest >= frames[whole].count {
          rest -= frames[whole].count
          whole += 1
        }
        #expect(summary.spansRead >= counts[..<whole].reduce(0, +), "cut at \(count)")
        #expect((summary.error == nil) == (rest == 0), "cut at \(count)")
      }
    }
  }

  @Test("a damaged frame costs itself and nothing else")
  func damage() {
    for isFramed in [false, true] {
      var frames = Self.lines.map {
        isFramed ? Zstd.framed(Array($0.utf8)) : Zstd.compress(Array($0.utf8) + [10])
      }
      for place in 20..<40 { frames[1][place] ^= 0x5a }
      let reading = Reading(frames.flatMap(\.self))
      let good = Reading(SpanLines.file(Self.lines.enumerated().filter { $0.offset != 1 }.map(\.element)))
      #expect(reading.summary.diagnostics[.gzipDamaged].count >= 1)
      #expect(reading.lines == good.lines, "framed: \(isFramed)")
    }
  }

  @Test("a bomb is cut, and says so")
  func bomb() {
    var limits = ReadingLimits()
    limits.inflationRatio = 100
    limits.inflationFloor = 1 << 20
    let reading = Reading(
      Zstd.compress(Self.plain + [UInt8](repeating: 0x20, count: 8 << 20)), limits: limits)
    #expect(reading.summary.diagnostics[.recordTooLarge].count == 1)
    #expect(reading.lines == Self.whole.lines)
  }
}
