extension TraceAssembler {
  /// Copies the spans into the trace in display order, with depth, children, roots and what is odd about each.
  mutating func fill(_ trace: inout Trace) {
    let nodes = nodes.mutableElements
    let order = order.elements
    var (start, end, deepest) = (Int64.max, Int64.min, Int32(0))
    trace.spans.reserveCapacity(order.count)
    for place in order.indices {
      let node = nodes[Int(order[place])]
      let record = recordPointer(of: node)
      trace.spans.append(TraceSpan(record: record.pointee))
      noteReading(of: record.pointee, service: node.service, node: Int(order[place]), &trace)
      if node.parent < 0 { trace.roots.append(place) }
    }
    // A record is copied once only: the rest is put down where it lies.
    trace.spans.withUnsafeMutableBufferPointer { spans in
      for place in order.indices {
        let node = nodes[Int(order[place])]
        // Chosen among several references: named as if it had been the only one.
        if node.recordTraits.contains(.references) {
          spans[place].record.parentSpanID = SpanID(node.parentID)
        }
        spans[place].service = node.service
        spans[place].start = UnixNanoseconds(node.start)
        spans[place].end = UnixNanoseconds(node.end)
        spans[place].adjustedBy = Nanoseconds(node.shift)
        spans[place].ordinal = node.ordinal
        spans[place].subtreeEnd = Int32(truncatingIfNeeded: place &+ 1)
        spans[place].traits = Self.traits(of: node)
        if node.parent >= 0 {
          let parent = Int(nodes[Int(node.parent)].place)
          spans[place].parent = Int32(truncatingIfNeeded: parent)
          spans[place].depth = spans[parent].depth &+ 1
          spans[parent].childCount &+= 1
          if node.status == .error { spans[parent].traits.remove(.rootCause) }
        }
        start = min(start, node.start)
        end = max(end, node.end)
        deepest = max(deepest, spans[place].depth)
      }
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
  private func noteReading(of record: SpanRecord, service: Symbol, node: Int, _ trace: inout Trace) {
    if service.isEmpty { trace.note(.missingService, node: node) }
    if !record.traits.isDisjoint(with: [.duplicateAttribute, .unknownEnum]) || record.presence.contains(.rare)
    {
      noteOddities(of: record, node, &trace)
    }
  }

  private func noteOddities(of record: SpanRecord, _ node: Int, _ trace: inout Trace) {
    if record.traits.contains(.duplicateAttribute) { trace.note(.duplicateAttribute, node: node) }
    if record.traits.contains(.unknownEnum) { trace.note(.unknownEnum, node: node) }
    let rare = rareFields(of: record)
    if (rare.droppedAttributes | rare.droppedEvents | rare.droppedLinks) != 0 {
      trace.note(.droppedBySDK, node: node)
    }
  }
}
