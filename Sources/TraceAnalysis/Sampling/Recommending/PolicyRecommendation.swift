/// A tail policy that fits a budget, found on the archives.
package struct PolicyRecommendation: Sendable {
  /// A set of rules that was tried.
  package struct Trial: Sendable {
    /// What it always keeps, in words.
    package var meaning: String
    /// The share of the budget that its rules take before any base.
    package var budgetShare: Double
    /// Traces its rules keep.
    package var traces: Int
    /// The percentage that is left for the base.
    package var basePercent: Double
    /// The one that was taken.
    package var isChosen = false
  }

  /// The budget.
  package var budget: SamplingBudget
  /// Collector configuration, ready to paste.
  package var yaml: String
  /// The same as a policy to replay.
  package var policy: SamplingPolicy
  /// Why these rules, one sentence each.
  package var reasons: [String]
  /// What was tried, most generous first.
  package var trials: [Trial]
}

/// Looks for a policy: errors, slow traces, rare entry points, and a base of the rest, as generous as a budget allows.
///
/// Rules are tried from generous to frugal; the first that leaves a base of at least 1 % of the traces is taken, else
/// the one that leaves most. The base is what the budget has left: kept = rules + base × (all − rules), which is linear,
/// so it is computed and not searched. A base there always is, since nothing can be estimated without one.
package struct PolicyRecommender {
  /// The least base that is thought to be enough, in percent.
  private static let enoughBase = 1.0
  /// The least base, whatever the budget.
  private static let leastBase = 0.01

  private let input: SimulationInput
  private let budget: SamplingBudget
  private let packedRatio: Double?
  private let basis: CostBasis
  private let seconds: Double
  private let total: KeptAmount

  /// The sets of rules to try on some archives, with the policies to ask of every trace.
  package static func candidates(_ survey: SimulationInput) -> [SamplingPolicy] {
    RecommendedRules.candidates(survey).map {
      SamplingPolicy(name: $0.meaning, kind: .collector(collector($0.policies)))
    }
  }

  private static func collector(_ policies: [TailPolicy]) -> CollectorPolicy {
    var collector = CollectorPolicy()
    collector.policies = policies
    collector.hasTailSampling = true
    return collector
  }

  /// - `input`: asked what `candidates` are, in the same order.
  package init(
    _ input: SimulationInput, budget: SamplingBudget, packedRatio: Double?, seconds: Double,
    basis: CostBasis = CostBasis()
  ) {
    self.basis = basis
    self.input = input
    self.budget = budget
    self.packedRatio = packedRatio
    self.seconds = seconds
    var total = KeptAmount()
    for trace in input.traces { total.add(trace, standing: input.standing(trace)) }
    self.total = total
  }

  /// The recommendation; nil when there is nothing to sample.
  package func recommend() -> PolicyRecommendation? {
    guard !input.traces.isEmpty else { return nil }
    let rules = RecommendedRules.candidates(input)
    let all = budget.part(of: total, seconds: seconds, packedRatio: packedRatio, basis: basis)
    var trials: [PolicyRecommendation.Trial] = []
    for (rule, policy) in zip(rules, input.policies) {
      let kept = kept(by: policy)
      let part = budget.part(of: kept, seconds: seconds, packedRatio: packedRatio, basis: basis)
      let rest = all - part
      let base = rest > 0 ? max(0, min(100, (1 - part) / rest * 100)) : part <= 1 ? 100 : 0
      trials.append(
        PolicyRecommendation.Trial(
          meaning: rule.meaning, budgetShare: part, traces: kept.traces, basePercent: Self.rounded(base)))
    }
    let chosen =
      trials.firstIndex { $0.basePercent >= Self.enoughBase }
      ?? trials.indices.max { (trials[$0].basePercent, $1) < (trials[$1].basePercent, $0) } ?? 0
    trials[chosen].isChosen = true
    return recommendation(rules[chosen], trials)
  }

  /// Down to three digits that count, so that the budget is kept and the number can be read.
  private static func rounded(_ percent: Double) -> Double {
    var scale = 1.0
    while percent > 0, percent * scale < 100, scale < 1e4 { scale *= 10 }
    return (percent * scale).rounded(.down) / scale
  }

  private func kept(by policy: SamplingPolicy) -> KeptAmount {
    var kept = KeptAmount()
    let replay = PolicyReplay(policy, over: input)
    for (trace, entry) in zip(input.traces, replay.entries) where entry.decision == .sampled {
      kept.add(trace, standing: input.standing(trace))
    }
    return kept
  }

  // MARK: The result

  private func recommendation(
    _ rules: RecommendedRules, _ trials: [PolicyRecommendation.Trial]
  ) -> PolicyRecommendation {
    let chosen = trials.first(where: \.isChosen)
    let base = max(Self.leastBase, chosen?.basePercent ?? Self.leastBase)
    let policy = TailPolicy(
      name: "base",
      rule: .question(.hash(salt: "default-hash-seed", bound: CollectorHash.bound64(percentage: base))))
    let rate = Int64(min((total.inAll.traces / seconds).rounded(.up), 9e15))
    let yaml =
      [
        "# Recommended by Tracebook for \(budget.words).", "processors:", "  tail_sampling:",
        "    decision_wait: 30s", "    num_traces: \(max(1_000, rate.multipliedOrMax(by: 60)))",
        "    expected_new_traces_per_sec: \(rate)", "    policies:",
      ]
      + (rules.yaml + [
        "- name: base", "  type: probabilistic",
        "  probabilistic: {sampling_percentage: \(RatioText.text(base))}",
      ]).map { "      " + $0 }
    return PolicyRecommendation(
      budget: budget, yaml: yaml.joined(separator: "\n") + "\n",
      policy: SamplingPolicy(
        name: "recommended", kind: .collector(Self.collector(rules.policies + [policy]))),
      reasons: reasons(rules, chosen, base), trials: trials)
  }

  private func reasons(
    _ rules: RecommendedRules, _ chosen: PolicyRecommendation.Trial?, _ base: Double
  ) -> [String] {
    var reasons: [String] = []
    if let chosen {
      reasons.append(
        "Always kept: \(rules.meaning). That is \(chosen.traces) of \(total.traces) traces and takes "
          + "\(Words.percent(chosen.budgetShare)) of the budget.")
    }
    reasons += rules.reasons
    reasons.append(
      "The rest of the budget is a base of \(RatioText.text(base)) % of all traces by their id; without a base no rate can "
        + "be estimated.")
    if let chosen, chosen.budgetShare > 1 || chosen.basePercent < Self.leastBase {
      reasons.append(
        "The budget is too small even for this: it will be exceeded, or the base is the least there is.")
    }
    reasons.append(
      "Failing, slow and rare traces are kept by rules of their own, so the base may be as small as the budget wants it."
    )
    return reasons
  }
}
