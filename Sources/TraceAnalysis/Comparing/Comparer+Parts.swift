import TraceModel

extension Comparer {
  /// The most parts told of a service.
  private static let mostParts = 5

  /// Own work of an operation, or the gaps of its calls to another service.
  private struct Part: Hashable {
    var operation: Int
    /// The called service; −1 for own work.
    var callee: Int
  }

  private struct Sum {
    var time = 0.0
    var count = 0
  }

  /// What became slower, by the service that it is booked on, most telling first.
  func partChanges() -> [Int: [PartChange]] {
    let old = parts(before)
    let new = parts(after)
    var found: [Int: [(change: PartChange, weight: Double)]] = [:]
    for (part, now) in new {
      guard let then = old[part], then.count > 0, now.count > 0 else { continue }
      let perCallThen = max(then.time, 0) / Double(then.count)
      let perCallNow = max(now.time, 0) / Double(now.count)
      guard perCallNow > perCallThen else { continue }
      let growth = Logarithm.natural((perCallNow + Self.ratioFloor) / (perCallThen + Self.ratioFloor))
      let operation = shared.operations[part.operation]
      var change = PartChange()
      change.caller = part.callee < 0 ? "" : shared.names[operation.service]
      change.operation = shared.names[operation.name]
      change.perCallBefore = Nanoseconds(reckoned: perCallThen)
      change.perCallAfter = Nanoseconds(reckoned: perCallNow)
      change.callsBefore = then.count
      change.callsAfter = now.count
      let owner = part.callee < 0 ? operation.service : part.callee
      found[owner, default: []].append((change, (perCallNow - perCallThen) * Double(now.count) * growth))
    }
    return found.mapValues { parts in
      parts.sorted {
        if $0.weight != $1.weight { return $0.weight > $1.weight }
        return $0.change.operation != $1.change.operation
          ? $0.change.operation < $1.change.operation : $0.change.caller < $1.change.caller
      }.prefix(Self.mostParts).map(\.change)
    }
  }

  private func parts(_ side: ComparedSide) -> [Part: Sum] {
    var parts: [Part: Sum] = [:]
    for (place, row) in side.digest.operations.enumerated() {
      let part = Part(operation: side.operations[place], callee: -1)
      parts[part, default: Sum()].time += Double(row.selfTime)
      parts[part, default: Sum()].count += row.durations.count
    }
    for row in side.digest.callees {
      let operation = side.operations[Int(row.operation)]
      let gap = Part(operation: operation, callee: side.names[row.callee.number])
      parts[gap, default: Sum()].time += Double(row.gap)
      parts[gap, default: Sum()].count += row.count
      let own = Part(operation: operation, callee: -1)
      parts[own, default: Sum()].time -= Double(row.gap)
      parts[own, default: Sum()].count -= row.count
    }
    return parts
  }
}
