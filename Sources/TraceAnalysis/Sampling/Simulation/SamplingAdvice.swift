/// What a simulation teaches, as findings with the numbers of these archives (reference on sampling, section 8).
enum SamplingAdvice {
  static func findings(_ result: SimulationResult, _ policies: [SamplingPolicy]) -> [Finding] {
    var findings: [Finding] = []
    for outcome in result.policies where !outcome.isYardstick {
      guard let policy = policies.first(where: { $0.name == outcome.name }) else { continue }
      if let finding = keepsEverything(outcome, result) { findings.append(finding) }
      if let finding = headBeforeTail(outcome, policy, result) {
        findings.append(finding)
      } else if let finding = losesErrors(outcome, result) {
        findings.append(finding)
      }
      if let finding = fixedRate(outcome, policy) { findings.append(finding) }
      if let finding = noBase(outcome) { findings.append(finding) }
      if let finding = spentByBudgets(outcome) { findings.append(finding) }
    }
    return findings.sorted(by: Finding.isOrdered)
  }

  private static func finding(
    _ kind: String, _ outcome: PolicyOutcome, _ severity: FindingSeverity, _ title: String, score: Double
  ) -> Finding {
    var finding = Concluder.finding(kind, outcome.name)
    finding.severity = severity
    finding.title = title
    finding.score = min(max(score, 0), 1)
    finding.page = "sampling.html#advice"
    return finding
  }

  private static func keepsEverything(_ outcome: PolicyOutcome, _ result: SimulationResult) -> Finding? {
    let rate = result.total.inAll.traces / result.seconds
    guard outcome.kept.spans * 100 >= result.total.spans * 99, rate >= 100 else { return nil }
    var finding = finding(
      "sampling-keeps-everything", outcome, .medium,
      "\(outcome.name) keeps everything: \(Words.count(Int(rate), "trace")) a second", score: 0.5)
    let cost = PolicyCost(outcome.kept, seconds: result.seconds, packedRatio: nil, basis: CostBasis())
    finding.proof = [
      "\(Words.percent(Double(outcome.kept.spans) / Double(max(1, result.total.spans)))) of all spans are kept, "
        + "\(Words.count(Int(min(cost.spansPerSecond, 9e15)), "span")) a second.",
      "All failing and slow traces and one in twenty of the rest would be "
        + "\(Words.percent(shareOfInteresting(result))) of the traces.",
    ]
    finding.nextStep = "Replay a tail policy: errors, slow traces, and a consistent base of 1 to 5 %."
    finding.rule = "at least 99 % of spans kept at 100 traces a second or more"
    return finding
  }

  private static func shareOfInteresting(_ result: SimulationResult) -> Double {
    let total = Double(max(1, result.total.traces))
    let kept = min(Double(result.visible.errorTraces + result.visible.slowTraces), total)
    return (kept + 0.05 * (total - kept)) / total
  }

  private static func losesErrors(_ outcome: PolicyOutcome, _ result: SimulationResult) -> Finding? {
    let (kept, all) = (outcome.visible.errorTraces, result.visible.errorTraces)
    guard all > 0, kept < all else { return nil }
    let lost = Double(all - kept) / Double(all)
    var finding = finding(
      "sampling-loses-errors", outcome, lost >= 0.5 ? .high : .medium,
      "\(outcome.name) keeps \(kept) of \(Words.count(all, "failing trace"))", score: lost)
    let share = Double(outcome.kept.traces) / Double(max(1, result.total.traces))
    finding.proof = [
      "\(Words.percent(lost)) of the failing traces are lost, with \(Words.percent(share)) of all traces kept.",
      "A failure seen 30 times would leave no trace with probability \(Words.percent(power(1 - share, 30))).",
    ]
    finding.nextStep = "Decide after the trace is over: a tail policy for status ERROR keeps them all."
    finding.rule = "failing traces that are not kept"
    return finding
  }

