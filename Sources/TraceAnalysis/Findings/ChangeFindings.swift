import TraceModel

extension Concluder {
  /// What changed since the baseline and is announced.
  func changes(_ comparison: ComparisonResult, _ conclusions: Conclusions) -> [Finding] {
    var findings = comparison.services.filter(\.isSignificant).map { slower($0, comparison, conclusions) }
    findings += comparison.services.filter(\.isStalling).map { stalling($0, comparison, conclusions) }
    findings += comparison.entryPoints.filter { $0.direction != .unchanged }.map {
      changedEntryPoint($0, conclusions)
    }
    findings += comparison.entryPoints.filter(\.failsMore).map { failingEntryPoint($0, conclusions) }
    findings += comparison.errors.filter { $0.presence == .new && $0.rootFailures > 0 }.prefix(20).map {
      newError($0, conclusions)
    }
    findings += comparison.errors.filter { $0.presence == .gone && $0.before >= 5 }.prefix(20).map {
      goneError($0)
    }
    findings += comparison.calls.filter { $0.z > Comparer.missingZ || $0.presence == .new }.prefix(20).map {
      changedCall($0)
    }
    findings += comparison.links.prefix(100).compactMap { changedLink($0) }
    return findings.map { finding in
      var finding = finding
      finding.isChange = true
      return finding
    }
  }

  /// A bottleneck as it stands beside a baseline: one that is no slower than before is no news of high severity.
  func against(_ comparison: ComparisonResult, _ finding: Finding) -> Finding {
    guard finding.kind == "latency-bottleneck", finding.severity == .high,
      !comparison.services.contains(where: { $0.service == finding.service && $0.isSignificant })
    else { return finding }
    var finding = finding
    finding.severity = .medium
    finding.proof.append("It is not clearly slower than in the baseline.")
    return finding
  }

  /// A service that takes longer than before.
  private func slower(
    _ change: ServiceChange, _ comparison: ComparisonResult, _ conclusions: Conclusions
  ) -> Finding {
    var finding = Self.finding("latency-regression", change.service)
    let share = min(Self.share(change.excess.rawValue, of: Self.meanRequest(conclusions)), 1)
    finding.severity = options.thresholds.severity(
      requests: change.touchedShare, latency: share, isCertain: true)
    let factor = Double(change.perCallAfter.rawValue) / Double(max(change.perCallBefore.rawValue, 1))
    finding.title =
      "\(Words.name(change.service)) takes \(Words.times(factor)) as long per call as in the baseline"
    finding.proof = proof(of: change, comparison, conclusions)
    if let part = change.parts.first { finding.proof.append("Most of it: \(Self.words(part)).") }
    finding.nextStep =
      "See what changed in \(Words.name(change.service)): release, host, load, or the network to it."
    finding.rule =
      "time against baseline requests that touch the same services: z above 4, at least 5 % of the mean request, "
      + "twice as much in the median request"
    finding.service = change.service
    finding.operation = change.parts.first { $0.caller.isEmpty }?.operation ?? ""
    finding.score = share * min(change.score + 0.01, 1)
    finding.evidence = evidence(about: change.service, conclusions)
    finding.page = "compare.html#services"
    return finding
  }

  /// A service in which some requests stall: much time in all, but not what every request suffers from.
  private func stalling(
    _ change: ServiceChange, _ comparison: ComparisonResult, _ conclusions: Conclusions
  ) -> Finding {
    var finding = Self.finding("latency-stalls", change.service)
    let share = min(Self.share(change.excess.rawValue, of: Self.meanRequest(conclusions)), 1)
    finding.severity = .low
    finding.title = "some requests stall in \(Words.name(change.service)), more than in the baseline"
    finding.proof = proof(of: change, comparison, conclusions)
    finding.nextStep =
      "Open the traces: what do the stalled ones wait for? Most requests are as fast as before."
    finding.rule =
      "time against baseline requests that touch the same services: z above 4, at least 5 % of the mean request, but "
      + "less than twice as much in the median request"
    finding.service = change.service
    finding.score = share * min(change.score + 0.01, 1)
    finding.evidence = evidence(about: change.service, conclusions)
    finding.page = "compare.html#services"
    return finding
  }

  private func proof(
    of change: ServiceChange, _ comparison: ComparisonResult, _ conclusions: Conclusions
  ) -> [String] {
    let mean = Self.meanRequest(conclusions)
    let share = min(Self.share(change.excess.rawValue, of: mean), 1)
    return [
      "\(Words.length(change.perCallAfter)) instead of \(Words.length(change.perCallBefore)) a span, gaps of calls to "
        + "it included (\(Words.count(change.spansAfter, "span")), \(Words.count(change.spansBefore)) in the "
        + "baseline).",
      "It adds \(Words.length(change.excess)) to the mean request, which takes \(Words.length(Nanoseconds(mean))): "
        + "\(Words.percent(share)), \(Words.decimal(change.z)) times what chance gives "
        + "(\(Words.count(comparison.currentRequests, "request")), \(Words.count(comparison.baselineRequests)) in the "
        + "baseline).",
    ]
  }

