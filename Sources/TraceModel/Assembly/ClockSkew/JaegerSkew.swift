extension TraceAssembler {
  /// The rule of Jaeger's backend: every child that enters a host is measured, whatever its kind.
  ///
  /// One (host, shift) is carried down. A child whose host differs from the carried one, or that has none, is measured
  /// against its parent; one that fits inside the parent gets no shift. A refused shift is inherited and refused again.
  /// (`internal/adjuster/clockskew.go`, v1.76.)
  mutating func correctAsJaeger(_ trace: inout Trace) {
    hostsMet.removeAll()
    carried.reset(to: nodes.count, repeating: -1)
    for place in 0..<order.count {
      let number = Int(order[place])
      let node = nodes[number]
      let host = hosts.jaegerHost(of: node.resource)
      // Of several spans with one id only the first takes part.
      guard node.parent >= 0, node.ordinal == 0, carried[Int(node.parent)] >= 0 else {
        carried[number] = carry(node, shift: 0, against: -1)
        continue
      }
      let known = carried[Int(node.parent)]
      let isOnCarriedHost =
        host != nil && host == hosts.jaegerHost(of: hostsMet[Int(known)].host.resource)
      if isOnCarriedHost {
        carried[number] = known
      } else {
        let shift = Self.measureAsJaeger(node, nodes[Int(node.parent)])
        carried[number] = carry(node, shift: shift, against: node.parent)
      }
      let met = hostsMet[Int(carried[number])]
      if isTooLarge(met.shift) {
        trace.note(.clockSkewTooLarge, node: number, amount: met.shift)
      } else {
        move(number, by: met.shift, against: met.against, &trace)
      }
    }
  }

  private mutating func carry(_ node: SpanNode, shift: Int64, against: Int32) -> Int32 {
    let host = Host(resource: node.resource, ipv4: .empty, ipv6: .empty)
    hostsMet.append(HostMet(host: host, shift: shift, against: against, earlier: -1))
    return Int32(hostsMet.count - 1)
  }

  private static func measureAsJaeger(_ child: SpanNode, _ parent: SpanNode) -> Int64 {
    if child.duration > parent.duration {
      // Asynchronous, or the parent timed out: at most it must not start before the parent.
      return child.start < parent.start ? Skew.difference(parent.start, child.start) : 0
    }
    if child.start >= parent.start, child.end <= parent.end { return 0 }
    return Skew.centring(child, in: parent)
  }
}
