/// Memory for self times and critical paths, kept from trace to trace.
struct PathScratch: ~Copyable {
  var cursors = Column<Int64>()
  var fits = Column<FitInterval>()
  /// The children on the path of all spans, one range a span, the last to end first.
  var children = Column<Int32>()
  /// Where the range of each span begins; one more at the end.
  var starts = Column<Int32>()
  /// The next child of each span to look at.
  var next = Column<Int32>()
}

extension TraceAssembler {
  /// Finds for every root which span kept it waiting at each moment (rule 11), walking from the end backwards.
  ///
  ///     root    |==================|           taken from the end: root, B, root, A, root
  ///     A          |=====|
  ///     C       |=====|                        ends after A's start: skipped, the rest is the root's
  ///     B                  |====|
  ///     path    ###AAAAAAA##BBBBBB##
  ///
  /// The sections of a root cover it exactly. The limit only falls, so no child is looked at twice.
  ///
  /// - Complexity: O(n log n).
  mutating func findCriticalPath(_ trace: inout Trace) {
    fitIntervals(&trace)
    listChildren(trace)
    for root in trace.roots {
      if options.criticalPath == .strict, trace.spans[root].traits.contains(.orphan) { continue }
      let first = trace.criticalPath.count
      walk(from: root, into: &trace)
      trace.criticalPath[first...].reverse()
    }
    if trace.roots.count > 1 {
      let spans = trace.spans
      trace.criticalPath.sort { Self.isOrdered($0, $1, spans) }
    }
    for section in trace.criticalPath {
      trace.spans[Int(section.span)].criticalPathTime += section.length
    }
  }

  /// Lists the children on the path of each span: the last to end first, then the first to start.
  private mutating func listChildren(_ trace: borrowing Trace) {
    let count = trace.spans.count
    path.starts.reset(to: count + 1, repeating: 0)
    path.children.reset(to: count, repeating: 0)
    let (starts, children) = (path.starts.mutableElements, path.children.mutableElements)
    let fits = path.fits.elements
    for place in 0..<count where fits[place].isOnPath {
      let parent = Int(trace.spans[place].parent)
      if parent >= 0 { starts[parent] &+= 1 }
    }
    var total: Int32 = 0
    for place in 0..<count {
      total &+= starts[place]
      starts[place] = total
    }
    starts[count] = total
    // Filled from the back of each range, so that children which run one after another are sorted already.
    for place in 0..<count where fits[place].isOnPath {
      let parent = Int(trace.spans[place].parent)
      guard parent >= 0 else { continue }
      starts[parent] &-= 1
      children[Int(starts[parent])] = Int32(truncatingIfNeeded: place)
    }
    for place in 0..<count where starts[place + 1] - starts[place] > 1 {
      let range = UnsafeMutableBufferPointer(rebasing: children[Int(starts[place])..<Int(starts[place + 1])])
      SmallSort.sort(range) { left, right in
        let (a, b) = (fits[Int(left)], fits[Int(right)])
        if a.end != b.end { return a.end > b.end }
        return a.start != b.start ? a.start < b.start : left < right
      }
    }
    path.next.reset(to: count, repeating: 0)
    for place in 0..<count { path.next.mutableElements[place] = starts[place] }
  }

  /// Emits the sections of one root from last to first. The chain of parents is the stack; `limit` is the moment down
  /// to which everything is covered.
  private mutating func walk(from root: Int, into trace: inout Trace) {
    let (starts, children) = (path.starts.elements, path.children.elements)
    let (fits, next) = (path.fits.elements, path.next.mutableElements)
    let isStrict = options.criticalPath == .strict
    var current = root
    var limit = fits[root].end
    while true {
      let end = starts[current + 1]
      while next[current] < end {
        let child = fits[Int(children[Int(next[current])])]
        let isSkipped =
          isStrict
          ? next[current] > starts[current] && child.end >= limit
          : child.start == child.end || child.end > limit
        if !isSkipped { break }
        next[current] &+= 1
      }
      if next[current] < end {
        let child = Int(children[Int(next[current])])
        next[current] &+= 1
        emit(current, from: fits[child].end, to: limit, into: &trace)
        current = child
        limit = fits[child].end
      } else {
        emit(current, from: fits[current].start, to: limit, into: &trace)
        limit = fits[current].start
        if current == root { return }
        current = Int(trace.spans[current].parent)
      }
    }
  }

  /// Adds a section before those emitted so far; touching sections of one span become one.
  @inline(__always)
  private func emit(_ span: Int, from start: Int64, to end: Int64, into trace: inout Trace) {
    guard start < end else { return }
    let place = Int32(truncatingIfNeeded: span)
    if let last = trace.criticalPath.last, last.span == place, last.start.rawValue == end {
      trace.criticalPath[trace.criticalPath.count - 1].start = UnixNanoseconds(start)
    } else {
      trace.criticalPath.append(
        CriticalPathSection(span: place, start: UnixNanoseconds(start), end: UnixNanoseconds(end)))
    }
  }

  private static func isOrdered(
    _ left: CriticalPathSection, _ right: CriticalPathSection, _ spans: [TraceSpan]
  ) -> Bool {
    if left.start != right.start { return left.start < right.start }
    if left.end != right.end { return left.end < right.end }
    let (id, other) = (spans[Int(left.span)].record.spanID, spans[Int(right.span)].record.spanID)
    return id != other ? id < other : left.span < right.span
  }
}
