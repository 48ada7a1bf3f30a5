import TraceModel

extension Comparer {
  /// Above this z an excess is more than noise.
  static let significantZ = 4.0
  /// Fewer requests on either side announce nothing.
  static let fewestRequests = 30
  /// A smaller part of the mean request announces nothing.
  static let leastPart = 0.05
  /// From this z on errors count in full.
  static let clearErrors = 10.0
  /// Two-sided 1 %: services that only a few requests touch cannot reach more.
  static let agreeingZ = 2.58
  /// The median request must take so many times as long.
  static let leastGrowth = 2.0

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
    result.calls = calls.filter { $0.isNew || $0.z > Self.significantZ }.map(callChange)
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
    change.expected = Int(min(max(call.expected, 0), 1e15).rounded())
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
    let parts = partChanges()
    let changes = services.map { number -> (ServiceChange, Double) in
      var change = change(of: number, missing[number] ?? 0, errors[shared.names[number]] ?? 0)
      change.parts = parts[number] ?? []
      return (change, surprise(of: number))
    }
    return scored(changes)
  }

  private func change(of number: Int, _ missing: Double, _ errorZ: Double) -> ServiceChange {
    var change = ServiceChange()
    change.service = shared.names[number]
    let perRequest = (excess[number] ?? 0) / Double(max(after.requests, 1))
    change.excess = Nanoseconds(reckoned: perRequest)
    change.z = z(of: number)
    let then = before.parts[number] ?? ComparedSide.Part()
    let now = after.parts[number] ?? ComparedSide.Part()
    change.perCallBefore = Nanoseconds(reckoned: then.time / Double(max(then.spans, 1)))
    change.perCallAfter = Nanoseconds(reckoned: now.time / Double(max(now.spans, 1)))
    change.spansBefore = then.spans
    change.spansAfter = now.spans
    change.missingCalls = missing
    change.errorZ = errorZ
    change.touchedShare = touchedShare(number)
    let meanRequest = after.requestTime / Double(max(after.requests, 1))
    let isLarge =
      change.z > Self.significantZ && before.requests >= Self.fewestRequests
      && after.requests >= Self.fewestRequests && perRequest >= Self.leastPart * meanRequest
    change.isSignificant = isLarge && hasGrownInMost(number)
    change.isStalling = isLarge && !change.isSignificant
    return change
  }

  /// True when the median request that touches a service spends twice as much in it, and the ranks agree: a few stalled
  /// requests raise the mean, but they are not what every request suffers from, and they come and go on nights without
  /// any fault.
  private func hasGrownInMost(_ service: Int) -> Bool {
    guard let now = after.ownTimes[service] else { return false }
    let then = before.ownTimes[service] ?? DurationSketch()
    let usual = max(Double(then.percentile(0.5)), Self.ratioFloor)
    guard Double(now.percentile(0.5)) >= Self.leastGrowth * usual else { return false }
    return then.count == 0 || DurationShift(then.summary, now.summary).z > Self.agreeingZ
  }

  private func touchedShare(_ service: Int) -> Double {
    var touched: [ComparedSide.EntryPoint: Int] = [:]
    for one in after.classes where one.kind.times[service] != nil {
      touched[one.entryPoint, default: 0] += one.kind.traces
    }
    return touched.map { entry, count in
      let all = after.byEntryPoint[entry]?.traces ?? count
      return all >= Self.fewestRequests ? Double(count) / Double(max(all, 1)) : 0
    }.max() ?? 0
  }

  /// Each kind of sign is scaled to its largest value; the sum, scaled again, is the score.
  ///
  /// Calls that are missing count half where time speaks clearly: slow callees make callers give up. Errors count most:
  /// a status says where a failure began, while time is often lost by those who wait for it.
  private func scored(_ changes: [(ServiceChange, Double)]) -> [ServiceChange] {
    // Held at what is worth telling, so that noise alone makes nobody a full suspect.
    let told = max(Self.leastPart * after.requestTime, 1)
    let mostTime = max(changes.map(\.1).max() ?? 0, told)
    let mostMissing = max(changes.map(\.0.missingCalls).max() ?? 0, Self.missingZ)
    let mostErrors = max(changes.map(\.0.errorZ).max() ?? 0, Self.clearErrors)
    let weightOfMissing = 1 - min((changes.map(\.1).max() ?? 0) / (2 * told), 1) / 2
    func raw(_ change: (ServiceChange, Double)) -> Double {
      let missing = change.0.missingCalls
      return change.1 / mostTime
        + (missing > Self.significantZ ? weightOfMissing * missing / mostMissing : 0)
        + (change.0.errorZ > 3 ? 1.5 * change.0.errorZ / mostErrors : 0)
    }
    let best = max(changes.map(raw).max() ?? 0, 1)
    return changes.sorted {
      let (left, right) = (raw($0), raw($1))
      if left != right { return left > right }
      return $0.0.z != $1.0.z ? $0.0.z > $1.0.z : $0.0.service < $1.0.service
    }.map { scored in
      var change = scored.0
      change.score = (raw(scored) / best * 1_000).rounded() / 1_000
      return change
    }
  }
}
