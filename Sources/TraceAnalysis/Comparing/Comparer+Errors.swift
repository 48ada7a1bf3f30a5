import TraceModel

extension Comparer {
  /// By blamed service, how much more often failures begin with it than before: two-proportion z per span.
  func errorSigns(_ old: [ErrorGroup], _ new: [ErrorGroup]) -> [String: Double] {
    let oldCounts = counts(old)
    let newCounts = counts(new)
    var signs: [String: Double] = [:]
    for (service, count) in newCounts {
      let number = shared.names.firstIndex(of: service)
      let newCalls = max(number.flatMap { after.parts[$0]?.spans } ?? after.requests, count, 1)
      let oldCount = oldCounts[service] ?? 0
      let oldCalls = max(number.flatMap { before.parts[$0]?.spans } ?? before.requests, oldCount, 1)
      signs[service] = Self.proportionZ(count, newCalls, oldCount, oldCalls)
    }
    return signs
  }

  private func counts(_ groups: [ErrorGroup]) -> [String: Int] {
    var counts: [String: Int] = [:]
    for group in groups { counts[group.blamedService, default: 0] += group.count }
    return counts
  }

  /// The difference of two shares over its standard error.
  static func proportionZ(_ count: Int, _ total: Int, _ otherCount: Int, _ otherTotal: Int) -> Double {
    guard total > 0, otherTotal > 0 else { return 0 }
    let pooled = Double(count + otherCount) / Double(total + otherTotal)
    let variance = pooled * (1 - pooled) * (1 / Double(total) + 1 / Double(otherTotal))
    let difference = Double(count) / Double(total) - Double(otherCount) / Double(otherTotal)
    return variance > 0 ? difference / variance.squareRoot() : difference > 0 ? 1_000 : 0
  }

  /// Groups that are new, gone, or clearly more frequent.
  func errorChanges(_ old: [ErrorGroup], _ new: [ErrorGroup]) -> [ErrorChange] {
    var known: [String: ErrorGroup] = [:]
    for group in old { known[group.id] = group }
    var changes: [ErrorChange] = []
    for group in new {
      let earlier = known.removeValue(forKey: group.id)
      let z = Self.proportionZ(
        group.traceCount, max(after.requests, group.traceCount), earlier?.traceCount ?? 0,
        max(before.requests, earlier?.traceCount ?? 0))
      guard earlier == nil || z > 4 else { continue }
      changes.append(change(group, before: earlier?.count ?? 0, earlier == nil ? .new : .both))
    }
    for group in old where known[group.id] != nil {
      var change = change(group, before: group.count, .gone)
      change.after = 0
      change.rootFailures = 0
      changes.append(change)
    }
    return changes.sorted {
      if $0.after != $1.after { return $0.after > $1.after }
      return $0.before != $1.before ? $0.before > $1.before : $0.id < $1.id
    }
  }

  private func change(_ group: ErrorGroup, before: Int, _ presence: ChangePresence) -> ErrorChange {
    var change = ErrorChange()
    change.id = group.id
    change.blamedService = group.blamedService
    change.service = group.service
    change.operation = group.operation
    change.words = group.message.isEmpty ? group.type : group.message
    change.presence = presence
    change.before = before
    change.after = group.count
    change.rootFailures = group.rootFailures
    return change
  }
}
