import TraceModel

extension Concluder {
  /// Fewer requests say nothing.
  private static let fewestRequests = 5
  /// Entry points are looked at by the time their requests take; the rest of a long tail is not announced.
  private static let announcedEntryPoints = 10

  /// For each entry point that matters, the service that takes most of its critical path, if one stands out.
  ///
  /// A service that is alone on the path is none: there is nothing to compare it with.
  func bottlenecks(_ conclusions: Conclusions) -> [Finding] {
    let entries = conclusions.entryPoints.filter { $0.latency.count >= Self.fewestRequests }
    let largest = entries.sorted {
      $0.latency.sum != $1.latency.sum ? $0.latency.sum > $1.latency.sum : $0.slug < $1.slug
    }
    return largest.prefix(Self.announcedEntryPoints).compactMap { bottleneck(of: $0, conclusions) }
  }

  private func bottleneck(of entry: EntryPointResult, _ conclusions: Conclusions) -> Finding? {
    guard entry.profileByService.count > 1, let top = entry.profileByService.first,
      top.share >= options.thresholds.bottleneck, top.occurrence >= 0.5
    else { return nil }
    let title = Words.entryPoint(entry.service, entry.operation, sharing: conclusions.sharedOperations)
    let mean = Nanoseconds(entry.latency.sum.rawValue / Int64(max(entry.latency.count, 1)))
    var finding = Self.finding("latency-bottleneck", entry.service, entry.operation, top.service)
    let requestShare = Self.share(entry.latency.sum.rawValue, of: requestTime)
    finding.severity = options.thresholds.severity(
      requests: 0, latency: top.share, isCertain: entry.latency.count >= 20 && requestShare >= 0.01)
    finding.title = "\(Words.name(top.service)) is the bottleneck of \(title)"
    finding.proof = [
      "\(Words.name(top.service)) takes \(Words.percent(top.share)) of the critical path: "
        + "\(Words.length(top.mean)) of \(Words.length(mean)) on average over "
        + "\(Words.count(entry.latency.count, "request")).",
      runnerUp(entry),
    ]
    if let saving = saving(of: top, entry) { finding.proof.append(saving) }
    if let gap = largestGap(of: top, entry) { finding.proof.append(gap) }
    let operation = entry.profileByOperation.first { $0.service == top.service }
    finding.nextStep =
      "Look at \(Words.name(operation?.operation ?? "", "its operations")) in \(Words.name(top.service)): "
      + "it has the largest part of that time."
    finding.rule =
      "largest critical-path share of a service, at least \(Words.percent(options.thresholds.bottleneck)), "
      + "beside at least one other service"
    finding.service = top.service
    finding.operation = operation?.operation ?? ""
    finding.entryService = entry.service
    finding.entryOperation = entry.operation
    finding.score = top.share * requestShare
    finding.evidence = bottleneckEvidence(entry, top)
    finding.page = "latency.html#\(entry.slug)"
    return finding
  }

  private func runnerUp(_ entry: EntryPointResult) -> String {
    let second = entry.profileByService[1]
    return "Next is \(Words.name(second.service)) with \(Words.percent(second.share)) "
      + "(\(Words.length(second.mean)))."
  }

  private func saving(of top: ProfileRow, _ entry: EntryPointResult) -> String? {
    guard let half = entry.whatIf.first(where: { $0.service == top.service && $0.percent == 50 }) else {
      return nil
    }
    return "If it were twice as fast, the mean would fall from \(Words.length(half.meanBefore)) to "
      + "\(Words.length(half.meanAfter)) and p99 from \(Words.length(half.p99Before)) to "
      + "\(Words.length(half.p99After)) (\(Words.count(half.probes, "request")) timed anew)."
  }

  private func largestGap(of top: ProfileRow, _ entry: EntryPointResult) -> String? {
    guard let gap = entry.gaps.first(where: { $0.service == top.service }), gap.share >= 0.05 else {
      return nil
    }
    return
      "\(Words.percent(gap.share)) of the path is not work of \(Words.name(top.service)) but lies between it "
      + "and \(Words.name(gap.callee)), which it calls: network, queueing or connection set-up."
  }

  private func bottleneckEvidence(_ entry: EntryPointResult, _ top: ProfileRow) -> [Evidence] {
    var evidence: [Evidence] = []
    if let typical = entry.examples.first(where: { $0.reason == "typical" }) {
      evidence.append(typical.evidence)
    }
    if let worst = top.worst?.evidence { evidence.append(worst) }
    if let slowest = entry.examples.first(where: { $0.reason == "slowest" }) {
      evidence.append(slowest.evidence)
    }
    return evidence.reduce(into: []) { unique, next in
      if !unique.contains(where: { $0.traceID == next.traceID }) { unique.append(next) }
    }
  }
}
