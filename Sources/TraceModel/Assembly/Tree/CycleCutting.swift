extension TraceAssembler {
  /// Makes one span of every cycle of parents a root, so that all spans can be reached.
  ///
  ///      ┌▸ A ─▸ B ─▸ C ┐          A          the earliest of the cycle becomes a root,
  ///      └──────────────┘   ▸      └ B        and what hangs on the cycle (D) comes with it
  ///               └ D                └ C
  ///                                  └ D
  ///
  /// Jaeger UI and Zipkin let such spans vanish.
  mutating func cutCycles(into trace: inout Trace) {
    let nodes = nodes.mutableElements
    let keys = keys.elements
    for node in order.elements { nodes[Int(node)].marks.insert(.reached) }
    // Keys are sorted: the earliest unreached span comes first.
    for key in keys where !nodes[Int(key.node)].marks.contains(.reached) {
      let cut = earliestInCycle(above: key.node, nodes)
      markReachable(from: cut, nodes)
      nodes[Int(cut)].parent = -1
      nodes[Int(cut)].marks.insert(.cycleCut)
      trace.note(.parentCycle, node: Int(cut))
    }
    putInOrder()
  }

  private func earliestInCycle(above start: Int32, _ nodes: UnsafeMutableBufferPointer<SpanNode>) -> Int32 {
    var current = start
    while !nodes[Int(current)].marks.contains(.climbed) {
      nodes[Int(current)].marks.insert(.climbed)
      current = nodes[Int(current)].parent
    }
    // `current` is in the cycle: once around, looking for the least (start, id).
    var least = OrderKey(nodes[Int(current)], number: current)
    var around = nodes[Int(current)].parent
    while around != current {
      let key = OrderKey(nodes[Int(around)], number: around)
      if OrderKey.isOrdered(key, least) { least = key }
      around = nodes[Int(around)].parent
    }
    return least.node
  }

  private mutating func markReachable(from start: Int32, _ nodes: UnsafeMutableBufferPointer<SpanNode>) {
    nodes[Int(start)].marks.insert(.reached)
    climbing.removeAll()
    climbing.append(start)
    while let node = climbing.popLast() {
      var child = nodes[Int(node)].firstChild
      while child >= 0 {
        if !nodes[Int(child)].marks.contains(.reached) {
          nodes[Int(child)].marks.insert(.reached)
          climbing.append(child)
        }
        child = nodes[Int(child)].nextSibling
      }
    }
  }
}
