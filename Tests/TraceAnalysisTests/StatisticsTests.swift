import TestSupport
import Testing
import TraceModel

@testable import TraceAnalysis

@Suite("Sketches of durations")
struct DurationScaleTests {
  @Test("a length lies above the lower and not above the upper bound of its bucket")
  func bounds() {
    var random = SeededGenerator(seed: 1)
    var lengths: [Int64] = [0, 1, 2, 3, 4, 5, 7, 8, 9, .max, .max - 1, 1 << 62, (1 << 62) + 1]
    for power in 0..<62 { lengths += [(1 << power) - 1, 1 << power, (1 << power) + 1] }
    for _ in 0..<20_000 { lengths.append(Int64(random.next() >> (1 + random.next() % 62))) }
    for length in lengths where length >= 0 {
      let bucket = DurationScale.bucket(length)
      #expect(bucket < DurationScale.bucketCount)
      #expect(length <= DurationScale.upperBound(bucket))
      if length > 0 { #expect(length > DurationScale.lowerBound(bucket)) }
      for steps in [2, 4] {
        let coarse = DurationScale.coarse(bucket, by: steps)
        #expect(length <= DurationScale.upperBound(coarse, by: steps))
        if coarse > 2 { #expect(length > DurationScale.upperBound(coarse - 1, by: steps)) }
      }
    }
  }

  @Test("buckets are about 2.2 % wide")
  func width() {
    for bucket in stride(from: 400, to: 2_000, by: 7) {
      let ratio = Double(DurationScale.upperBound(bucket)) / Double(DurationScale.lowerBound(bucket))
      #expect(abs(ratio - 1.0219) < 0.001)
    }
  }

  @Test("percentiles are the nearest rank, at most one bucket too long")
  func percentiles() {
    var random = SeededGenerator(seed: 2)
    for size in [1, 2, 5, 20, 1_000] {
      let lengths = (0..<size).map { _ in Int64(random.next() % 1_000_000_000) }.sorted()
      var sketch = DurationSketch()
      for length in lengths { sketch.add(length) }
      for part in [0.01, 0.5, 0.9, 0.99] {
        let exact = lengths[max(Int((part * Double(size)).rounded(.up)), 1) - 1]
        let found = sketch.percentile(part)
        #expect(found >= exact && Double(found) <= Double(exact) * 1.023 + 1)
      }
      #expect(sketch.percentile(0.5, zeros: size * 3) == 0)
    }
  }

  @Test("windows of buckets count what a dictionary counts")
  func windows() {
    var random = SeededGenerator(seed: 3)
    var cells = BucketCells<UInt32>(empty: 0, step: 16)
    var expected: [Int: UInt32] = [:]
    for _ in 0..<50_000 {
      let number = Int(random.next() % 40)
      let isFar = random.next() % 50 == 0
      let bucket = isFar ? Int(random.next() % 2_018) : 600 + number + Int(random.next() % 90)
      cells.update(number, bucket) { $0 += 1 }
      expected[number * 4_096 + bucket, default: 0] += 1
    }
    var found: [Int: UInt32] = [:]
    for number in 0..<40 {
      cells.forEach(number) { if $1 > 0 { found[number * 4_096 + $0, default: 0] += $1 } }
    }
    cells.forEachOutside { found[$0 * 4_096 + $1, default: 0] += $2 }
    #expect(found == expected)
  }

  @Test(
    "histograms that are read after any number of lengths hold all of them",
    arguments: [0, 1, 31, 32, 33, 64, 1_000])
  func histograms(size: Int) {
    var random = SeededGenerator(seed: UInt64(size))
    var histograms = Histograms()
    var tallies = [DurationTally](repeating: DurationTally(), count: 3)
    var expected = [DurationSketch](repeating: DurationSketch(), count: 3)
    // Read twice: what was read goes on.
    for _ in 0..<2 {
      for _ in 0..<size {
        let number = Int(random.next() % 3)
        let length = Int64(random.next() >> (1 + random.next() % 62))
        histograms.add(number, length)
        tallies[number].add(length)
        expected[number].add(length)
      }
      let reader = histograms.reader()
      let found = tallies.indices.map { histograms.sketch(tallies[$0], $0, reader) }
      #expect(found == expected)
    }
  }
}

@Suite("Requests over time")
struct SeriesCounterTests {
  private struct Request {
    var subject: Int
    var time: Int64
    var length: Int64
    var failed: Bool
  }

  /// The count and errors of each subject, stretch and band, as a row of text.
  private static func rows(_ requests: [Request]) -> [String] {
    var grid = TimeGrid()
    for request in requests { _ = grid.cover(request.time) }
    var counts: [[Int]: (all: Int, failed: Int)] = [:]
    for request in requests {
      let band = DurationScale.coarse(DurationScale.bucket(request.length), by: DurationBandRow.scaleSteps)
      let key = [request.subject, Int(grid.stretch(of: request.time)), band]
      counts[key, default: (0, 0)].all += 1
      counts[key, default: (0, 0)].failed += request.failed ? 1 : 0
    }
    return counts.map { "\($0.key) \($0.value.all) \($0.value.failed)" }.sorted()
  }

  @Test("are counted as a dictionary counts them, in any order, while the grid widens", arguments: 1...12)
  func counting(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let start: Int64 = 1_700_000_000_000_000_000
    var requests = (0..<3_000).map { number in
      // Later ones lie further apart, so that the grid widens several times.
      let reach = Int64(1) << (20 + Int64(number) * 30 / 3_000)
      return Request(
        subject: Int(random.next() % 5), time: start + Int64(random.next() % UInt64(reach)),
        length: Int64(random.next() >> (20 + random.next() % 43)), failed: random.next() % 4 == 0)
    }
    if seed % 2 == 0 { requests.shuffle(using: &random) }
    var counter = SeriesCounter()
    for request in requests {
      counter.add(request.subject, at: request.time, length: request.length, failed: request.failed)
    }
    var digest = Digest()
    counter.report(to: &digest, .service) { Int32($0) }
    let found = digest.series.flatMap { row in
      row.bands.map { "\([Int(row.place), Int(row.stretch), $0.band]) \($0.count) \($0.errors)" }
    }
    #expect(found.sorted() == Self.rows(requests))
    #expect(
      digest.series.allSatisfy { row in zip(row.bands, row.bands.dropFirst()).allSatisfy { $0.band < $1.band }
      })
  }
}

@Suite("The grid of time")
struct TimeGridTests {
  @Test("its width depends on nothing but the first and the last moment")
  func order() {
    var random = SeededGenerator(seed: 4)
    for range in [1, 1_000, 100_000, 86_400_000, 3_000_000_000] {
      let times = (0..<50).map { _ in
        1_700_000_000_000_000_000 + Int64(random.next() % UInt64(range)) * 1_000_000
      }
      var forwards = TimeGrid()
      for time in times { _ = forwards.cover(time) }
      var backwards = TimeGrid()
      for time in times.reversed() { _ = backwards.cover(time) }
      var left = TimeGrid()
      var right = TimeGrid()
      for (place, time) in times.enumerated() {
        if place % 3 == 0 { _ = left.cover(time) } else { _ = right.cover(time) }
      }
      var joined = right
      joined.merge(left)
      left.merge(right)
      #expect(forwards == backwards)
      #expect(left == forwards)
      #expect(joined == forwards)
      #expect(forwards.last - forwards.first < TimeGrid.limit)
    }
  }

