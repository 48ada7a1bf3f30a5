import TraceModel

/// Where moments of a trace stand on its axis; long stretches in which no span ran are cut out of it.
///
///     spans   |===|      |==|                  |=======|
///     axis    |===|......|==|▒|=======|           ▒ a stretch cut, with its length said
///
/// - Complexity: O(*n* log *n*) to make for traces that go on after their root, else O(1); O(log cuts) to ask.
struct TimeScale {
  /// A stretch of the axis without cuts.
  struct Stretch {
    var start: Int64
    var end: Int64
    var from: Double
    var to: Double
  }

  /// What one cut takes of the width, at most; many cuts are narrower.
  private static let cutWidth = 0.025
  private static let mostCuts = 16
  /// A stretch without spans is cut when it is longer than this share of what is still shown.
  private static let leastCut = 0.1

  let stretches: [Stretch]
  /// The length of all stretches together; never 0.
  let shownLength: Double

  init(_ trace: Trace) {
    let start = trace.start.rawValue
    let end = max(trace.end.rawValue, start &+ 1)
    let root = trace.spans[trace.primaryRoot]
    var idle: [(start: Int64, end: Int64)] = []
    var shown = Double(end &- start)
    if root.start > trace.start || root.end < trace.end {
      let longestFirst = Self.idleStretches(trace).sorted {
        ($1.end &- $1.start, $0.start) < ($0.end &- $0.start, $1.start)
      }
      for stretch in longestFirst.prefix(Self.mostCuts) {
        let length = Double(stretch.end &- stretch.start)
        guard length > Self.leastCut * shown else { break }
        idle.append(stretch)
        shown -= length
      }
      idle.sort { $0.start < $1.start }
    }
    shownLength = max(1, shown)
    let cutWidth = min(Self.cutWidth, 0.25 / Double(max(1, idle.count)))
    let width = (1 - Double(idle.count) * cutWidth) / shownLength
    var stretches: [Stretch] = []
    var from = 0.0
    var reached = start
    for (idleStart, idleEnd) in idle + [(end, end)] {
      let to = from + Double(idleStart &- reached) * width
      stretches.append(Stretch(start: reached, end: idleStart, from: from, to: to))
      from = to + cutWidth
      reached = idleEnd
    }
    self.stretches = stretches
  }

  /// Stretches in which no span ran.
  private static func idleStretches(_ trace: Trace) -> [(start: Int64, end: Int64)] {
    let order = trace.spans.indices.sorted { trace.spans[$0].start < trace.spans[$1].start }
    var idle: [(start: Int64, end: Int64)] = []
    var reached = trace.start
    for place in order {
      let span = trace.spans[place]
      if span.start > reached { idle.append((reached.rawValue, span.start.rawValue)) }
      reached = max(reached, span.end)
    }
    return idle
  }

  /// The lengths that were cut, and where.
  var cuts: [(from: Percent, to: Percent, length: UInt64)] {
    zip(stretches, stretches.dropFirst()).map { before, after in
      (Percent(before.to, of: 1), Percent(after.from, of: 1), UInt64(max(0, after.start &- before.end)))
    }
  }

  func place(_ moment: Int64) -> Percent {
    var low = 0
    var high = stretches.count - 1
    while low < high {
      let middle = (low + high + 1) / 2
      if stretches[middle].start <= moment { low = middle } else { high = middle - 1 }
    }
    let stretch = stretches[low]
    let length = Double(max(1, stretch.end &- stretch.start))
    let share = min(max(Double(moment &- stretch.start) / length, 0), 1)
    return Percent(stretch.from + share * (stretch.to - stretch.from), of: 1)
  }

  /// Lengths since the trace began that get a mark: at 1-2-5 steps, and the start of every stretch after a cut.
  func ticks(count: Int) -> [UInt64] {
    guard let first = stretches.first else { return [0] }
    let step = Ticks.step(covering: UInt64(shownLength), in: UInt64(count))
    var ticks: [UInt64] = []
    var last = Percent(hundredths: -10_000)
    for stretch in stretches {
      let offset = UInt64(max(0, stretch.start &- first.start))
      let end = UInt64(max(0, stretch.end &- first.start))
      for tick in [offset]
        + Array(stride(from: (offset / step + 1) * step, through: end, by: Int(clamping: step)))
      {
        let x = place(first.start &+ Int64(clamping: tick))
        if x.hundredths - last.hundredths < (stretches.count > 1 ? 650 : 100) { continue }
        ticks.append(tick)
        last = x
      }
    }
    return ticks
  }
}
