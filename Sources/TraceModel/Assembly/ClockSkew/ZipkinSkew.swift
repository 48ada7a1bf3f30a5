extension TraceAssembler {
  /// The rule of Zipkin Lens: only a server that starts no later than its client on another address is moved.
  ///
  /// The shift goes to every span below with the server's address, passing through other hosts. Nothing is done
  /// unless the trace has exactly one true root. Lens keeps half microseconds; here they are cut.
  mutating func correctAsZipkin(_ trace: inout Trace) {
    let trueRoots = order.elements.reduce(into: 0) { count, number in
      let node = nodes[Int(number)]
      if node.parent < 0, node.marks.isDisjoint(with: [.orphan, .cycleCut]) { count += 1 }
    }
    guard trueRoots == 1 else { return }
    hostsMet.removeAll()
    carried.reset(to: nodes.count, repeating: -1)
    for place in 0..<order.count {
      let number = Int(order[place])
      let node = nodes[number]
      guard node.parent >= 0 else { continue }
      let host = host(of: node)
      let known = carried[Int(node.parent)]
      carried[number] = known
      var shift: Int64 = 0
      if known >= 0, hostsMet[Int(known)].host.hasAddress(of: host) { shift = hostsMet[Int(known)].shift }
      let parent = nodes[Int(node.parent)]
      let measured = measureAsZipkin(node, shift, host, parent)
      if measured != 0 {
        hostsMet.append(HostMet(host: host, shift: measured, against: node.parent, earlier: -1))
        carried[number] = Int32(hostsMet.count - 1)
        shift = Skew.sum(shift, measured)
      }
      if isTooLarge(shift) {
        trace.note(.clockSkewTooLarge, node: number, amount: shift)
      } else {
        move(number, by: shift, against: node.parent, &trace)
      }
    }
  }

  private func measureAsZipkin(_ node: SpanNode, _ shift: Int64, _ host: Host, _ parent: SpanNode) -> Int64 {
    guard parent.kind == .client, node.kind == .server else { return 0 }
    let caller = self.host(of: parent)
    guard !host.isWithoutAddress, !caller.isWithoutAddress, !host.hasAddress(of: caller) else { return 0 }
    let start = Skew.sum(node.start, shift)
    guard start <= parent.start else { return 0 }
    let isOneWay = node.marks.contains(.noDuration) || parent.marks.contains(.noDuration)
    let latency =
      isOneWay || parent.duration < node.duration ? 1_000 : (parent.duration &- node.duration) / 2
    return Skew.difference(Skew.sum(parent.start, latency), start)
  }
}
