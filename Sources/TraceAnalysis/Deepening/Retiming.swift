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
  private var children: [Int] = []
  private var starts: [Int] = []
  /// The children of the span at hand, and of one run of them by end.
  private var byStart: ArraySlice<Int> = []
  private var byEnd: [Int] = []
  private var finishes: [Int64] = []

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
      if fits[place].isKept { lengths[place] = length(of: place, trace, service, percent) }
      place -= 1
    }
    return lengths[root]
  }

  private mutating func length(of place: Int, _ trace: Trace, _ service: Int32, _ percent: Int64) -> Int64 {
    let fit = fits[place]
    byStart = children[starts[place]..<starts[place + 1]]
    if byStart.isEmpty {
      return fit.owner == service ? shortened(fit.end - fit.start, percent) : fit.end - fit.start
    }
    var own: Int64 = 0
    var total: Int64 = 0
    var cursor = fit.start
    var first = byStart.startIndex
    while first < byStart.endIndex {
      let start = fits[byStart[first]].start
      own += max(start - cursor, 0)
      var last = first
      var end = fits[byStart[first]].end
      while last + 1 < byStart.endIndex, fits[byStart[last + 1]].start < end {
        last += 1
        end = max(end, fits[byStart[last]].end)
      }
      total += block(first...last, start)
      cursor = max(cursor, end)
      first = last + 1
    }
    own += max(fit.end - cursor, 0)
    return total + (fit.owner == service ? shortened(own, percent) : own)
  }

  /// Clipping keeps the order of starts, so children are in order already. One without length takes nothing, and
  /// would come before itself.
  private mutating func gatherChildren(_ trace: Trace) {
    children.removeAll(keepingCapacity: true)
    starts.removeAll(keepingCapacity: true)
    for place in trace.spans.indices {
      starts.append(children.count)
      var child = place + 1
      while child < Int(trace.spans[place].subtreeEnd) {
        if fits[child].end > fits[child].start { children.append(child) }
        child = Int(trace.spans[child].subtreeEnd)
      }
    }
    starts.append(children.count)
  }

  private func shortened(_ own: Int64, _ percent: Int64) -> Int64 {
    own - own / 100 * percent - own % 100 * percent / 100
  }

  /// The length of a run of overlapping children. Each starts as far behind the end of those that had ended before
  /// as it did, or as far from the start of the run.
  private mutating func block(_ range: ClosedRange<Int>, _ start: Int64) -> Int64 {
    if range.count == 1 { return lengths[byStart[range.lowerBound]] }
    byEnd = byStart[range].sorted { fits[$0].end != fits[$1].end ? fits[$0].end < fits[$1].end : $0 < $1 }
    while finishes.count < fits.count { finishes.append(0) }
    var ended = 0
    // By how much those that have ended so far end later than they did; earlier is negative.
    var shift = Int64.min
    var finish: Int64 = 0
    for child in byStart[range] {
      let fit = fits[child]
      while ended < byEnd.count, fits[byEnd[ended]].end <= fit.start {
        shift = max(shift, finishes[byEnd[ended]] - fits[byEnd[ended]].end)
        ended += 1
      }
      let begin = shift == .min ? fit.start - start : fit.start + shift
      finishes[child] = begin + lengths[child]
      finish = max(finish, finishes[child])
    }
    return finish
  }
}
