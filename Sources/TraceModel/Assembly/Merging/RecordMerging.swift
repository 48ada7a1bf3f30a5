/// Memory for merging records, kept from trace to trace.
struct MergeScratch: ~Copyable {
  var hashes = Column<HashedMember>()
  var resourceHashes: [UInt32: UInt64] = [:]
  var leftAttributes = Column<AttributeBits>()
  var rightAttributes = Column<AttributeBits>()
  var heads = Column<FragmentHead>()
  var fragments = Column<Fragment>()
  var tags = Column<FusedTag>()
}

extension TraceAssembler {
  /// Settles every id that several records have: copies, fragments, shared halves, collisions (rules 2 and 3).
  ///
  /// Nothing vanishes but exact copies: whatever is not joined stays a span of its own with an ordinal.
  mutating func mergeRepeatedIDs(into trace: inout Trace) {
    for place in 0..<repeated.count {
      let first = repeated[place]
      collectMembers(of: first)
      dropCopies(from: &trace)
      if members.count > 1, anyTraits.contains(.zipkin) { fuseFragments(into: &trace) }
      if members.count > 1 { inferSharedHalves(into: &trace) }
      index.replace(first, by: formGroup(), in: nodes.mutableElements)
    }
    if trace.duplicateSpans > 0 { trace.note(.duplicateSpan, detail: UInt64(trace.duplicateSpans)) }
  }

  /// Lists the nodes of one id in input order, which does not depend on how archives were dealt to readers.
  private mutating func collectMembers(of first: Int32) {
    members.removeAll()
    let nodes = nodes.mutableElements
    members.append(first)
    var next = nodes[Int(first)].sameID
    nodes[Int(first)].sameID = -1
    while next >= 0 {
      members.append(next)
      let following = nodes[Int(next)].sameID
      nodes[Int(next)].sameID = -1
      next = following
    }
    SmallSort.sort(members.mutableElements) { isEarlierInInput($0, $1, nodes) }
  }

  func isEarlierInInput(
    _ left: Int32, _ right: Int32, _ nodes: UnsafeMutableBufferPointer<SpanNode>
  ) -> Bool {
    let a = recordPointer(of: nodes[Int(left)])
    let b = recordPointer(of: nodes[Int(right)])
    if a.pointee.archive != b.pointee.archive { return a.pointee.archive < b.pointee.archive }
    if a.pointee.archiveOffset != b.pointee.archiveOffset {
      return a.pointee.archiveOffset < b.pointee.archiveOffset
    }
    return nodes[Int(left)].source < nodes[Int(right)].source
  }

  /// Numbers the spans that are left, lists them as a group, and returns the one that children go to first.
  ///
  /// In order of (start, service, operation); what is still equal is ordered by content before input order, so that
  /// shuffled input gives the same numbers.
  private mutating func formGroup() -> Int32 {
    let nodes = nodes.mutableElements
    guard members.count > 1 else { return members[0] }
    let ordered = members.mutableElements
    SmallSort.sort(ordered) { isNumberedBefore($0, $1, nodes) }
    var unshared: Int32 = 0
    for (place, member) in ordered.enumerated() {
      if nodes[Int(member)].marks.contains(.shared) {
        nodes[Int(member)].ordinal = Int32(place) - unshared
      } else {
        nodes[Int(member)].ordinal = unshared
        unshared += 1
      }
    }
    let halves = UnsafeMutableBufferPointer(rebasing: ordered[Int(unshared)...])
    if halves.count > 1 { SmallSort.sort(halves) { isHalfBefore($0, $1, nodes) } }
    let first = ordered[0]
    nodes[Int(first)].sameID = Int32(idGroups.count)
    idGroups.append(
      IDGroup(start: Int32(groupMembers.count), unshared: unshared, shared: Int32(halves.count)))
    groupMembers.append(contentsOf: UnsafeBufferPointer(ordered))
    return first
  }

  private func isNumberedBefore(
    _ left: Int32, _ right: Int32, _ nodes: UnsafeMutableBufferPointer<SpanNode>
  ) -> Bool {
    let (a, b) = (nodes[Int(left)], nodes[Int(right)])
    let (isShared, otherIsShared) = (a.marks.contains(.shared), b.marks.contains(.shared))
    if isShared != otherIsShared { return otherIsShared }
    if max(a.start, 0) != max(b.start, 0) { return max(a.start, 0) < max(b.start, 0) }
    let service = store.symbols.compare(a.service, b.service)
    if service != 0 { return service < 0 }
    let (record, other) = (recordPointer(of: a), recordPointer(of: b))
    let operation = store.symbols.compare(record.pointee.name, other.pointee.name)
    if operation != 0 { return operation < 0 }
    let content = compareContent(a, b)
    if content != 0 { return content < 0 }
    return isEarlierInInput(left, right, nodes)
  }

  private func isHalfBefore(
    _ left: Int32, _ right: Int32, _ nodes: UnsafeMutableBufferPointer<SpanNode>
  ) -> Bool {
    let (a, b) = (endpointKey(of: left, nodes), endpointKey(of: right, nodes))
    if a != b { return a.isBefore(b, store.symbols) }
    return nodes[Int(left)].ordinal < nodes[Int(right)].ordinal
  }
}
