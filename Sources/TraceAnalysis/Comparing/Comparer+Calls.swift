import TraceModel

extension Comparer {
  /// From this z on a call counts as missing.
  static let missingZ = 6.0
  /// Calls that fewer than one in five parents made are not missed.
  static let leastRate = 0.2
  /// Fewer new calls are chance.
  static let fewestNewCalls = 10

  struct Call {
    var parent: Int
    var child: Int
    var expected: Double
    var seen: Int
    var z: Double
    var isNew: Bool
  }

  private struct Pair: Hashable {
    var parent: Int
    var child: Int
  }

  /// Calls that parents no longer make as often as the baseline leads to expect, and calls never seen before.
  func callChanges() -> [Call] {
    let (oldParents, oldCalls) = counts(before)
    let (newParents, newCalls) = counts(after)
    var changes: [Call] = []
    for (pair, count) in oldCalls {
      guard let parents = oldParents[pair.parent], parents > 0, let now = newParents[pair.parent] else {
        continue
      }
      let rate = Double(count) / Double(parents)
      guard rate >= Self.leastRate else { continue }
      let expected = Double(now) * rate
      let seen = newCalls[pair] ?? 0
      let z = (expected - Double(seen)) / (expected + Double(seen) + 1).squareRoot()
      if z > 0 {
        changes.append(
          Call(parent: pair.parent, child: pair.child, expected: expected, seen: seen, z: z, isNew: false))
      }
    }
    for (pair, count) in newCalls where oldCalls[pair] == nil && count >= Self.fewestNewCalls {
      // A parent that is new itself calls nobody anew.
      guard oldParents[pair.parent] ?? 0 > 0 else { continue }
      changes.append(
        Call(
          parent: pair.parent, child: pair.child, expected: 0, seen: count,
          z: Double(count) / (Double(count) + 1).squareRoot(), isNew: true))
    }
    return changes.sorted {
      $0.z != $1.z ? $0.z > $1.z : ($0.parent, $0.child) < ($1.parent, $1.child)
    }
  }

  private func counts(_ side: ComparedSide) -> (parents: [Int: Int], calls: [Pair: Int]) {
    var parents: [Int: Int] = [:]
    var calls: [Pair: Int] = [:]
    for row in side.digest.calls {
      let parent = side.operations[Int(row.parent)]
      if row.isSelf {
        parents[parent, default: 0] += row.count
      } else {
        calls[Pair(parent: parent, child: side.operations[Int(row.child)]), default: 0] += row.count
      }
    }
    return (parents, calls)
  }

  /// The strongest missing call of each service, charged to the calling one.
  func missingCalls(_ changes: [Call]) -> [Int: Double] {
    var strongest: [Int: Double] = [:]
    for change in changes where !change.isNew {
      let service = shared.operations[change.parent].service
      strongest[service] = max(strongest[service] ?? 0, change.z)
    }
    return strongest
  }
}
