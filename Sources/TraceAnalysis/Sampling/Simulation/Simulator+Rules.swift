extension Simulator {
  /// Estimates for each rule the figures of the requests that it is about, from all that is kept of them.
  ///
  /// - Complexity: O(rules × traces).
  func estimateRules(_ replay: PolicyReplay, _ estimator: inout Estimator, _ outcome: inout PolicyOutcome) {
    guard replay.subjects.count == replay.entries.count else { return }
    for number in outcome.rules.indices.prefix(RuleSubjects.most) {
      let bit = UInt64(1) << UInt64(number)
      // In the order of traces, as subjects and entries are.
      let about = input.measuredRequests.lazy.filter { replay.subjects[$0.trace] & bit != 0 }
      let population = Population(
        about.map(\.inOneGroup), groups: 1, standing: standing, in: input.space)
      guard !population.items.isEmpty else { continue }
      outcome.rules[number].population = estimator.estimate(population, 0)
      var chances = ChanceCount()
      for (number, item) in about.enumerated() {
        chances.add(replay.entries[item.trace])
        if RowStretch.ends(behind: number) { replay.entries.leaveMemory() }
      }
      outcome.rules[number].chances = chances
    }
  }
}

/// How many of some traces are kept for certain, never, or by chance.
package struct ChanceCount: Sendable {
  /// Kept ones.
  package var kept = 0
  /// Kept ones whose probability depends on what else arrived.
  package var unweighted = 0
  /// Those that can never be kept.
  package var never = 0
  /// Those that are kept or lost by chance, and those of them that are kept.
  package var leftToChance = 0
  /// See `leftToChance`.
  package var keptByChance = 0

  /// Makes one of nothing.
  package init() {}

  mutating func add(_ entry: PolicyReplay.Entry) {
    let isKept = entry.decision == .sampled
    if isKept { kept += 1 }
    if entry.probability == 0 { never += 1 }
    if isKept, entry.probability.isNaN { unweighted += 1 }
    if entry.probability > 0, entry.probability < 1 {
      leftToChance += 1
      if isKept { keptByChance += 1 }
    }
  }

  /// Whether figures can be estimated from what is kept: every trace has a chance, chances are known, and enough of what
  /// was left to chance is there.
  package var isRepresentative: Bool {
    never == 0 && unweighted * 20 <= kept && kept > 0
      && (leftToChance == 0 || keptByChance >= PolicyOutcome.fewest)
  }
}
