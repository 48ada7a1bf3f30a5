import TraceModel

/// Lengths summed up by an exponential histogram: the buckets of `DurationScale` that hold something.
struct DurationSketch: Sendable, Equatable {
  struct Cell: Sendable, Equatable, BitwiseCopyable {
    var bucket: Int
    var count: Int
  }

  var count = 0
  var sum: Int64 = 0
  var least: Int64 = .max
  var greatest: Int64 = 0
  /// By bucket.
  var cells: [Cell] = []

  init() {}

  init(_ tally: DurationTally, _ cells: [Cell]) {
    count = tally.count
    sum = tally.sum
    least = tally.least
    greatest = tally.greatest
    self.cells = cells
  }

  /// Adds one length.
  mutating func add(_ length: Int64) {
    var one = DurationTally()
    one.add(length)
    merge(DurationSketch(one, [Cell(bucket: DurationScale.bucket(length), count: 1)]))
  }

  /// Adds a length so many times.
  mutating func add(_ length: Int64, times: Int) {
    guard times > 0 else { return }
    var one = DurationTally()
    one.add(length)
    one.count = times
    let (product, overflow) = length.multipliedReportingOverflow(by: Int64(times))
    one.sum = overflow ? .max : product
    merge(DurationSketch(one, [Cell(bucket: DurationScale.bucket(length), count: times)]))
  }

  mutating func merge(_ other: DurationSketch) {
    count += other.count
    sum = sum.saturatingSum(other.sum)
    least = min(least, other.least)
    greatest = max(greatest, other.greatest)
    cells = Self.joined(cells, other.cells)
  }

  /// The cells of both, which must each be by bucket, with no bucket twice.
  static func joined(_ left: [Cell], _ right: [Cell]) -> [Cell] {
    if left.isEmpty { return right }
    if right.isEmpty { return left }
    var joined: [Cell] = []
    joined.reserveCapacity(left.count + right.count)
    var a = 0
    var b = 0
    while a < left.count || b < right.count {
      if b == right.count || (a < left.count && left[a].bucket < right[b].bucket) {
        joined.append(left[a])
        a += 1
      } else if a == left.count || right[b].bucket < left[a].bucket {
        joined.append(right[b])
        b += 1
      } else {
        joined.append(Cell(bucket: left[a].bucket, count: left[a].count + right[b].count))
        a += 1
        b += 1
      }
    }
    return joined
  }

  /// Nearest rank: the upper bound of the bucket in which the length at place `ceil(part · count)` lies, held
  /// between the least and the greatest length. Zero when there are none.
  func percentile(_ part: Double) -> Int64 { percentile(part, zeros: 0) }

  /// The same, with so many further lengths of zero.
  func percentile(_ part: Double, zeros: Int) -> Int64 {
    let total = count + zeros
    guard total > 0 else { return 0 }
    let rank = min(max(Int((part * Double(total)).rounded(.up)), 1), total)
    guard rank > zeros else { return 0 }
    var seen = zeros
    for cell in cells {
      seen += cell.count
      if seen >= rank { return min(max(DurationScale.upperBound(cell.bucket), least), greatest) }
    }
    return greatest
  }

  var summary: DurationSummary {
    var summary = DurationSummary()
    guard count > 0 else { return summary }
    summary.count = count
    summary.sum = Nanoseconds(sum)
    summary.p50 = Nanoseconds(percentile(0.5))
    summary.p90 = Nanoseconds(percentile(0.9))
    summary.p95 = Nanoseconds(percentile(0.95))
    summary.p99 = Nanoseconds(percentile(0.99))
    summary.least = Nanoseconds(least)
    summary.greatest = Nanoseconds(greatest)
    summary.buckets = cells.map {
      DurationBucket(
        lower: Nanoseconds(DurationScale.lowerBound($0.bucket)),
        upper: Nanoseconds(DurationScale.upperBound($0.bucket)), count: $0.count)
    }
    return summary
  }
}
