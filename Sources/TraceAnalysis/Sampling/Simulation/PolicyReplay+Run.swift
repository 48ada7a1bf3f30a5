import TraceModel

extension PolicyReplay {
  /// Replays a policy over all traces.
  ///
  /// - Complexity: O(traces × policies); on one thread, since budgets are spent in order.
  init(_ policy: SamplingPolicy, over input: SimulationInput) {
    switch policy.kind {
    case .head(let sampler):
      let entries = input.traces.lazy.map { trace in
        Entry(
          decision: sampler.keeps(trace.id) ? .sampled : .notSampled, rule: -1, probability: sampler.ratio)
      }
      self.init(policy: policy, entries: StoredRows(entries, in: input.space))
    case .headRate(let perSecond):
      self.init(policy: policy, entries: Self.rateLimited(perSecond, input))
    case .adaptive(let target):
      var sampler = AdaptiveSampler(target: target, operations: input.operations.count)
      self.init(policy: policy, entries: Self.inOrderOfStart(input) { sampler.decide(input.traces[$0]) })
    case .collector(let collector): self = Self.collected(policy, collector, input)
    }
  }

  /// Decides over traces as they start.
  private static func inOrderOfStart(
    _ input: SimulationInput, _ decide: (Int) -> Entry
  ) -> StoredRows<Entry> {
    let order = TracePlace.sorted(
      input.traces.indices.lazy.map { place in
        let trace = input.traces[place]
        return TracePlace(time: trace.start, id: trace.id, place: place)
      }, in: input.space)
    var entries = Column<Entry>(zeroes: input.traces.count, in: input.space)
    for (number, turn) in order.enumerated() {
      entries[turn.place] = decide(turn.place)
      if number % SpillSpace.scatteredRows == 0 {
        entries.leaveMemory()
        input.traces.leaveMemory()
      }
    }
    return StoredRows(entries)
  }

  /// A leaky bucket of traces: one flows in `perSecond` times a second, up to that many, at least one.
  private static func rateLimited(
    _ perSecond: Double, _ input: SimulationInput
  ) -> StoredRows<Entry> {
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
    _ policy: SamplingPolicy, _ collector: CollectorPolicy, _ input: SimulationInput
  ) -> PolicyReplay {
    var rules = collector.policies.map {
      RuleOutcome(name: $0.name, meaning: PolicyWords.meaning(of: $0.rule))
    }
    let list = input.questions
    var program = PolicyProgram(collector) { list.number(of: $0) }
    var chances = KeepingChances(collector, list)
    var about = RuleSubjects(collector, list)
    var subjects = Column<UInt64>()
    var entries = Column<Entry>()
    if let space = input.space {
      subjects.moveToFile(in: space)
      entries.moveToFile(in: space)
    }
    func decide(_ trace: SimulatedTrace) -> Entry {
      var arrival = ProbabilisticProcessor.Outcome(isKept: true, probability: 1)
      if let processor = collector.probabilistic {
        arrival = processor.decide(
          trace.id, state: input.samplingState(trace), priority: trace.traits.priority)
      }
      guard collector.hasTailSampling else {
        return Entry(
          decision: arrival.isKept ? .sampled : .notSampled, rule: probabilisticRule,
          probability: arrival.probability)
      }
      let answers = GivenAnswers(words: input.answers, start: trace.answers)
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
    entries.reserve(input.traces.count)
    for (number, trace) in input.traces.enumerated() {
      if RowStretch.ends(behind: number) { input.leaveTexts() }
      if collector.hasTailSampling {
        let answers = GivenAnswers(words: input.answers, start: trace.answers)
        subjects.appendAndLeave(about.rules(answers, count: list.words))
      }
      entries.appendAndLeave(decide(trace))
    }
    return PolicyReplay(
      policy: policy, entries: StoredRows(entries), rules: rules, subjects: StoredRows(subjects))
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
  let words: StoredRows<UInt64>
  let start: Int
  let assumption = BudgetAssumption.spend

  @inline(__always)
  func isYes(_ number: Int) -> Bool { words[start + number >> 6] >> UInt64(number & 63) & 1 == 1 }
}