  private static func headBeforeTail(
    _ outcome: PolicyOutcome, _ policy: SamplingPolicy, _ result: SimulationResult
  ) -> Finding? {
    guard case .collector(let collector) = policy.kind, collector.hasTailSampling,
      let head = collector.probabilistic, head.percentage < 100
    else { return nil }
    let (kept, all) = (outcome.visible.errorTraces, result.visible.errorTraces)
    guard all > 0, kept < all else { return nil }
    var finding = finding(
      "sampling-head-before-tail", outcome, .high,
      "The head sampler of \(outcome.name) leaves \(kept) of \(Words.count(all, "failing trace")), whatever the tail does",
      score: Double(all - kept) / Double(all))
    finding.proof = [
      "At \(RatioText.text(Double(head.percentage))) % the tail can only choose from what the head let through.",
      "Of failing traces \(Words.percent(Double(all - kept) / Double(all))) are lost.",
    ]
    finding.nextStep = "Give the tail everything, or accept that rare failures cannot be found."
    finding.rule = "probabilistic_sampler before tail_sampling, and failing traces lost"
    return finding
  }

  private static func fixedRate(_ outcome: PolicyOutcome, _ policy: SamplingPolicy) -> Finding? {
    guard case .head(let sampler) = policy.kind, sampler.ratio < 1, let most = outcome.entryPoints.first,
      let least = outcome.entryPoints.last(where: { $0.requests.truth >= 10 }),
      most.requests.truth >= 20 * least.requests.truth, least.keptTraces < 100, most.keptTraces >= 100
    else { return nil }
    var finding = finding(
      "sampling-fixed-rate", outcome, .low, "One ratio does not fit all entry points of \(outcome.name)",
      score: 0.3)
    finding.proof = [
      "\(Words.name(most.operation)) of \(Words.name(most.service)) keeps \(Words.count(most.keptTraces, "trace")), "
        + "\(Words.name(least.operation)) of \(Words.name(least.service)) \(least.keptTraces) of "
        + "\(Words.count(Int(least.requests.truth), "request")).",
      "A p99 needs 100 traces.",
    ]
    finding.nextStep = "Compare with --sampler adaptive:RATE, which gives each operation a ratio of its own."
    finding.rule =
      "head sampling by one ratio, entry points that differ twentyfold, fewer than 100 traces of the rarest"
    return finding
  }

  private static func noBase(_ outcome: PolicyOutcome) -> Finding? {
    guard outcome.neverKept > 0, outcome.kept.traces > 0 else { return nil }
    var finding = finding(
      "sampling-no-base", outcome, .medium,
      "\(outcome.name) has no unconditional part, so no rate can be estimated from what it keeps", score: 0.4)
    finding.proof = ["\(Words.count(outcome.neverKept, "trace")) can never be kept, whatever their id."]
    finding.nextStep = "Add a probabilistic policy of 1 to 5 % as the last one."
    finding.rule = "traces whose probability of being kept is zero"
    return finding
  }

  private static func spentByBudgets(_ outcome: PolicyOutcome) -> Finding? {
    guard outcome.unweighted * 20 > outcome.kept.traces, outcome.kept.traces > 0 else { return nil }
    var finding = finding(
      "sampling-unweighted", outcome, .low,
      "A budget decides over \(Words.count(outcome.unweighted, "kept trace")) of \(outcome.name)", score: 0.2)
    finding.proof = ["What a budget keeps stands for no known number of traces: counts are lower bounds."]
    finding.nextStep = "Set the amount by a percentage, and keep the budget as a safety above it."
    finding.rule = "more than 5 % of kept traces without a known probability"
    return finding
  }

  /// A power of a share, by squaring.
  static func power(_ base: Double, _ exponent: Int) -> Double {
    var (result, base, left) = (1.0, base, exponent)
    while left > 0 {
      if left & 1 == 1 { result *= base }
      base *= base
      left >>= 1
    }
    return result
  }
}