  /// `gaps of calls from frontend (Convert): 170 ms instead of 7.2 ms a call, 1,198 calls`.
  static func words(_ part: PartChange) -> String {
    let operation = Words.name(part.operation, "an unnamed operation")
    let subject =
      part.caller.isEmpty
      ? "own work of \(operation)" : "gaps of calls from \(Words.name(part.caller)) (\(operation))"
    return
      "\(subject): \(Words.length(part.perCallAfter)) instead of \(Words.length(part.perCallBefore)) a call, "
      + Words.count(part.callsAfter, "call")
  }

  private static func meanRequest(_ conclusions: Conclusions) -> Int64 {
    let sum = conclusions.entryPoints.reduce(Int64(0)) { $0.saturatingSum($1.latency.sum.rawValue) }
    return sum / Int64(max(conclusions.entryPoints.reduce(0) { $0 + $1.latency.count }, 1))
  }

  /// An entry point that got slower or faster. What makes it so is told by the services; this only says where it
  /// shows.
  private func changedEntryPoint(_ change: EntryPointChange, _ conclusions: Conclusions) -> Finding {
    let isWorse = change.direction.isWorse
    var finding = Self.finding(
      isWorse ? "latency-regression" : "latency-improvement", change.service, change.operation)
    let title = Words.entryPoint(change.service, change.operation, sharing: conclusions.sharedOperations)
    let before = Nanoseconds(change.before.sum.rawValue / Int64(max(change.before.count, 1)))
    let after = Nanoseconds(change.after.sum.rawValue / Int64(max(change.after.count, 1)))
    let added = (after - before).rawValue
    let part = Double(added) * Double(change.after.count) / Double(max(requestTime, 1))
    finding.severity = isWorse ? part >= 0.1 ? .medium : .low : .info
    finding.title = Self.words(change, title)
    finding.proof = [
      "Median \(Words.length(change.after.p50)) instead of \(Words.length(change.before.p50)), p95 "
        + "\(Words.length(change.after.p95)) instead of \(Words.length(change.before.p95)), p99 "
        + "\(Words.length(change.after.p99)) instead of \(Words.length(change.before.p99)), mean "
        + "\(Words.length(after)) instead of \(Words.length(before)) "
        + "(\(Words.count(change.after.count, "request")), \(Words.count(change.before.count)) in the baseline)."
    ]
    let entry = conclusions.entryPoints.first {
      $0.service == change.service && $0.operation == change.operation
    }
    if isWorse, let entry,
      let slow = SlowStretch(entry.series, above: change.before.p95, windowEnd: conclusions.window.end)
    {
      finding.proof.append(
        "Its p95 lies above that of the baseline \(slow.words(conclusions.window, options.zone)).")
    }
    finding.nextStep =
      isWorse ? "See which service takes longer: the suspects are ranked." : "See which change made it so."
    finding.rule =
      change.direction == .slowerTail
      ? "two-proportion z of requests above the old p95: above 4, and at least "
        + Words.percent(Comparer.leastSlowShare)
      : "rank sum of durations: z beyond 4, and the median moved by at least "
        + Words.percent(Comparer.leastMedianChange)
    finding.service = change.service
    finding.operation = change.operation
    finding.entryService = change.service
    finding.entryOperation = change.operation
    finding.score = min(abs(Double(added)) / Double(max(after.rawValue, before.rawValue, 1)), 1)
    finding.evidence = (entry?.examples ?? []).filter { $0.reason != "failing" }.prefix(2).map(\.evidence)
    finding.page = "compare.html#entry-points"
    return finding
  }

  private static func words(_ change: EntryPointChange, _ title: String) -> String {
    let factor = Double(change.after.p50.rawValue) / Double(max(change.before.p50.rawValue, 1))
    switch change.direction {
    case .slowerTail:
      return
        "\(title) is slow more often: \(Words.percent(change.slowShare)) of requests exceed the baseline’s p95"
    case .faster:
      return "\(title) got faster: the median request takes \(Words.percent(factor)) of the time"
    default:
      return factor >= 2
        ? "\(title) got slower: the median request takes \(Words.times(factor)) as long"
        : "\(title) got slower: the median request takes \(Words.percent(factor - 1)) longer"
    }
  }

