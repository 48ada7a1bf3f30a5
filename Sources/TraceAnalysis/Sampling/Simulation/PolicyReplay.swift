import TraceModel

/// The decisions of one policy over all traces, in the order of decisions.
struct PolicyReplay: Sendable {
  /// What became of one trace.
  struct Entry: BitwiseCopyable, Sendable {
    var decision: SamplingDecision
    /// Which rule; −1 for none. Of a Collector policy the number of the policy.
    var rule: Int32
    /// The part of a composite policy; −1 for none.
    var part: Int32 = -1
    /// The probability with which the policy keeps such a trace, over chance alone; `.nan` when it depends on what
    /// else arrives (budgets).
    var probability: Double
  }

  let policy: SamplingPolicy
  let entries: StoredRows<Entry>
  /// What the rules of a Collector policy did.
  let rules: [RuleOutcome]
  /// For each trace a bit for each of the first rules that is about it; see `RuleSubjects`.
  let subjects: StoredRows<UInt64>

  /// Everything kept, to measure what there is.
  static func keepingAll(_ input: SimulationInput) -> PolicyReplay {
    let entry = Entry(decision: .sampled, rule: -1, probability: 1)
    return PolicyReplay(
      policy: SamplingPolicy(name: "", kind: .collector(CollectorPolicy())),
      entries: StoredRows(repeatElement(entry, count: input.traces.count), in: input.space))
  }

  /// Takes what was decided; only rules of a Collector policy have more to say.
  init(
    policy: SamplingPolicy, entries: StoredRows<Entry>, rules: [RuleOutcome] = [],
    subjects: StoredRows<UInt64> = StoredRows(EmptyCollection())
  ) {
    self.policy = policy
    self.entries = entries
    self.rules = rules
    self.subjects = subjects
  }

  /// What a decision line names: the first rule that voted as was decided.
  func ruleName(_ entry: Entry) -> String { Self.ruleName(entry, of: policy) }

  /// The same of a policy.
  static func ruleName(_ entry: Entry, of policy: SamplingPolicy) -> String {
    guard case .collector(let collector) = policy.kind else { return policy.name }
    if entry.rule == probabilisticRule { return "probabilistic_sampler" }
    guard collector.policies.indices.contains(Int(entry.rule)) else { return "" }
    let rule = collector.policies[Int(entry.rule)]
    if case .composite(let parts) = rule.rule, parts.indices.contains(Int(entry.part)) {
      return rule.name + "/" + parts[Int(entry.part)].policy.name
    }
    return rule.name
  }

  /// Stands for the processor before `tail_sampling`.
  static let probabilisticRule: Int32 = -2
}
