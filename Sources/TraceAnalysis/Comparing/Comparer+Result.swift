import TraceModel

extension Comparer {
  /// Above this z an excess is more than noise.
  static let significantZ = 4.0
  /// Fewer requests on either side announce nothing.
  static let fewestRequests = 30
  /// A smaller part of the mean request announces nothing.
  static let leastPart = 0.05

  /// What changed; `old` and `new` are the conclusions of the two digests.
  func result(_ old: Conclusions, _ new: Conclusions) -> ComparisonResult {
    var result = ComparisonResult()
    result.baselineRequests = before.requests
    result.currentRequests = after.requests
    result.baselineWindow = old.window
    guard isComparable else { return result }
    let calls = callChanges()
    result.entryPoints = entryPointChanges()
    result.services = serviceChanges(calls, errorSigns(old.errorGroups, new.errorGroups))
    result.links = linkChanges(old.links, new.links)
    result.errors = errorChanges(old.errorGroups, new.errorGroups)
    result.calls = calls.filter { $0.isNew || $0.z > Self.missingZ }.map(callChange)
    return result
  }

  private func callChange(_ call: Call) -> CallChange {
    let parent = shared.operations[call.parent]
    let child = shared.operations[call.child]
    var change = CallChange()
    change.parentService = shared.names[parent.service]
    change.parentOperation = shared.names[parent.name]
    change.childService = shared.names[child.service]
    change.childOperation = shared.names[child.name]
    change.presence = call.isNew ? .new : .gone
    change.expected = Int(call.expected.rounded())
    change.seen = call.seen
    change.z = call.z
    return change
  }

  private func serviceChanges(_ calls: [Call], _ errors: [String: Double]) -> [ServiceChange] {
    var services = Set(before.parts.keys).union(after.parts.keys)
    for name in errors.keys {
      if let number = shared.names.firstIndex(of: name) { services.insert(number) }
    }
    let missing = missingCalls(calls)
    let changes = services.map { number -> (ServiceChange, Double) in
      (change(of: number, missing[number] ?? 0, errors[shared.names[number]] ?? 0), ratio(of: number))
    }
    return scored(changes)
  }

  private func change(of number: Int, _ missing: Double, _ errorZ: Double) -> ServiceChange {
    var change = ServiceChange()
    change.service = shared.names[number]
    let perRequest = (excess[number] ?? 0) / Double(max(after.requests, 1))
    change.excess = Nanoseconds(Int64(perRequest.rounded()))
    change.z = z(of: number)
    let then = before.parts[number] ?? ComparedSide.Part()
    let now = after.parts[number] ?? ComparedSide.Part()
    change.perCallBefore = Nanoseconds(Int64((then.time / Double(max(then.spans, 1))).rounded()))
    change.perCallAfter = Nanoseconds(Int64((now.time / Double(max(now.spans, 1))).rounded()))
    change.spansBefore = then.spans
    change.spansAfter = now.spans
    change.missingCalls = missing
    change.errorZ = errorZ
    let meanRequest = after.requestTime / Double(max(after.requests, 1))
    change.isSignificant =
      change.z > Self.significantZ && before.requests >= Self.fewestRequests
      && after.requests >= Self.fewestRequests && perRequest >= Self.leastPart * meanRequest
      && hasGrownInMost(number)
    return change
  }

  /// True when the median request that touches a service spends half as much again in it: a few stalled requests
  /// raise the mean, but they are not what every request suffers from.
  private func hasGrownInMost(_ service: Int) -> Bool {
    guard let now = after.medians[service] else { return false }
    return Double(now) >= 1.5 * Double(before.medians[service] ?? 0)
  }