  private func failingEntryPoint(_ change: EntryPointChange, _ conclusions: Conclusions) -> Finding {
    var finding = Self.finding("error-regression", change.service, change.operation)
    let title = Words.entryPoint(change.service, change.operation, sharing: conclusions.sharedOperations)
    let before = Self.share(change.errorsBefore, of: change.before.count)
    let after = Self.share(change.errorsAfter, of: change.after.count)
    finding.severity = options.thresholds.severity(requests: after - before, latency: 0, isCertain: true)
    finding.title =
      "\(title) fails more often: \(Words.percent(after)) of requests, \(Words.percent(before)) in the baseline"
    finding.proof = [
      "\(Words.count(change.errorsAfter)) of \(Words.count(change.after.count, "request")) failed, "
        + "\(Words.count(change.errorsBefore)) of \(Words.count(change.before.count)) in the baseline "
        + "(z \(Words.decimal(change.errorZ)))."
    ]
    finding.nextStep = "See which errors are new or more frequent."
    finding.rule = "two-proportion z of failed requests above 4, at least 5 failures"
    finding.service = change.service
    finding.operation = change.operation
    finding.entryService = change.service
    finding.entryOperation = change.operation
    finding.score = min(max(after - before, 0), 1)
    let entry = conclusions.entryPoints.first {
      $0.service == change.service && $0.operation == change.operation
    }
    finding.evidence = (entry?.examples ?? []).filter { $0.reason == "failing" }.prefix(2).map(\.evidence)
    finding.page = "compare.html#errors"
    return finding
  }

  private func newError(_ change: ErrorChange, _ conclusions: Conclusions) -> Finding {
    var finding = Self.finding("error-signature-new", change.id)
    let group = conclusions.errorGroups.first { $0.id == change.id }
    let worst = group?.entryPoints.first
    let share = worst.map { Self.share($0.rootFailures, of: $0.total) } ?? 0
    finding.severity = options.thresholds.severity(
      requests: share, latency: 0, isCertain: change.rootFailures >= 3)
    let words = change.words.isEmpty ? "an error without words" : Words.quote(change.words)
    finding.title = "New since the baseline: \(words) in \(Words.name(change.service))"
    finding.proof = [
      "\(Words.count(change.after, "failure")) now, none in the baseline; "
        + "\(Words.count(change.rootFailures, "request")) failed with it."
    ]
    finding.nextStep = "Open the example, and see what was released since."
    finding.rule = "signature that the baseline does not have"
    finding.service = change.blamedService.isEmpty ? change.service : change.blamedService
    finding.operation = change.operation
    finding.entryService = worst?.service ?? ""
    finding.entryOperation = worst?.operation ?? ""
    finding.score = share
    finding.evidence = (group?.examples ?? []).map(\.evidence)
    finding.page = "compare.html#errors"
    return finding
  }

  private func goneError(_ change: ErrorChange) -> Finding {
    var finding = Self.finding("error-signature-gone", change.id)
    finding.severity = .info
    let words = change.words.isEmpty ? "an error without words" : Words.quote(change.words)
    finding.title = "Gone since the baseline: \(words) in \(Words.name(change.service))"
    finding.proof = ["No failure now, \(Words.count(change.before)) in the baseline."]
    finding.nextStep = "Nothing to do if the traffic is the same."
    finding.rule = "signature with at least 5 failures that only the baseline has"
    finding.service = change.blamedService.isEmpty ? change.service : change.blamedService
    finding.operation = change.operation
    finding.page = "compare.html#errors"
    return finding
  }

  private func changedCall(_ change: CallChange) -> Finding {
    let isGone = change.presence == .gone
    var finding = Self.finding(
      isGone ? "missing-call" : "new-call", change.parentService, change.parentOperation, change.childService,
      change.childOperation)
    finding.severity = .info
    let parent =
      "\(Words.name(change.parentOperation, "an unnamed operation")) of \(Words.name(change.parentService))"
    let child =
      "\(Words.name(change.childOperation, "an unnamed operation")) of \(Words.name(change.childService))"
    finding.title = "\(parent) \(isGone ? "no longer calls" : "now calls") \(child)"
    finding.proof = [
      isGone
        ? "\(Words.count(change.seen)) calls, where \(Words.count(change.expected)) were to be expected from the "
          + "baseline (z \(Words.decimal(change.z)))."
        : "\(Words.count(change.seen)) calls, none in the baseline."
    ]
    finding.nextStep = "An observation: a release, other traffic, or broken instrumentation look the same."
    finding.rule = "calls per healthy parent in connected traces against the baseline"
    finding.service = change.parentService
    finding.operation = change.parentOperation
    finding.score = min(abs(change.z) / 100, 1)
    finding.page = "compare.html#calls"
    return finding
  }

  private func changedLink(_ change: LinkChange) -> Finding? {
    guard change.presence != .both, max(change.before.calls, change.after.calls) >= 10 else { return nil }
    let isNew = change.presence == .new
    var finding = Self.finding(
      isNew ? "dependency-new" : "dependency-gone", change.parent, change.child,
      change.connectionType.rawValue)
    finding.severity = .info
    finding.title =
      "\(Words.name(change.parent)) \(isNew ? "now" : "no longer") calls \(Words.name(change.child))"
    finding.proof = [
      isNew
        ? "\(Words.count(change.after.calls, "call")) now, none in the baseline."
        : "No call now, \(Words.count(change.before.calls)) in the baseline."
    ]
    finding.nextStep = "See whether this \(isNew ? "dependency" : "change") is wanted."
    finding.rule = "link that only one side has, at least 10 calls"
    finding.service = change.parent
    finding.page = "compare.html#links"
    return finding
  }
}
