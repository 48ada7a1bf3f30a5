import TraceModel

extension Comparer {
  /// Calls from one service to another: how many, and the time between the two.
  struct Edge {
    var calls = 0
    var gap = 0.0
  }

  private struct Pair: Hashable {
    var caller: Int
    var callee: Int
  }

  /// Fewer calls on either side say nothing about an edge.
  private static let fewestCalls = 10

  /// Books gaps that grew for every callee of a caller alike on the caller.
  ///
  /// A gap belongs to the call, and is booked on the callee. But a caller that is short of processor time or whose
  /// network is slow makes all its calls slow at once. So the growth of the gap between p and c is split as u(p) +
  /// v(c), where u(p) is the median growth over all services that p calls; only the rest stays with c.
  mutating func moveCallersShare() {
    let old = edges(before)
    let new = edges(after)
    var growth: [Int: [Double]] = [:]
    for (pair, edge) in new {
      guard let earlier = old[pair], edge.calls >= Self.fewestCalls, earlier.calls >= Self.fewestCalls else {
        continue
      }
      growth[pair.caller, default: []].append(Self.growth(earlier, edge))
    }
    for pair in new.keys.sorted(by: { ($0.caller, $0.callee) < ($1.caller, $1.callee) }) {
      guard let all = growth[pair.caller], all.count > 1, let edge = new[pair], let earlier = old[pair] else {
        continue
      }
      let usual = Self.median(all)
      let before = earlier.gap / Double(max(earlier.calls, 1)) * Double(edge.calls)
      let grown = edge.gap - before
      guard usual > 0, grown > 0 else { continue }
      let callers = min(
        (before + Self.ratioFloor * Double(edge.calls)) * (Exponential.natural(usual) - 1), grown)
      moveExcess(callers, from: pair.callee, to: pair.caller)
    }
  }

  private static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }

  private static func growth(_ old: Edge, _ new: Edge) -> Double {
    Logarithm.natural(
      (new.gap / Double(max(new.calls, 1)) + ratioFloor) / (old.gap / Double(max(old.calls, 1)) + ratioFloor))
  }

  private func edges(_ side: ComparedSide) -> [Pair: Edge] {
    var edges: [Pair: Edge] = [:]
    for row in side.digest.callees {
      let pair = Pair(
        caller: shared.operations[side.operations[Int(row.operation)]].service,
        callee: side.names[row.callee.number])
      edges[pair, default: Edge()].calls += row.count
      edges[pair, default: Edge()].gap += Double(row.gap)
    }
    return edges
  }
}