  /// Each kind of sign is scaled to its largest value; the sum, scaled again, is the score. Ties go by how much longer
  /// a span takes.
  private func scored(_ changes: [(ServiceChange, Double)]) -> [ServiceChange] {
    // Held at what is more than noise, so that noise alone makes nobody a full suspect.
    let mostTime = max(changes.map(\.0.z).max() ?? 0, Self.significantZ)
    let mostMissing = changes.map(\.0.missingCalls).max() ?? 0
    let mostErrors = changes.map(\.0.errorZ).max() ?? 0
    func raw(_ change: ServiceChange) -> Double {
      max(change.z, 0) / mostTime
        + (change.missingCalls > Self.missingZ ? change.missingCalls / mostMissing : 0)
        + (change.errorZ > 3 ? change.errorZ / mostErrors : 0)
    }
    let best = max(changes.map { raw($0.0) }.max() ?? 0, 1)
    return changes.sorted {
      if raw($0.0) != raw($1.0) { return raw($0.0) > raw($1.0) }
      return $0.1 != $1.1 ? $0.1 > $1.1 : $0.0.service < $1.0.service
    }.map { change, _ in
      var change = change
      change.score = (raw(change) / best * 1_000).rounded() / 1_000
      return change
    }
  }

  private func entryPointChanges() -> [EntryPointChange] {
    var changes: [ComparedSide.EntryPoint: (EntryPointChange, old: Spread?, new: Spread?)] = [:]
    for (side, isNew) in [(before, false), (after, true)] {
      for (number, row) in side.digest.entryPoints.enumerated() where row.durations.count > 0 {
        let key = ComparedSide.EntryPoint(
          service: side.names[row.service.number], operation: side.names[row.operation.number])
        var entry = changes[key] ?? (EntryPointChange(), nil, nil)
        entry.0.service = shared.names[key.service]
        entry.0.operation = shared.names[key.operation]
        let spread = Spread(side.digest, number)
        if isNew {
          entry.0.after = row.durations.summary
          entry.0.errorsAfter = row.errors
          entry.new = spread
        } else {
          entry.0.before = row.durations.summary
          entry.0.errorsBefore = row.errors
          entry.old = spread
        }
        changes[key] = entry
      }
    }
    return changes.values.map(finished).sorted {
      let left = abs($0.after.sum.rawValue - $0.before.sum.rawValue)
      let right = abs($1.after.sum.rawValue - $1.before.sum.rawValue)
      if left != right { return left > right }
      return $0.service != $1.service ? $0.service < $1.service : $0.operation < $1.operation
    }
  }

  private func finished(_ entry: (EntryPointChange, old: Spread?, new: Spread?)) -> EntryPointChange {
    var change = entry.0
    guard let old = entry.old, let new = entry.new else {
      change.presence = entry.old == nil ? .new : .gone
      return change
    }
    let error = (old.variance / Double(old.count) + new.variance / Double(new.count)).squareRoot()
    let difference = new.mean - old.mean
    change.z = error > 0 ? difference / error : 0
    change.isSignificant =
      abs(change.z) > Self.significantZ && old.count >= Self.fewestRequests
      && new.count >= Self.fewestRequests
      && abs(difference) >= Self.leastPart * old.mean
    return change
  }

  /// Mean and variance of an entry point's durations.
  private struct Spread {
    var count = 0
    var mean = 0.0
    var variance = 0.0

    init(_ digest: Digest, _ entry: Int) {
      var sum = 0.0
      var squares = 0.0
      for band in digest.durationBands where Int(band.entryPoint) == entry {
        count += band.count
        sum += Double(band.sum)
        squares += Double(band.squares)
      }
      guard count > 0 else { return }
      mean = sum / Double(count)
      variance = max(squares / Double(count) - mean * mean, 0)
    }
  }

  private func linkChanges(_ old: [LinkResult], _ new: [LinkResult]) -> [LinkChange] {
    func key(_ link: LinkResult) -> [String] { [link.parent, link.child, link.connectionType.rawValue] }
    let oldKeys = Set(old.map(key))
    let newKeys = Set(new.map(key))
    let added = new.filter { !oldKeys.contains(key($0)) }.map { ($0, ChangePresence.new) }
    let gone = old.filter { !newKeys.contains(key($0)) }.map { ($0, ChangePresence.gone) }
    return (added + gone).map { link, presence in
      var change = LinkChange()
      change.parent = link.parent
      change.child = link.child
      change.connectionType = link.connectionType
      change.presence = presence
      change.callCount = link.callCount
      return change
    }.sorted {
      if $0.parent != $1.parent { return $0.parent < $1.parent }
      return $0.child != $1.child ? $0.child < $1.child : $0.connectionType < $1.connectionType
    }
  }
}
