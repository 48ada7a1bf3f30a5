/// What the archives say of their own sampling: how many traces each scheme gives a weight, and what all traces then
/// stand for.
package struct ArrivedSampling: Sendable {
  /// Something to know about the sampling of the archives, with a fixed word.
  package struct Note: Sendable {
    /// The fixed word: `sampling-unknown`, `sampling-mixed`, …
    package var code: String
    /// One sentence with the numbers.
    package var message: String
  }

  /// Traces by where their weight comes from, in the order in which schemes are asked.
  package var schemes: [(scheme: WeightScheme, traces: Int)] = []
  /// All traces.
  package var traces = 0
  /// What all traces stand for; nil unless 95 % of them have a weight.
  package var overall: PopulationEstimate?
  /// By entry point, most frequent first; empty unless weighted.
  package var entryPoints: [PopulationEstimate] = []
  /// Traces that were kept although their randomness lies below their threshold.
  package var inconsistent = 0
  /// For a given ratio: the share of the ids that are here that each client's rule would keep.
  package var audit: [(rule: String, share: Double)] = []
  /// What to know about it.
  package var notes: [Note] = []

  /// Makes one of nothing.
  package init() {}

  /// True when some trace stands for more than itself.
  package var isWeighted: Bool { overall != nil && schemes.contains { $0.scheme != .unknown } }

  /// Traces of unknown weight.
  package var unknown: Int { schemes.first { $0.scheme == .unknown }?.traces ?? 0 }

  init(_ input: SimulationInput, _ entryPoints: Population, _ name: (Int) -> OperationKey) {
    traces = input.traces.count
    var counts: [WeightScheme: Int] = [:]
    var errors = 0
    for trace in input.traces {
      counts[WeightScheme.allCases[Int(trace.scheme)], default: 0] += 1
      if trace.traits.contains(.isInconsistent) { inconsistent += 1 }
      if trace.traits.contains(.rootFailed) { errors += 1 }
    }
    schemes = WeightScheme.allCases.compactMap { scheme in counts[scheme].map { (scheme, $0) } }
    let isKnown = unknown * 20 <= traces && unknown < traces
    if isKnown { estimate(input, entryPoints, name) }
    if let ratio = input.ratio { takeAudit(input, ratio) }
    takeNotes(errors, input.ratio)
  }

  private mutating func estimate(
    _ input: SimulationInput, _ entryPoints: Population, _ name: (Int) -> OperationKey
  ) {
    // Those without a weight are left out, and counted.
    var estimator = Estimator(weights: input.traces.map { $0.weight.isNaN ? 0 : $0.weight })
    let all = Population(
      entryPoints.items.map { .init(group: 0, traceAndError: $0.traceAndError, duration: $0.duration) },
      groups: 1)
    overall = estimator.estimate(all, 0)
    for group in entryPoints.groups.indices where !entryPoints.groups[group].isEmpty {
      var one = estimator.estimate(entryPoints, group)
      (one.service, one.operation) = (name(group).service, name(group).operation)
      self.entryPoints.append(one)
    }
    self.entryPoints.sort {
      $0.requests.value != $1.requests.value
        ? $0.requests.value > $1.requests.value : ($0.service, $0.operation) < ($1.service, $1.operation)
    }
  }

  /// Ratio samplers leave no mark on spans, but the ids they keep do: about all of them under the rule that was used.
  private mutating func takeAudit(_ input: SimulationInput, _ ratio: Double) {
    guard traces >= 200 else { return }
    for rule in HeadSampler.Rule.allCases where rule != .zipkin {
      guard let sampler = HeadSampler(rule, ratio: ratio) else { continue }
      let kept = input.traces.count { sampler.keeps($0.id) }
      audit.append((rule.rawValue, Double(kept) / Double(traces)))
    }
  }

  private mutating func takeNotes(_ errors: Int, _ ratio: Double?) {
    guard traces > 0 else { return }
    if unknown * 20 > traces {
      note(
        "sampling-unknown",
        "\(unknown) of \(traces) traces say nothing of their sampling: figures are of what is here.")
    }
    if schemes.count > 1 {
      let parts = schemes.map { "\($0.scheme.rawValue): \($0.traces)" }.joined(separator: ", ")
      note("sampling-mixed", "Several schemes in one set: \(parts).")
    }
    if inconsistent > 0 {
      note(
        "sampling-inconsistent",
        "\(inconsistent) traces were kept although their randomness lies below their threshold.")
    }
    if let ratio, !audit.isEmpty, !audit.contains(where: { $0.share >= 0.97 }) {
      note(
        "sampling-ratio-contradicted",
        "No client's rule at \(RatioText.text(ratio)) would have kept the ids that are here: another ratio, or none, was used."
      )
    }
    if unknown == traces, errors * 5 > traces {
      note(
        "sampling-biased",
        "\(errors) of \(traces) requests failed and no weight is known: this looks like what a policy kept, and the error "
          + "rate of the whole cannot be recovered.")
    }
  }

  private mutating func note(_ code: String, _ message: String) {
    notes.append(Note(code: code, message: message))
  }
}
