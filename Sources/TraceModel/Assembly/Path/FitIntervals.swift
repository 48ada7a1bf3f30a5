/// The part of a span that takes part in the critical path.
struct FitInterval: BitwiseCopyable {
  var start: Int64
  var end: Int64
  /// Inside its parent, which is kept as well.
  var isKept: Bool
  /// Kept, and it keeps its parent waiting.
  var isOnPath: Bool
}

extension TraceAssembler {
  /// Times within this much outside a parent are rounding and are not told of.
  private static let outsideTolerance: Int64 = 2_000

  /// Clips every span to its parent (rule 9) and leaves out consumers under producers, with all below them.
  ///
  ///     parent        |----------|
  ///     keep             |---|
  ///     clip      |------|            -> starts with the parent
  ///     clip              |--------|  -> ends with the parent
  ///     drop    |--|                    |---|
  ///
  /// - Complexity: O(n).
  mutating func fitIntervals(_ trace: inout Trace) {
    let count = trace.spans.count
    path.fits.reset(to: count, repeating: FitInterval(start: 0, end: 0, isKept: false, isOnPath: false))
    let fits = path.fits.mutableElements
    for place in 0..<count {
      let parent = Int(trace.spans[place].parent)
      let (start, end) = (trace.spans[place].start.rawValue, trace.spans[place].end.rawValue)
      guard parent >= 0 else {
        fits[place] = FitInterval(start: start, end: end, isKept: true, isOnPath: true)
        continue
      }
      let isConsumer =
        trace.spans[place].record.kind == .consumer && trace.spans[parent].record.kind == .producer
      let isBlocking = !isConsumer && !trace.spans[parent].traits.contains(.nonBlocking)
      if !isBlocking { trace.spans[place].traits.insert(.nonBlocking) }
      let outer = fits[parent]
      guard outer.isKept else { continue }
      if start >= outer.end || (start < outer.start && end <= outer.start) {
        trace.spans[place].traits.insert(.outsideParent)
      } else {
        fits[place] = FitInterval(
          start: max(start, outer.start), end: min(end, outer.end), isKept: true,
          isOnPath: isBlocking && outer.isOnPath)
      }
      noteOutside(place, parent, &trace)
    }
  }

  @inline(__always)
  private func noteOutside(_ place: Int, _ parent: Int, _ trace: inout Trace) {
    let before = Skew.difference(trace.spans[parent].start.rawValue, trace.spans[place].start.rawValue)
    let after = Skew.difference(trace.spans[place].end.rawValue, trace.spans[parent].end.rawValue)
    let outside = max(before, after)
    if outside > Self.outsideTolerance {
      trace.note(.childOutsideParent, node: Int(order[place]), amount: outside)
    }
  }
}
