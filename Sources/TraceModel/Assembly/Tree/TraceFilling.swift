extension TraceAssembler {
  /// Copies the spans into the trace in display order, with depth, children, roots and what is odd about each.
  mutating func fill(_ trace: inout Trace) {
    let nodes = nodes.mutableElements
    let order = order.elements
    var (start, end, deepest) = (Int64.max, Int64.min, Int32(0))
    trace.spans.reserveCapacity(order.count)
    for place in order.indices {
      let node = nodes[Int(order[place])]
      var span = TraceSpan(record: recordPointer(of: node).pointee)
      // Chosen among several references: named as if it had been the only one.
      if node.recordTraits.contains(.references) { span.record.parentSpanID = SpanID(node.parentID) }
      span.service = node.service
      span.start = UnixNanoseconds(node.start)
      span.end = UnixNanoseconds(node.end)
      span.adjustedBy = Nanoseconds(node.shift)
      span.ordinal = node.ordinal
      span.subtreeEnd = Int32(truncatingIfNeeded: place &+ 1)
      span.traits = Self.traits(of: node)
      if node.parent >= 0 {
        let parent = nodes[Int(node.parent)].place
        span.parent = parent
        span.depth = trace.spans[Int(parent)].depth &+ 1
        trace.spans[Int(parent)].childCount &+= 1
        if node.status == .error { trace.spans[Int(parent)].traits.remove(.rootCause) }
      } else {
        trace.roots.append(place)
      }
      start = min(start, node.start)
      end = max(end, node.end)
      deepest = max(deepest, span.depth)
      noteReading(of: span, node: Int(order[place]), &trace)
      trace.spans.append(span)
    }
    trace.start = UnixNanoseconds(start)
    trace.end = UnixNanoseconds(end)
    trace.depth = Int(deepest) + 1
    closeSubtrees(&trace)
    choosePrimaryRoot(&trace)
  }

  private static func traits(of node: SpanNode) -> TraceSpanTraits {
    var traits: TraceSpanTraits = node.status == .error ? .rootCause : []
    if node.marks.isEmpty { return traits }
    if node.marks.contains(.orphan) { traits.insert(.orphan) }
    if node.marks.contains(.shared) { traits.insert(.shared) }
    if node.marks.contains(.cycleCut) { traits.insert(.cycleCut) }
    if node.marks.contains(.fused) { traits.insert(.fused) }
    if node.marks.contains(.assumedStart) { traits.insert(.assumedStart) }
    return traits
  }

  /// Backwards, so that the last place below a span is known before its parent asks for it.
  private func closeSubtrees(_ trace: inout Trace) {
    trace.spans.withUnsafeMutableBufferPointer { spans in
      for place in spans.indices.reversed() {
        let parent = Int(spans[place].parent)
        if parent >= 0 { spans[parent].subtreeEnd = max(spans[parent].subtreeEnd, spans[place].subtreeEnd) }
      }
    }
  }

  /// Roots without a parent id come before orphans and cut cycles; among equals the first in display order counts.
  private func choosePrimaryRoot(_ trace: inout Trace) {
    let isTrueRoot = { (place: Int) in trace.spans[place].traits.isDisjoint(with: [.orphan, .cycleCut]) }
    let trueRoot = trace.roots.first(where: isTrueRoot)
    trace.primaryRoot = trueRoot ?? trace.roots.first ?? 0
    trace.isComplete = trace.roots.count == 1 && trueRoot != nil
    if trace.roots.count > 1 { trace.note(.multipleRoots, detail: UInt64(trace.roots.count)) }
  }

  /// Notes what was peculiar about a record as it was read.
  @inline(__always)
  private func noteReading(of span: TraceSpan, node: Int, _ trace: inout Trace) {
    if span.service.isEmpty { trace.note(.missingService, node: node) }
    if !span.record.traits.isDisjoint(with: [.duplicateAttribute, .unknownEnum]) || span.record.rare != 0 {
      noteOddities(of: span, node, &trace)
    }
  }

  private func noteOddities(of span: TraceSpan, _ node: Int, _ trace: inout Trace) {
    if span.record.traits.contains(.duplicateAttribute) { trace.note(.duplicateAttribute, node: node) }
    if span.record.traits.contains(.unknownEnum) { trace.note(.unknownEnum, node: node) }
    let rare = store.rareFields(of: span.record)
    if (rare.droppedAttributes | rare.droppedEvents | rare.droppedLinks) != 0 {
      trace.note(.droppedBySDK, node: node)
    }
  }
}
