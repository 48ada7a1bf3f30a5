/// What makes a time implausible or in need of repair.
enum TimeRule {
  /// 2000-01-01T00:00:00Z.
  static let earliest: Int64 = 946_684_800_000_000_000
  /// 2100-01-01T00:00:00Z.
  static let latest: Int64 = 4_102_444_800_000_000_000

  /// True when both times are known, in order and plausible: nothing is to be done.
  @inline(__always)
  static func isPlain(_ node: SpanNode) -> Bool {
    node.start >= earliest && node.start <= latest && node.end >= node.start
      && node.recordTraits.isDisjoint(with: [.durationOnly, .missingEnd, .negativeDuration])
  }
}

extension TraceAssembler {
  /// Gives every span a start and an end that is not before it (rule 6), parents before children.
  ///
  ///     parent       |==========|
  ///     no start     |==|               starts with its parent
  ///     no end           |              ends where it starts
  ///
  /// A root without a start takes the earliest one known below it. Zipkin leaves such spans without a position.
  mutating func repairTimes(into trace: inout Trace) {
    let nodes = nodes.mutableElements
    let order = order.elements
    if order.contains(where: { nodes[Int($0)].parent < 0 && nodes[Int($0)].start <= 0 }) {
      placeRoots(nodes, order)
    }
    for number in order {
      let node = nodes[Int(number)]
      let isKnown = node.start > 0 && !node.marks.contains(.assumedStart)
      if isKnown, TimeRule.isPlain(node) { continue }
      if !isKnown {
        repairStart(Int(number), nodes, &trace)
      } else if node.start < TimeRule.earliest || node.start > TimeRule.latest {
        trace.note(.implausibleTime, node: Int(number), amount: node.start)
      }
      repairEnd(Int(number), node, nodes, &trace)
      needsReordering = needsReordering || !isKnown
    }
  }

  /// The earliest known start below each root that has none; children are listed after their parents.
  private func placeRoots(_ nodes: UnsafeMutableBufferPointer<SpanNode>, _ order: UnsafeBufferPointer<Int32>)
  {
    for number in order {
      nodes[Int(number)].shift = nodes[Int(number)].start > 0 ? nodes[Int(number)].start : .max
    }
    for number in order.reversed() {
      let parent = Int(nodes[Int(number)].parent)
      let earliest = nodes[Int(number)].shift
      nodes[Int(number)].shift = 0
      if parent >= 0 {
        nodes[parent].shift = min(nodes[parent].shift, earliest)
      } else if nodes[Int(number)].start <= 0 {
        nodes[Int(number)].start = earliest == .max ? 0 : earliest
        nodes[Int(number)].marks.insert(.assumedStart)
      }
    }
  }

  private func repairStart(
    _ number: Int, _ nodes: UnsafeMutableBufferPointer<SpanNode>, _ trace: inout Trace
  ) {
    let parent = nodes[number].parent
    if parent >= 0 { nodes[number].start = nodes[Int(parent)].start }
    nodes[number].marks.insert(.assumedStart)
    trace.note(.missingStart, node: number)
  }

  private func repairEnd(
    _ number: Int, _ node: SpanNode, _ nodes: UnsafeMutableBufferPointer<SpanNode>, _ trace: inout Trace
  ) {
    let start = nodes[number].start
    if node.recordTraits.contains(.missingEnd) {
      nodes[number].end = start
      nodes[number].marks.insert(.noDuration)
      trace.note(.missingDuration, node: number)
      return
    }
    if node.recordTraits.contains(.durationOnly) {
      let (end, overflow) = start.addingReportingOverflow(node.end)
      nodes[number].end = overflow || node.end < 0 ? .min : end
    }
    if node.recordTraits.contains(.negativeDuration) || nodes[number].end < start {
      nodes[number].end = start
      trace.note(.negativeDuration, node: number)
    }
  }
}
