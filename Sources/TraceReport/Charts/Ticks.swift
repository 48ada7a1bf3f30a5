import TraceModel

/// Where the marks of an axis stand: at 1, 2 and 5 times powers of ten, or at whole steps of the clock.
enum Ticks {
  /// Multiples of a 1-2-5 step from 0 to `largest`, at most `count` of them after 0.
  static func linear(upTo largest: UInt64, count: Int) -> [UInt64] {
    guard largest > 0, count > 0 else { return [0] }
    let step = step(covering: largest, in: UInt64(count))
    return Array(stride(from: 0, through: largest - largest % step, by: UInt64.Stride(step)))
  }

  /// The smallest 1-2-5 step of which at most `count` fit into `largest`.
  static func step(covering largest: UInt64, in count: UInt64) -> UInt64 {
    var power: UInt64 = 1
    while true {
      for factor: UInt64 in [1, 2, 5] {
        let (step, overflow) = power.multipliedReportingOverflow(by: factor)
        if overflow { return largest }
        if largest / step <= count { return step }
      }
      let (next, overflow) = power.multipliedReportingOverflow(by: 10)
      if overflow { return largest }
      power = next
    }
  }

  /// Marks within `range` for a logarithmic axis, as fine as `count` allows: at 1-1.5-2-3-4-5-6-8, at 1-2-5, or at
  /// powers of ten.
  static func logarithmic(_ range: ClosedRange<UInt64>, count: Int) -> [UInt64] {
    var marks: [UInt64] = []
    for tenths: [UInt64] in [[10, 15, 20, 30, 40, 50, 60, 80], [10, 20, 50], [10]] {
      marks = []
      var power: UInt64 = 1
      while power <= range.upperBound {
        for factor in tenths {
          let mark = power.multipliedReportingOverflow(by: factor)
          if !mark.overflow, range.contains(mark.partialValue / 10), mark.partialValue % 10 == 0 {
            marks.append(mark.partialValue / 10)
          }
        }
        let next = power.multipliedReportingOverflow(by: 10)
        if next.overflow { break }
        power = next.partialValue
      }
      if marks.count <= count { return marks }
    }
    // Too many decades for a mark at each.
    let step = (marks.count + count - 1) / max(count, 1)
    return stride(from: marks.count % step == 1 ? 0 : step / 2, to: marks.count, by: step).map { marks[$0] }
  }

  private static let second: Int64 = 1_000_000_000
  private static let clockSteps: [Int64] = [
    second / 1000, second / 500, second / 200, second / 100, second / 50, second / 20, second / 10,
    second / 5,
    second / 2, second, 2 * second, 5 * second, 10 * second, 15 * second, 30 * second, 60 * second,
    120 * second,
    300 * second, 600 * second, 900 * second, 1_800 * second, 3_600 * second, 7_200 * second, 10_800 * second,
    21_600 * second, 43_200 * second, 86_400 * second, 172_800 * second, 604_800 * second,
  ]

  /// Moments at which the clocks of the zone show whole steps, within a window, at most `count` and a label for each.
  static func clock(
    from start: Int64, to end: Int64, count: Int, _ stamps: StampFormat
  ) -> [(moment: Int64, label: String)] {
    guard end > start, count > 0 else { return [] }
    let length = end - start
    let step = clockSteps.first { length / $0 <= Int64(count) } ?? (length / Int64(count) + 1)
    // Steps are counted on the clock, and found as moments again: where it is put forward or back they stay whole.
    let offset = Int64(stamps.offset(at: start)) * second
    var shown = start + offset
    shown -= shown % step
    var marks: [(Int64, String)] = []
    while shown - offset <= end + 2 * 86_400 * second {
      let moment =
        step >= 3_600 * second
        ? stamps.zone.moment(of: CivilTime(seconds: shown / second)) * second : shown - offset
      if moment > end { break }
      // A step that the clock skips falls on the next one.
      if moment >= start, moment > marks.last?.0 ?? .min {
        marks.append((moment, label(moment, step, stamps)))
      }
      shown += step
    }
    return marks
  }

  private static func label(_ moment: Int64, _ step: Int64, _ stamps: StampFormat) -> String {
    if step >= StampFormat.dayNanoseconds { return stamps.date(moment) }
    if step >= 60 * second { return stamps.clock(moment) }
    return step >= second ? stamps.time(moment) : stamps.timeWithMilliseconds(moment)
  }
}

/// A logarithmic axis of lengths of time, from one round length to another.
struct LogScale: Sendable {
  let range: ClosedRange<UInt64>
  private let low: Double
  private let span: Double

  /// An axis that holds all of `values`.
  init(covering values: some Sequence<UInt64>) {
    var least = UInt64.max
    var most: UInt64 = 0
    for value in values where value > 0 {
      least = min(least, value)
      most = max(most, value)
    }
    self.init(least: least == .max ? 1_000_000 : least, most: most == 0 ? 100_000_000 : most)
  }

  init(least: UInt64, most: UInt64) {
    let floor = Self.rounded(max(1, least), isUp: false)
    let ceiling = max(
      Self.rounded(max(1, most), isUp: true), floor.multipliedReportingOverflow(by: 2).partialValue)
    range = floor...max(floor + 1, ceiling)
    low = Logarithm.base10(floor)
    span = max(Logarithm.base10(range.upperBound) - low, 1e-9)
  }

  /// The place of a value; what lies outside is put at the end of the axis.
  func place(_ value: UInt64) -> Percent {
    Percent(fraction(value), of: 1)
  }

  func fraction(_ value: UInt64) -> Double {
    min(max((Logarithm.base10(max(value, 1)) - low) / span, 0), 1)
  }

  /// The value at a part of the axis: what `fraction` is given back for.
  func value(_ fraction: Double) -> UInt64 {
    // By halves: exact enough, and the same everywhere.
    var (low, high) = (range.lowerBound, range.upperBound)
    while low < high {
      let middle = low + (high - low) / 2
      if self.fraction(middle) < fraction { low = middle + 1 } else { high = middle }
    }
    return low
  }

  func ticks(_ count: Int) -> [UInt64] { Ticks.logarithmic(range, count: count) }

  private static func rounded(_ value: UInt64, isUp: Bool) -> UInt64 {
    let power = Logarithm.power10(notAbove: value)
    let steps: [UInt64] = [10, 15, 20, 30, 40, 50, 60, 80]
    // 1.5 of one nanosecond is no whole number; such short lengths need no fine axis.
    let bounds = steps.map { power.multipliedReportingOverflow(by: $0).partialValue / 10 }
    if isUp { return bounds.first { $0 >= value } ?? power.multipliedReportingOverflow(by: 10).partialValue }
    return bounds.last { $0 <= value } ?? power
  }
}