  @Test("each width divides the next")
  func widths() {
    for (width, next) in zip(TimeGrid.widths, TimeGrid.widths.dropFirst()) { #expect(next % width == 0) }
  }
}

@Suite("Messages of failures")
struct MessageNormaliserTests {
  @Test(
    "ids, numbers, addresses and quoted texts are replaced, words stay",
    arguments: [
      ("Order 4711 not found at 10.0.0.7:8080", "Order {n} not found at {address}"),
      ("key 'cart-9' missing", "key {text} missing"),
      ("can't connect", "can't connect"),
      ("trace 4bf92f3577b34da6a3ce929d0e0e4736 lost", "trace {id} lost"),
      ("user 123e4567-e89b-12d3-a456-426614174000.", "user {id}."),
      ("mail to jo@example.com failed", "mail to {address} failed"),
      ("timed out after 1.5s (attempt 3)", "timed out after {n}s (attempt {n})"),
      ("Payment gateway timeout", "Payment gateway timeout"),
      ("line one\n\n  line two", "line one line two"),
      ("", ""),
    ])
  func normalise(_ message: String, _ expected: String) {
    #expect(MessageNormaliser.normalise(message) == expected)
  }

  @Test("hostile and long messages stay short", arguments: HostileStrings.all)
  func hostile(_ text: String) {
    #expect(MessageNormaliser.normalise(text).unicodeScalars.count <= MessageNormaliser.limit)
    #expect(
      MessageNormaliser.normalise(String(repeating: text + " ", count: 500)).unicodeScalars.count
        <= MessageNormaliser.limit)
  }
}
