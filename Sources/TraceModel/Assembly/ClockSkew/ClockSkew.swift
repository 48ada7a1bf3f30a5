/// A host met on the way from a root, and the shift it has there; linked to those met before.
struct HostMet: BitwiseCopyable {
  var host: Host
  var shift: Int64
  /// The parent that the shift was measured against.
  var against: Int32
  /// The host met before; −1 for none.
  var earlier: Int32
}

extension TraceAssembler {
  /// Moves spans of hosts whose clocks are proved to differ (rule 7), by the rule that was asked for.
  ///
  /// Lengths never change and roots never move; every shift is noted. Nothing is done where nothing can be proved.
  mutating func correctSkew(into trace: inout Trace) {
    switch options.skew {
    case .off: break
    case .auto: if hasBrokenCausality() { correctByProof(&trace) }
    case .jaeger: correctAsJaeger(&trace)
    case .zipkin: correctAsZipkin(&trace)
    }
  }

  func host(of node: SpanNode) -> Host {
    guard node.recordTraits.contains(.zipkin) else {
      return Host(resource: node.resource, ipv4: .empty, ipv6: .empty)
    }
    let local = endpoints(of: node).local
    return Host(resource: node.resource, ipv4: local.ipv4, ipv6: local.ipv6)
  }

  /// True when a shift is larger than the user allows.
  func isTooLarge(_ shift: Int64) -> Bool {
    guard let largest = options.largestSkew else { return false }
    return shift.magnitude > largest.rawValue.magnitude
  }

  /// Applies a shift to a node and notes it.
  mutating func move(_ number: Int, by shift: Int64, against parent: Int32, _ trace: inout Trace) {
    guard shift != 0 else { return }
    let nodes = nodes.mutableElements
    nodes[number].shift = shift
    nodes[number].start = Skew.sum(nodes[number].start, shift)
    nodes[number].end = max(Skew.sum(nodes[number].end, shift), nodes[number].start)
    needsReordering = true
    trace.note(.clockSkewAdjusted, node: number, detail: UInt64(UInt32(bitPattern: parent)), amount: shift)
  }
}

/// The arithmetic of shifts: held at the ends of the range instead of overflowing.
enum Skew {
  /// By how much causality must be broken to be a proof: times cut to a microsecond are off by up to two.
  static let tolerance: Int64 = 2_000

  static func sum(_ left: Int64, _ right: Int64) -> Int64 {
    let (sum, overflow) = left.addingReportingOverflow(right)
    return overflow ? (right < 0 ? .min : .max) : sum
  }

  static func difference(_ left: Int64, _ right: Int64) -> Int64 {
    let (difference, overflow) = left.subtractingReportingOverflow(right)
    return overflow ? (left < 0 ? .min : .max) : difference
  }

  /// The shift that puts a child in the middle of its parent: time on the network is split evenly.
  ///
  ///     parent  |================|
  ///     child      |==========|          (parent − child) / 2 on either side, toward zero
  static func centring(_ child: SpanNode, in parent: SpanNode) -> Int64 {
    difference(sum(parent.start, difference(parent.duration, child.duration) / 2), child.start)
  }
}
