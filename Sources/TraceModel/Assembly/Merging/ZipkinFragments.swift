/// A record that others are fused into, with the fields it has collected from them so far.
struct FragmentHead: BitwiseCopyable {
  var node: Int32
  var kind: SpanKind
  /// Fused into a shared half after all: the number of that head; −1 otherwise.
  var absorbedBy: Int32 = -1
  var count: Int32 = 0
  var endpoint: Endpoint
}

/// A record that is fused into a head; `turn` orders those of one head.
struct Fragment: BitwiseCopyable {
  var head: Int32
  var turn: Int32
  var node: Int32
}

extension TraceAssembler {
  /// How many of the latest heads are tried: far more than one id ever has, and it bounds hostile input.
  private static let headsTried = 64
  /// Late fragments come after all others.
  private static let afterAll = Int32.max / 2

  /// Fuses the records in which a Zipkin reporter sent one span in pieces (rule 3a).
  ///
  ///     client, 10.0.0.1   |--------------|      start and duration
  ///     client, –             ▪ annotation       no endpoint: contradicts nothing, is fused
  ///     server, 10.0.0.2      |-------|          another kind: a span of its own, the shared half
  ///
  /// Record by record in a fixed order, each is fused into the first head with the same flag whose endpoint and kind
  /// it does not contradict; otherwise it becomes a head. Zipkin fuses a client and an unflagged server of one
  /// service into one span; the guard on kinds prevents that.
  mutating func fuseFragments(into trace: inout Trace) {
    let nodes = nodes.mutableElements
    SmallSort.sort(members.mutableElements) { isFusedBefore($0, $1, nodes) }
    merging.heads.removeAll()
    merging.fragments.removeAll()
    for place in 0..<members.count {
      let member = members[place]
      let endpoint = endpoints(of: nodes[Int(member)]).local
      if nodes[Int(member)].recordTraits.contains(.zipkin), let head = findHead(for: member, endpoint, nodes)
      {
        merging.heads.mutableElements[head].endpoint.collect(endpoint)
        if merging.heads[head].kind == .unspecified {
          merging.heads.mutableElements[head].kind = nodes[Int(member)].kind
        }
        merging.heads.mutableElements[head].count += 1
        merging.fragments.append(Fragment(head: Int32(head), turn: Int32(place), node: member))
      } else {
        merging.heads.append(
          FragmentHead(node: member, kind: nodes[Int(member)].kind, endpoint: endpoint))
      }
    }
    guard merging.heads.count > 1 else { return finishFusing(into: &trace) }
    members.removeAll()
    for head in merging.heads.elements {
      nodes[Int(head.node)].kind = head.kind
      members.append(head.node)
    }
  }

  private func findHead(
    for member: Int32, _ endpoint: Endpoint, _ nodes: UnsafeMutableBufferPointer<SpanNode>
  ) -> Int? {
    let node = nodes[Int(member)]
    let heads = merging.heads.elements
    for place in max(0, heads.count - Self.headsTried)..<heads.count {
      let head = nodes[Int(heads[place].node)]
      guard head.recordTraits.contains(.zipkin),
        head.marks.contains(.shared) == node.marks.contains(.shared),
        !heads[place].endpoint.contradicts(endpoint),
        heads[place].kind == .unspecified || node.kind == .unspecified || heads[place].kind == node.kind
      else { continue }
      return place
    }
    return nil
  }

  /// Fuses what was reported late without a kind, from the server's endpoint, into the server half.
  ///
  /// Without this rule Zipkin loses 84 of 1,041 spans of one real trace.
  mutating func absorbLateFragments(into trace: inout Trace) {
    guard anyTraits.contains(.zipkin), merging.heads.count > 1 else { return }
    let nodes = nodes.mutableElements
    let heads = merging.heads.mutableElements
    let client = heads.first { $0.kind == .client && !nodes[Int($0.node)].marks.contains(.shared) }
    guard let client else { return finishFusing(into: &trace) }
    for place in heads.indices {
      let late = heads[place]
      let node = nodes[Int(late.node)]
      guard late.kind == .unspecified, !node.marks.contains(.shared), node.recordTraits.contains(.zipkin),
        late.endpoint.contradicts(client.endpoint),
        let half = heads.suffix(Self.headsTried).firstIndex(where: {
          $0.kind == .server && nodes[Int($0.node)].marks.contains(.shared)
            && nodes[Int($0.node)].recordTraits.contains(.zipkin) && !$0.endpoint.contradicts(late.endpoint)
        })
      else { continue }
      heads[half].endpoint.collect(late.endpoint)
      heads[half].count += late.count + 1
      heads[place].absorbedBy = Int32(half)
      heads[place].count = 0
      merging.fragments.append(
        Fragment(head: Int32(half), turn: Self.afterAll + Int32(place), node: late.node))
    }
    finishFusing(into: &trace)
  }

  /// Builds the fused records and leaves only the heads among the members.
  private mutating func finishFusing(into trace: inout Trace) {
    let heads = merging.heads.elements
    if merging.fragments.count > 0 {
      let fragments = merging.fragments.mutableElements
      for place in fragments.indices {
        let absorber = heads[Int(fragments[place].head)].absorbedBy
        if absorber >= 0 { fragments[place].head = absorber }
      }
      SmallSort.sort(fragments) { $0.head != $1.head ? $0.head < $1.head : $0.turn < $1.turn }
      var start = 0
      while start < fragments.count {
        var end = start + 1
        while end < fragments.count, fragments[end].head == fragments[start].head { end += 1 }
        fuse(heads[Int(fragments[start].head)], UnsafeBufferPointer(rebasing: fragments[start..<end]), &trace)
        start = end
      }
    }
    members.removeAll()
    for head in heads where head.absorbedBy < 0 { members.append(head.node) }
    merging.heads.removeAll()
  }

  /// Not shared first, CLIENT and PRODUCER first among those; then by endpoint, absent first; then by time and name.
  private func isFusedBefore(
    _ left: Int32, _ right: Int32, _ nodes: UnsafeMutableBufferPointer<SpanNode>
  ) -> Bool {
    let (a, b) = (nodes[Int(left)], nodes[Int(right)])
    let (rank, otherRank) = (fusingRank(a), fusingRank(b))
    if rank != otherRank { return rank < otherRank }
    let (endpoint, other) = (endpoints(of: a).local, endpoints(of: b).local)
    if endpoint.isAbsent != other.isAbsent { return endpoint.isAbsent }
    for (field, otherField) in [
      (endpoint.service, other.service), (endpoint.ipv4, other.ipv4), (endpoint.ipv6, other.ipv6),
    ] where field != otherField {
      if field.isEmpty != otherField.isEmpty { return otherField.isEmpty }
      return store.symbols.isOrdered(field, before: otherField)
    }
    if max(a.start, 0) != max(b.start, 0) { return max(a.start, 0) < max(b.start, 0) }
    if a.end != b.end { return a.end < b.end }
    let order = store.symbols.compare(
      recordPointer(of: a).pointee.name, recordPointer(of: b).pointee.name)
    if order != 0 { return order < 0 }
    let content = compareContent(a, b)
    if content != 0 { return content < 0 }
    return isEarlierInInput(left, right, nodes)
  }

  private func fusingRank(_ node: SpanNode) -> Int {
    if node.marks.contains(.shared) { return 2 }
    return node.kind == .client || node.kind == .producer ? 0 : 1
  }
}
