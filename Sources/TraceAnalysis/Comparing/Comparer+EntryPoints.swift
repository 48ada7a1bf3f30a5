import TraceModel

extension Comparer {
  /// A smaller change of the median, as a part of it, is not worth telling.
  static let leastMedianChange = 0.2
  /// Below this share of requests beyond the old p95 (5 % when nothing changed) slow requests are not announced.
  static let leastSlowShare = 0.12

  /// Entry points then and now, largest change of total time first.
  func entryPointChanges() -> [EntryPointChange] {
    var changes: [ComparedSide.EntryPoint: EntryPointChange] = [:]
    for (side, isNew) in [(before, false), (after, true)] {
      for row in side.digest.entryPoints where row.durations.count > 0 {
        let key = ComparedSide.EntryPoint(
          service: side.names[row.service.number], operation: side.names[row.operation.number])
        var entry = changes[key] ?? EntryPointChange()
        entry.service = shared.names[key.service]
        entry.operation = shared.names[key.operation]
        if isNew {
          entry.after = row.durations.summary
          entry.errorsAfter = row.errors
        } else {
          entry.before = row.durations.summary
          entry.errorsBefore = row.errors
        }
        changes[key] = entry
      }
    }
    return changes.values.map(finished).sorted {
      let left = Self.weight($0)
      let right = Self.weight($1)
      if left != right { return left > right }
      return $0.service != $1.service ? $0.service < $1.service : $0.operation < $1.operation
    }
  }

  /// Time that requests of now take more or less than as many of then would have taken.
  private static func weight(_ change: EntryPointChange) -> Double {
    guard change.presence == .both else {
      return Double((change.before.sum + change.after.sum).rawValue) / 100
    }
    let mean = Double(change.before.sum.rawValue) / Double(max(change.before.count, 1))
    return abs(Double(change.after.sum.rawValue) - mean * Double(change.after.count))
  }

  private func finished(_ entry: EntryPointChange) -> EntryPointChange {
    var change = entry
    guard change.before.count > 0, change.after.count > 0 else {
      change.presence = change.before.count == 0 ? .new : .gone
      return change
    }
    let shift = DurationShift(change.before, change.after)
    change.z = shift.z
    change.slowShare = shift.slowShare
    change.direction = Self.direction(shift, change.before, change.after)
    change.errorZ = Self.proportionZ(
      change.errorsAfter, change.after.count, change.errorsBefore, change.before.count)
    change.failsMore =
      change.errorZ > Self.significantZ && change.errorsAfter >= Self.fewestFailures
      && Self.isEnough(change.before, change.after)
    return change
  }

  /// Slower or faster when it is more than noise, large enough, and seen often enough; else unchanged.
  static func direction(
    _ shift: DurationShift, _ before: DurationSummary, _ after: DurationSummary
  ) -> ChangeDirection {
    guard isEnough(before, after) else { return .unchanged }
    let old = Double(before.p50.rawValue)
    let growth = (Double(after.p50.rawValue) - old) / max(old, 1)
    if shift.z > significantZ, growth >= leastMedianChange { return .slower }
    if shift.z < -significantZ, growth <= -leastMedianChange { return .faster }
    if shift.slowZ > significantZ, shift.slowShare >= leastSlowShare { return .slowerTail }
    return .unchanged
  }

  private static func isEnough(_ before: DurationSummary, _ after: DurationSummary) -> Bool {
    before.count >= fewestRequests && after.count >= fewestRequests
  }
}
