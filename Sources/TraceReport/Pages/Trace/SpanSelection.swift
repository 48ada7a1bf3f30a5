import TraceModel

/// Which spans of a trace are shown when there are too many for a page.
///
/// First those on the critical path, failed ones and those with warnings, then the longest; each with all spans
/// above it, so that the tree stays a tree. What is left out is counted at its place in the tree.
///
/// - Complexity: O(*n* log *n*).
struct SpanSelection {
  /// Nil when all are shown.
  private let isShown: [Bool]?
  let shownCount: Int

  init(_ trace: Trace, limit: Int) {
    let spans = trace.spans
    guard spans.count > limit else {
      isShown = nil
      shownCount = spans.count
      return
    }
    var isWarned = Array(repeating: false, count: spans.count)
    for warning in trace.warnings.prefix(limit / 4) {
      if let place = warning.span { isWarned[place] = true }
    }
    let order = spans.indices.sorted { left, right in
      let a = Self.rank(spans[left], isWarned: isWarned[left])
      let b = Self.rank(spans[right], isWarned: isWarned[right])
      if a != b { return a > b }
      if spans[left].duration != spans[right].duration { return spans[left].duration > spans[right].duration }
      return left < right
    }
    var isShown = Array(repeating: false, count: spans.count)
    var count = 0
    for place in order where count < limit {
      var above: [Int] = []
      var next = place
      while next >= 0, !isShown[next], above.count <= limit {
        above.append(next)
        next = Int(spans[next].parent)
      }
      // A chain too deep to be shown whole would be shown without its roots: leave it out.
      guard count + above.count <= limit else { continue }
      for span in above { isShown[span] = true }
      count += above.count
    }
    if count == 0 {
      // One chain deeper than the page holds: show its upper end.
      for place in 0..<limit { isShown[place] = true }
      count = limit
      for place in 0..<limit where spans[place].parent >= 0 && !isShown[Int(spans[place].parent)] {
        isShown[place] = false
        count -= 1
      }
    }
    self.isShown = isShown
    shownCount = count
  }

  private static func rank(_ span: TraceSpan, isWarned: Bool) -> Int {
    if span.traits.contains(.rootCause) { return 4 }
    if span.isError { return 3 }
    if span.criticalPathTime > .zero { return 2 }
    return isWarned ? 1 : 0
  }

  @inline(__always)
  func shows(_ place: Int) -> Bool { isShown?[place] ?? true }
}
