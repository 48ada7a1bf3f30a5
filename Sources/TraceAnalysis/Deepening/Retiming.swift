import TraceModel

/// How long a request would take if one service's own part were shorter (analysis, section 6).
///
///     root    |==|======|=|=====|==|        lead, block 1, gap, block 2, tail
///     block 1    |a====|                    b starts after a: it keeps its distance to a's end
///                    |c==|                  c overlaps a: it keeps its distance to the block's start
///                       …
///
/// Only the stretches of a span in which no child runs get shorter; what runs at the same time still has to end. So
/// a saving is limited by what runs beside it, and without a change the length comes out as it was, exactly.
///
/// - Complexity: O(n log n) for `prepare`, O(n) for `length`.
struct Retiming: ~Copyable {
  private struct Fit: BitwiseCopyable {
    var start: Int64 = 0
    var end: Int64 = -1
    /// The service that the stretches without a child belong to.
    var owner: Int32 = -1

    var isKept: Bool { end >= start }
  }

  private var fits = Column<Fit>()
  private var lengths = Column<Int64>()
  private var root = 0
  /// The children of all spans with a length, by start; those of a span from `starts[place]` on.
  private var children = Column<Int32>()
  private var starts = Column<Int32>()
  /// The same, but each run of children that overlap by end.
  private var byEnd = Column<Int32>()
  private var finishes = Column<Int64>()

  init() {}

  /// Looks at a trace; `owner` says to which service a span's own stretches belong.
  mutating func prepare(_ trace: Trace, owner: (Int) -> Int32) {
    fits.removeAll()
    lengths.removeAll()
    root = trace.primaryRoot
    for place in trace.spans.indices {
      fits.append(fit(trace, place, owner))
      lengths.append(0)
    }
    gatherChildren(trace)
  }

  private func fit(_ trace: Trace, _ place: Int, _ owner: (Int) -> Int32) -> Fit {
    let span = trace.spans[place]
    var fit = Fit(start: span.start.rawValue, end: span.end.rawValue, owner: owner(place))
    if place == root { return fit }
    guard span.parent >= 0, !span.traits.contains(.outsideParent), !span.traits.contains(.nonBlocking) else {
      return Fit()
    }
    let above = fits[Int(span.parent)]
    guard above.isKept, fit.start < above.end, fit.end > above.start || fit.start >= above.start else {
      return Fit()
    }
    fit.start = max(fit.start, above.start)
    fit.end = min(fit.end, above.end)
    return fit.isKept ? fit : Fit()
  }

  /// The length of the root if the own stretches of a service took `percent` percent less.
  mutating func length(_ trace: Trace, service: Int32, less percent: Int64) -> Int64 {
    var place = Int(trace.spans[root].subtreeEnd) - 1
    while place >= root {
      if fits[place].isKept { lengths[place] = length(of: place, service, percent) }
      place -= 1
    }
    return lengths[root]
  }

  private mutating func length(of place: Int, _ service: Int32, _ percent: Int64) -> Int64 {
    let fit = fits[place]
    var own: Int64 = 0
    var total: Int64 = 0
    var cursor = fit.start
    var first = Int(starts[place])
    let behind = Int(starts[place + 1])
    while first < behind {
      let start = fits[Int(children[first])].start
      own += max(start - cursor, 0)
      let run = run(from: first, to: behind)
      total += block(run.places, start)
      cursor = max(cursor, run.end)
      first = run.places.upperBound
    }
    own += max(fit.end - cursor, 0)
    return total + (fit.owner == service ? shortened(own, percent) : own)
  }

  /// The children from one on that overlap, directly or by others between them, and the end of the last of them.
  private func run(from first: Int, to behind: Int) -> (places: Range<Int>, end: Int64) {
    var last = first
    var end = fits[Int(children[first])].end
    while last + 1 < behind, fits[Int(children[last + 1])].start < end {
      last += 1
      end = max(end, fits[Int(children[last])].end)
    }
    return (first..<last + 1, end)
  }

  /// Clipping keeps the order of starts, so children are in order already. One without length takes nothing, and
  /// would come before itself.
  private mutating func gatherChildren(_ trace: Trace) {
    children.removeAll()
    byEnd.removeAll()
    starts.removeAll()
    while finishes.count < trace.spans.count { finishes.append(0) }
    for place in trace.spans.indices {
      starts.append(Int32(truncatingIfNeeded: children.count))
      var child = place + 1
      while child < Int(trace.spans[place].subtreeEnd) {
        if fits[child].end > fits[child].start { children.append(Int32(truncatingIfNeeded: child)) }
        child = Int(trace.spans[child].subtreeEnd)
      }
      sortRuns()
    }
    starts.append(Int32(truncatingIfNeeded: children.count))
  }

  /// Lists the children that were listed last by end, run by run.
  private mutating func sortRuns() {
    while byEnd.count < children.count {
      let run = run(from: byEnd.count, to: children.count).places
      byEnd.append(contentsOf: children.elements(from: run.lowerBound, count: run.count))
      guard run.count > 1 else { continue }
      let fits = fits.elements
      var places = UnsafeMutableBufferPointer(rebasing: byEnd.mutableElements[run])
      places.sort { left, right in
        let (a, b) = (fits[Int(left)].end, fits[Int(right)].end)
        return a != b ? a < b : left < right
      }
    }
  }

  private func shortened(_ own: Int64, _ percent: Int64) -> Int64 {
    own - own / 100 * percent - own % 100 * percent / 100
  }

  /// The length of a run of overlapping children. Each starts as far behind the end of those that had ended before
  /// as it did, or as far from the start of the run.
  private mutating func block(_ run: Range<Int>, _ start: Int64) -> Int64 {
    if run.count == 1 { return lengths[Int(children[run.lowerBound])] }
    var ended = run.lowerBound
    // By how much those that have ended so far end later than they did; earlier is negative.
    var shift = Int64.min
    var finish: Int64 = 0
    for place in run {
      let child = Int(children[place])
      let fit = fits[child]
      while ended < run.upperBound, fits[Int(byEnd[ended])].end <= fit.start {
        shift = max(shift, finishes[Int(byEnd[ended])] - fits[Int(byEnd[ended])].end)
        ended += 1
      }
      let begin = shift == .min ? fit.start - start : fit.start + shift
      finishes[child] = begin + lengths[child]
      finish = max(finish, finishes[child])
    }
    return finish
  }
}
