import TraceModel

/// Equal stretches of time, aligned to 1970 and wide enough that at most 160 cover everything met so far.
///
/// The width only grows, along a fixed row of widths of which each divides the next. So it depends on nothing but the
/// first and the last moment, and grids of two digests can be brought to one by widening.
struct TimeGrid: Equatable, Sendable {
  /// The most stretches there may be.
  static let limit: Int64 = 160

  /// In nanoseconds: 1 ms … 1 s, 5 s, 15 s, 1 min, 5 min, 15 min, 1 h, 4 h, 1 d, 7 d, and tenfold from there.
  static let widths: [Int64] = [
    1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 5_000_000_000, 15_000_000_000, 60_000_000_000,
    300_000_000_000, 900_000_000_000, 3_600_000_000_000, 14_400_000_000_000, 86_400_000_000_000,
    604_800_000_000_000, 6_048_000_000_000_000, 60_480_000_000_000_000,
  ]
  /// 2000-01-01 and 2100-01-01; moments outside take no part.
  static let earliest: Int64 = 946_684_800_000_000_000
  static let latest: Int64 = 4_102_444_800_000_000_000

  @inline(__always)
  static func isPlausible(_ time: Int64) -> Bool { time >= earliest && time < latest }

  /// The place of the width among `widths`.
  private(set) var level = 0
  /// The first and last stretch, counted from 1970; empty while `last < first`.
  var first: Int64 = 0
  var last: Int64 = -1

  /// Its width in nanoseconds.
  private(set) var width: Int64 = 1_000_000
  var isEmpty: Bool { last < first }

  /// The stretch a moment lies in.
  @inline(__always)
  func stretch(of time: Int64) -> Int64 { time / width }

  /// Makes room for a moment and says whether the width had to grow.
  mutating func cover(_ time: Int64) -> Bool {
    let place = stretch(of: time)
    if isEmpty {
      first = place
      last = place
      return false
    }
    if place >= first && place <= last { return false }
    first = min(first, place)
    last = max(last, place)
    let before = level
    while last - first >= Self.limit { widen(to: level + 1) }
    return level != before
  }

  /// Takes a coarser width.
  mutating func widen(to level: Int) {
    let factor = Self.widths[level] / width
    self.level = level
    width = Self.widths[level]
    guard !isEmpty else { return }
    first /= factor
    last /= factor
  }

  /// Makes room for all that another grid covers.
  mutating func merge(_ other: TimeGrid) {
    if other.isEmpty {
      if other.level > level { widen(to: other.level) }
      return
    }
    if isEmpty && level <= other.level {
      self = other
      return
    }
    if other.level > level { widen(to: other.level) }
    _ = cover(other.first * other.width)
    _ = cover(other.last * other.width)
  }
}
