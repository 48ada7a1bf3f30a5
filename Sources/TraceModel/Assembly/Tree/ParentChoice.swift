extension TraceAssembler {
  /// Gives every span its parent, by one notion of parent for everything that follows (rule 4).
  ///
  /// A span whose parent is absent becomes a root of its own and is never hung elsewhere: Zipkin hangs such spans
  /// under the root, which makes false children and false self time.
  mutating func chooseParents(of group: TraceGroup, into trace: inout Trace) {
    let nodes = nodes.mutableElements
    for number in nodes.indices {
      let node = nodes[number]
      if node.marks.contains(.dropped) { continue }
      if node.marks.contains(.shared) {
        // The client half is the parent of the server half; without it, the client's parent is the nearest known.
        nodes[number].parent = clientHalf(of: number, nodes)
        if nodes[number].parent >= 0 { continue }
      }
      if node.recordTraits.contains(.followsFrom) { nodes[number].marks.insert(.followsFrom) }
      if node.recordTraits.contains(.references) { chooseReference(number, group, nodes, &trace) }
      let parentID = nodes[number].parentID
      if parentID == 0 {
        if node.recordTraits.contains(.invalidParent) { becomeOrphan(number, missing: 0, nodes, &trace) }
        continue
      }
      if parentID == node.id {
        nodes[number].parentID = 0
        trace.note(.selfParent, node: number)
        continue
      }
      let parent = findParent(parentID, of: number, nodes)
      if parent < 0 { becomeOrphan(number, missing: parentID, nodes, &trace) }
      nodes[number].parent = parent
    }
  }

  private func becomeOrphan(
    _ number: Int, missing parent: UInt64, _ nodes: UnsafeMutableBufferPointer<SpanNode>, _ trace: inout Trace
  ) {
    nodes[number].marks.insert(.orphan)
    trace.note(.parentMissing, node: number, detail: parent)
  }

  private func clientHalf(of number: Int, _ nodes: UnsafeMutableBufferPointer<SpanNode>) -> Int32 {
    let first = index.find(nodes[number].id, in: nodes)
    guard first >= 0, !nodes[Int(first)].marks.contains(.shared) else { return -1 }
    return first
  }

  /// The span meant by a parent id (rule 4b): the server half where the child runs, else the first unshared span.
  @inline(__always)
  private func findParent(
    _ id: UInt64, of child: Int, _ nodes: UnsafeMutableBufferPointer<SpanNode>
  ) -> Int32 {
    let first = index.find(id, in: nodes)
    guard first >= 0 else { return -1 }
    let candidate = nodes[Int(first)]
    if candidate.sameID < 0, !candidate.marks.contains(.shared) { return first }
    return findAmongHalves(first, of: child, nodes)
  }

  private func findAmongHalves(
    _ first: Int32, of child: Int, _ nodes: UnsafeMutableBufferPointer<SpanNode>
  ) -> Int32 {
    let wanted = EndpointKey(
      recordPointer(of: nodes[child]), nodes[child].service, endpoints(of: nodes[child]))
    let number = nodes[Int(first)].sameID
    guard number >= 0 else { return isHalf(first, at: wanted, nodes) ? first : -1 }
    // Shared halves stand by endpoint: find the first one that is not below the wanted one.
    let group = idGroups[Int(number)]
    var low = group.start + group.unshared
    var high = low + group.shared
    let end = high
    while low < high {
      let middle = low + (high - low) / 2
      if endpointKey(of: groupMembers[Int(middle)], nodes).isBelow(wanted, store.symbols) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    if low < end, isHalf(groupMembers[Int(low)], at: wanted, nodes) { return groupMembers[Int(low)] }
    return group.unshared > 0 ? groupMembers[Int(group.start)] : -1
  }

  private func isHalf(
    _ half: Int32, at wanted: EndpointKey, _ nodes: UnsafeMutableBufferPointer<SpanNode>
  ) -> Bool {
    endpointKey(of: half, nodes).matches(wanted)
  }

  func endpointKey(of number: Int32, _ nodes: UnsafeMutableBufferPointer<SpanNode>) -> EndpointKey {
    let node = nodes[Int(number)]
    return EndpointKey(recordPointer(of: node), node.service, endpoints(of: node))
  }
}

// MARK: - Jaeger references

extension TraceAssembler {
  /// Chooses among several references (rule 4a): CHILD_OF before FOLLOWS_FROM, a present span before an absent one.
  private mutating func chooseReference(
    _ number: Int, _ group: TraceGroup, _ nodes: UnsafeMutableBufferPointer<SpanNode>, _ trace: inout Trace
  ) {
    let record = recordPointer(of: nodes[number])
    // present CHILD_OF, present FOLLOWS_FROM, absent CHILD_OF, absent FOLLOWS_FROM
    var best = (rank: 4, id: UInt64(0))
    var count: UInt64 = 0
    var elsewhere = TraceID.absent
    let extra = extraFields(of: record.pointee)
    for place in 0..<Int(extra.linkCount) {
      let link =
        nodes[number].marks.contains(.fused)
        ? trace.fusedLinks[Int(extra.linkStart) + place] : store.links(of: record.pointee)[place]
      if link.kind == .link || link.spanID.isAbsent { continue }
      guard isSameTrace(link.traceID, record.pointee.traceID, group) else {
        if elsewhere.isAbsent { elsewhere = link.traceID }
        continue
      }
      count += 1
      let isPresent = index.find(link.spanID.rawValue, in: nodes) >= 0
      let rank = (isPresent ? 0 : 2) + (link.kind == .childOf ? 0 : 1)
      if rank < best.rank { best = (rank, link.spanID.rawValue) }
    }
    if best.rank < 4 {
      nodes[number].parentID = best.id
      if best.rank % 2 == 1 {
        nodes[number].marks.insert(.followsFrom)
      } else {
        nodes[number].marks.remove(.followsFrom)
      }
    } else if nodes[number].parentID == 0, !elsewhere.isAbsent {
      trace.note(
        .parentInOtherTrace, node: number, detail: elsewhere.low, amount: Int64(bitPattern: elsewhere.high))
    }
    if count > 1 { trace.note(.severalParents, node: number, detail: count) }
  }

  /// References may name a trace by either form of its id.
  private func isSameTrace(_ id: TraceID, _ own: TraceID, _ group: TraceGroup) -> Bool {
    id == own || id == group.id || (id.is64Bit && id.low == group.id.low && !options.strictTraceID)
  }
}
