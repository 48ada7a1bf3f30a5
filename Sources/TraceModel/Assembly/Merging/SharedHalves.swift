extension TraceAssembler {
  /// Marks server halves whose reporter forgot to say that they share the client's id (rule 3b).
  ///
  /// PRODUCER and CONSUMER never share by inference. A half without parent id takes that of its client half.
  mutating func inferSharedHalves(into trace: inout Trace) {
    let nodes = nodes.mutableElements
    let members = members.elements
    if members.contains(where: { nodes[Int($0)].kind == .client }) {
      for member in members
      where nodes[Int(member)].kind == .server && !nodes[Int(member)].marks.contains(.shared) {
        nodes[Int(member)].marks.insert(.shared)
        anyTraits.insert(.shared)
        trace.note(.sharedIDInferred, node: Int(member), detail: nodes[Int(member)].id)
      }
    }
    absorbLateFragments(into: &trace)
  }

  /// Deals with halves whose client half is absent, and tells of ids that different spans use (rules 3b and 3c).
  mutating func settleSharedHalves(into trace: inout Trace) {
    let nodes = nodes.mutableElements
    inheritParents(nodes)
    if let root = findFlaggedRoot(nodes) {
      nodes[root].marks.remove(.shared)
      promote(Int32(root), over: index.find(nodes[root].id, in: nodes), nodes)
    }
    for number in nodes.indices where isLoneHalf(number, nodes) {
      trace.note(.sharedWithoutClient, node: number, detail: nodes[number].id)
    }
    for group in idGroups.elements { noteCollisions(in: group, nodes, &trace) }
  }

  private func inheritParents(_ nodes: UnsafeMutableBufferPointer<SpanNode>) {
    for group in idGroups.elements where group.unshared > 0 {
      let parent = nodes[Int(groupMembers[Int(group.start)])].parentID
      for place in 0..<Int(group.shared) {
        let half = Int(groupMembers[Int(group.start + group.unshared) + place])
        if nodes[half].parentID == 0 || nodes[half].parentID == nodes[half].id {
          nodes[half].parentID = parent
        }
      }
    }
  }

  /// The half without its client half that is the trace's only span without a parent: its flag is wrong.
  private func findFlaggedRoot(_ nodes: UnsafeMutableBufferPointer<SpanNode>) -> Int? {
    guard liveCount > 1 else { return nil }
    var found: Int?
    for number in nodes.indices where !nodes[number].marks.contains(.dropped) && namesNoParent(nodes[number])
    {
      if found != nil { return nil }
      found = number
    }
    return found.flatMap { isLoneHalf($0, nodes) ? $0 : nil }
  }

  private func isLoneHalf(_ number: Int, _ nodes: UnsafeMutableBufferPointer<SpanNode>) -> Bool {
    let node = nodes[number]
    guard node.marks.contains(.shared), !node.marks.contains(.dropped) else { return false }
    return nodes[Int(index.find(node.id, in: nodes))].marks.contains(.shared)
  }

  private func namesNoParent(_ node: SpanNode) -> Bool {
    node.parentID == 0 || (node.parentID == node.id && !node.marks.contains(.shared))
  }

  /// Puts a half that turned out to be the root before the other halves of its id.
  private mutating func promote(
    _ root: Int32, over first: Int32, _ nodes: UnsafeMutableBufferPointer<SpanNode>
  ) {
    let number = nodes[Int(first)].sameID
    guard number >= 0 else { return }
    let group = idGroups[Int(number)]
    idGroups[Int(number)] = IDGroup(start: group.start, unshared: 1, shared: group.shared - 1)
    let members = UnsafeMutableBufferPointer(
      rebasing: groupMembers.mutableElements[Int(group.start)..<Int(group.start + group.shared)])
    var carried = root
    for place in members.indices {
      swap(&members[place], &carried)
      if carried == root { break }
    }
    let ordinal = nodes[Int(root)].ordinal
    for member in members where nodes[Int(member)].ordinal > ordinal { nodes[Int(member)].ordinal -= 1 }
    nodes[Int(root)].ordinal = 0
    nodes[Int(first)].sameID = -1
    nodes[Int(root)].sameID = number
    if first != root { index.replace(first, by: root, in: nodes) }
  }

  private func noteCollisions(
    in group: IDGroup, _ nodes: UnsafeMutableBufferPointer<SpanNode>, _ trace: inout Trace
  ) {
    for place in 0..<Int(group.unshared + group.shared) {
      let member = Int(groupMembers[Int(group.start) + place])
      guard nodes[member].ordinal > 0 else { continue }
      let count = nodes[member].marks.contains(.shared) ? group.shared : group.unshared
      trace.note(.duplicateSpanID, node: member, detail: UInt64(count))
    }
  }
}
