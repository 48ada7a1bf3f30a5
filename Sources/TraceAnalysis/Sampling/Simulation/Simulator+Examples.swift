import TraceModel

extension Simulator {
  /// Failed, slow, rare and ordinary traces, the first ones of each in the order of decisions.
  func chosenExamples() -> [Int] {
    var chosen: Set<Int> = []
    func choose(_ most: Int, where condition: (Int) -> Bool) {
      var left = most
      for number in input.traces.indices where left > 0 && !chosen.contains(number) && condition(number) {
        chosen.insert(number)
        left -= 1
      }
    }
    choose(6) { input.traces[$0].traits.contains(.hasError) }
    choose(6) { isSlow[$0] }
    choose(4) { number in
      let trace = input.traces[number]
      return input.spans[trace.spanStart..<trace.spanStart + Int(trace.spanCount)].contains {
        tracesOfOperation[Int($0.operation)] < 10
      }
    }
    choose(14) { !input.traces[$0].traits.contains(.hasError) && !isSlow[$0] }
    return chosen.sorted()
  }

  /// Chosen traces, with what each policy decided over them.
  func examples(_ chosen: [Int], _ explained: [[ExplainedTrace.Decision]]) -> [ExplainedTrace] {
    chosen.enumerated().map { place, number in
      let trace = input.traces[number]
      return ExplainedTrace(
        id: trace.id, entryPoint: input.operations[Int(trace.entryPoint)],
        duration: Nanoseconds(trace.duration), spanCount: Int(trace.spanCount),
        hasError: trace.traits.contains(.hasError),
        decisions: explained.map { $0[place] })
    }
  }

  /// What a policy decided over a trace, by which rule, and why.
  func explained(_ replay: PolicyReplay, _ number: Int) -> ExplainedTrace.Decision {
    let entry = replay.entries[number]
    return ExplainedTrace.Decision(
      decision: entry.decision, rule: replay.ruleName(entry), reason: reason(replay, number))
  }

  private func reason(_ replay: PolicyReplay, _ number: Int) -> String {
    let entry = replay.entries[number]
    switch replay.policy.kind {
    case .head(let sampler):
      let share = Words.percent(sampler.ratio)
      return entry.decision == .sampled
        ? "its id is among the \(share) that are kept" : "its id is not among the \(share) that are kept"
    case .headRate: return entry.decision == .sampled ? "within the rate" : "the rate was used up"
    case .adaptive:
      return entry.probability.isNaN
        ? "by the least rate of its operation"
        : "the ratio of its operation was \(Words.percent(entry.probability))"
    case .collector: break
    }
    if entry.rule == PolicyReplay.probabilisticRule {
      return "the sampler before the tail decides by the id"
    }
    switch entry.decision {
    case .sampled, .dropped:
      guard replay.rules.indices.contains(Int(entry.rule)) else { return "" }
      return replay.rules[Int(entry.rule)].meaning
    case .notSampled: return reasonNotKept(replay, number)
    }
  }

  private func reasonNotKept(_ replay: PolicyReplay, _ number: Int) -> String {
    guard replay.subjects.indices.contains(number) else { return "" }
    let about = replay.rules.indices.prefix(RuleSubjects.most).filter {
      replay.subjects[number] >> UInt64($0) & 1 == 1
    }
    if about.isEmpty { return "no rule asks for such a trace" }
    let names = about.prefix(3).map { replay.rules[$0].name }.joined(separator: ", ")
    let chance = replay.entries[number].probability
    if chance == 0 { return "\(names) would keep it, and another rule forbids it" }
    return chance.isNaN
      ? "\(names) would keep it, and the budget was spent"
      : "only \(names) would keep it, which keeps \(Words.percent(chance)) by the id, and this id is not among them"
  }
}
