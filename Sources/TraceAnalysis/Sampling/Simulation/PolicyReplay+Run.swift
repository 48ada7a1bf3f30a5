import TraceModel

extension PolicyReplay {
  /// Replays a policy over all traces.
  ///
  /// - Complexity: O(traces × policies); on one thread, since budgets are spent in order.
  init(_ policy: SamplingPolicy, over input: SimulationInput) {
    self.policy = policy
    entries = []
    switch policy.kind {
    case .head(let sampler):
      entries = input.traces.map { trace in
        Entry(
          decision: sampler.keeps(trace.id) ? .sampled : .notSampled, rule: -1, probability: sampler.ratio)
      }
    case .headRate(let perSecond): entries = Self.rateLimited(perSecond, input)
    case .adaptive(let target):
      var sampler = AdaptiveSampler(target: target, operations: input.operations.count)
      entries = Self.inOrderOfStart(input) { sampler.decide(input.traces[$0]) }
    case .collector(let collector): (entries, rules, subjects) = Self.collected(collector, input)
    }
  }

  /// Decides over traces as they start.
  private static func inOrderOfStart(_ input: SimulationInput, _ decide: (Int) -> Entry) -> [Entry] {
    let order = input.traces.indices.sorted {
      let (left, right) = (input.traces[$0], input.traces[$1])
      return left.start != right.start ? left.start < right.start : left.id < right.id
    }
    var entries = [Entry](
      repeating: Entry(decision: .notSampled, rule: -1, probability: 0), count: input.traces.count)
    for place in order { entries[place] = decide(place) }
    return entries
  }

  /// A leaky bucket of traces: one flows in `perSecond` times a second, up to that many, at least one.
  private static func rateLimited(_ perSecond: Double, _ input: SimulationInput) -> [Entry] {
    let most = max(perSecond, 1)
    var balance = most
    var last: Int64?
    return inOrderOfStart(input) { place in
      let now = input.traces[place].start
      if let last {
        balance = min(most, balance + (UnixNanoseconds(now) - UnixNanoseconds(last)).seconds * perSecond)
      }
      last = now
      let isKept = balance >= 1
      if isKept { balance -= 1 }
      return Entry(decision: isKept ? .sampled : .notSampled, rule: -1, probability: .nan)
    }
  }

  private static func collected(
    _ collector: CollectorPolicy, _ input: SimulationInput
  ) -> ([Entry], [RuleOutcome], [UInt64]) {
    var rules = collector.policies.map {
      RuleOutcome(name: $0.name, meaning: PolicyWords.meaning(of: $0.rule))
    }
    let list = input.questions
    var program = PolicyProgram(collector) { list.number(of: $0) }
    var chances = KeepingChances(collector, list)
    var about = RuleSubjects(collector, list)
    var subjects: [UInt64] = []
    subjects.reserveCapacity(collector.hasTailSampling ? input.traces.count : 0)
    let entries = input.traces.map { trace in
      var arrival = ProbabilisticProcessor.Outcome(isKept: true, probability: 1)
      if let processor = collector.probabilistic {
        arrival = processor.decide(
          trace.id, state: input.states[trace.state.index], priority: trace.traits.priority)
      }
      guard collector.hasTailSampling else {
        return Entry(
          decision: arrival.isKept ? .sampled : .notSampled, rule: probabilisticRule,
          probability: arrival.probability)
      }
      let answers = GivenAnswers(words: input.answers, start: trace.answers)
      subjects.append(about.rules(answers, count: list.words))
      let chance = arrival.probability * chances.probability(answers, count: list.words)
      guard arrival.isKept else {
        return Entry(decision: .notSampled, rule: probabilisticRule, probability: chance)
      }
      let outcome = program.decide(
        answers,
        PolicyProgram.Cost(spans: Int64(trace.spanCount), bytes: trace.bytes, time: trace.latestEnd))
      if outcome.decision == .sampled {
        let keepers = program.keepers
        for keeper in keepers {
          rules[keeper].traces += 1
          rules[keeper].spans += Int(trace.spanCount)
        }
        if keepers.count == 1 { rules[keepers[0]].alone += 1 }
      }
      return Entry(
        decision: outcome.decision, rule: Int32(truncatingIfNeeded: outcome.policy),
        part: Int32(truncatingIfNeeded: outcome.part), probability: chance)
    }
    return (entries, rules, subjects)
  }
}

extension SimulatedTrace.Traits {
  /// What `sampling.priority` says, if anything.
  fileprivate var priority: Int64? { contains(.priorityKeeps) ? 1 : contains(.priorityDrops) ? 0 : nil }
}

extension Nanoseconds {
  /// The length in seconds.
  var seconds: Double { Double(rawValue) / 1e9 }
}

/// What a trace of a simulation answered.
struct GivenAnswers: QuestionAnswers {
  let words: [UInt64]
  let start: Int
  let assumption = BudgetAssumption.spend

  @inline(__always)
  func isYes(_ number: Int) -> Bool { words[start + number >> 6] >> UInt64(number & 63) & 1 == 1 }
}
