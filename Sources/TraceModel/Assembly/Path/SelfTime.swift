extension TraceAssembler {
  /// Time a span spent while none of its children was running (rule 10).
  ///
  ///     span     |==================|
  ///     child       |====|
  ///     child          |======|
  ///     self     ###           #####
  ///
  /// Children are clipped to the span, not to what is left of it after clipping in turn; where they overlap they count
  /// once. All kinds of children count. Never negative, never above the duration.
  ///
  /// One pass in display order: the children of a span come by start, so a cursor a span is enough.
  ///
  /// - Complexity: O(n).
  mutating func measureSelfTimes(_ trace: inout Trace) {
    trace.spans.withUnsafeMutableBufferPointer { spans in
      path.cursors.reset(to: spans.count, repeating: 0)
      let cursors = path.cursors.mutableElements
      for place in spans.indices {
        let (start, end) = (spans[place].start.rawValue, spans[place].end.rawValue)
        spans[place].selfTime = spans[place].duration
        cursors[place] = start
        let parent = Int(spans[place].parent)
        guard parent >= 0 else { continue }
        let from = max(start, cursors[parent])
        let to = min(end, spans[parent].end.rawValue)
        if to > from {
          spans[parent].selfTime = Nanoseconds(spans[parent].selfTime.rawValue &- (to &- from))
          cursors[parent] = to
        }
      }
    }
  }
}
