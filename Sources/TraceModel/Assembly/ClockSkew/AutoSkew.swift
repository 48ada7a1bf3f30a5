extension TraceAssembler {
  /// How many of the hosts last met on a path are looked through: no real path has so many.
  private static let hostsLookedThrough = 64

  /// Whether any child breaks causality against its parent; in most traces none does, and nothing is to be done.
  ///
  /// Changes nothing: but a call that only reads would first copy all fields of the assembler, for every trace.
  mutating func hasBrokenCausality() -> Bool {
    let nodes = nodes.elements
    for number in order.elements {
      let parent = nodes[Int(number)].parent
      if parent >= 0, isProof(nodes[Int(number)], nodes[Int(parent)]) { return true }
    }
    return false
  }

  /// Tracebook's own rule: a host's clock is corrected only where causality is broken on entering it.
  ///
  ///     client, host A      |===========|
  ///     server, host B  |=====|                  starts before its caller: B is moved to the middle
  ///      local, host B    |==|                   B is known on this path: the same shift
  ///      callback, A              |==|           back on A: the shift of A, none
  ///
  /// A child that merely ends after its parent is left where it is: asynchronous work and time-outs do that.
  mutating func correctByProof(_ trace: inout Trace) {
    hostsMet.removeAll()
    carried.reset(to: nodes.count, repeating: -1)
    for place in 0..<order.count {
      let number = Int(order[place])
      let node = nodes[number]
      let host = host(of: node)
      guard node.parent >= 0 else {
        carried[number] = meet(host, shift: 0, against: -1, after: -1)
        continue
      }
      let known = carried[Int(node.parent)]
      if let met = findMet(host, from: known) {
        carried[number] = known
        move(number, by: hostsMet[met].shift, against: hostsMet[met].against, &trace)
        continue
      }
      let parent = nodes[Int(node.parent)]
      var shift: Int64 = 0
      if hosts.relation(host, self.host(of: parent)) == .different {
        shift = measure(number, node, parent, &trace)
      } else if node.service == parent.service {
        shift = parent.shift
      }
      carried[number] = meet(host, shift: shift, against: node.parent, after: known)
      move(number, by: shift, against: node.parent, &trace)
    }
  }

  private mutating func meet(_ host: Host, shift: Int64, against: Int32, after earlier: Int32) -> Int32 {
    guard !hosts.isEmpty(host) else { return earlier }
    hostsMet.append(HostMet(host: host, shift: shift, against: against, earlier: earlier))
    return Int32(hostsMet.count - 1)
  }

  /// The nearest host on the path that is the same. Like `hasBrokenCausality` it changes nothing.
  private mutating func findMet(_ host: Host, from known: Int32) -> Int? {
    var next = known
    for _ in 0..<Self.hostsLookedThrough where next >= 0 {
      let met = hostsMet[Int(next)]
      if hosts.relation(host, met.host) == .same { return Int(next) }
      next = met.earlier
    }
    return nil
  }

  private func measure(
    _ number: Int, _ node: SpanNode, _ parent: SpanNode, _ trace: inout Trace
  ) -> Int64 {
    guard isProof(node, parent) else { return 0 }
    let shift =
      node.duration > parent.duration
      ? Skew.difference(parent.start, node.start) : Skew.centring(node, in: parent)
    guard isTooLarge(shift) else { return shift }
    trace.note(.clockSkewTooLarge, node: number, amount: shift)
    return 0
  }

  /// True when a child starts before its parent, or a server after its successful client has ended.
  ///
  /// Messaging and FOLLOWS_FROM prove nothing.
  @inline(__always)
  private func isProof(_ node: SpanNode, _ parent: SpanNode) -> Bool {
    let isEarly = Skew.difference(parent.start, node.start) > Skew.tolerance
    let isLate = Skew.difference(node.start, parent.end) > Skew.tolerance
    guard isEarly || isLate else { return false }
    if node.kind == .consumer, parent.kind == .producer { return false }
    if node.marks.contains(.followsFrom) { return false }
    return isEarly || (parent.kind == .client && parent.status != .error && node.kind == .server)
  }
}
