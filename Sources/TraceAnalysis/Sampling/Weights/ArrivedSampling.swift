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
  /// The requests that each service answers, most frequent first; empty unless weighted.
  package var services: [PopulationEstimate] = []
  /// The length of the window, to tell rates; 0 when it was not looked at.
  package var seconds = 0.0
  /// Traces that were kept although their randomness lies below their threshold.
  package var inconsistent = 0
  /// The ratio that the user gave; nil without one.
  package var ratio: Double?
  /// For a given ratio: the share of the ids that are here that each client's rule would keep.
  package var audit: [(rule: String, share: Double)] = []
  /// What to know about it.
  package var notes: [Note] = []
  /// Failed requests among the traces of unknown weight.
  private var unknownFailures = 0

  /// Makes one of nothing.
  package init() {}

  /// True when some trace stands for more than itself.
  package var isWeighted: Bool { overall != nil && isScaled }

  /// Traces of unknown weight.
  package var unknown: Int { schemes.first { $0.scheme == .unknown }?.traces ?? 0 }

  /// True when nothing says that anything was left out.
  package var isSilent: Bool { unknown == traces }

  /// True when 95 % of the traces have a weight.
  var isKnown: Bool { unknown * 20 <= traces && unknown < traces }

  /// True when something but debug flags gives a weight.
  var isScaled: Bool { schemes.contains { $0.scheme != .unknown && $0.scheme != .debug } }

  /// Ids of fewer traces say nothing about the rule that kept them.
  static let leastAudited = 200

  /// Takes up the traces of one scheme.
  mutating func add(_ row: EstimateRow) {
    guard row.scope == .scheme, WeightScheme.allCases.indices.contains(row.third) else { return }
    let scheme = WeightScheme.allCases[row.third]
    schemes.append((scheme, row.sums.traces))
    traces += row.sums.traces
    inconsistent += row.inconsistent
    if scheme == .unknown { unknownFailures = row.sums.errors }
  }

  init(_ input: SimulationInput, _ entryPoints: Population, _ name: (Int) -> OperationKey) {
    var rows = WeightScheme.allCases.indices.map { number in
      var row = EstimateRow()
      row.third = number
      return row
    }
    for trace in input.traces {
      let number = Int(trace.scheme)
      rows[number].sums.traces += 1
      if trace.traits.contains(.isInconsistent) { rows[number].inconsistent += 1 }
      if trace.traits.contains(.rootFailed) { rows[number].sums.errors += 1 }
    }
    for row in rows where row.sums.traces > 0 { add(row) }
    if isKnown { estimate(input, entryPoints, name) }
    ratio = input.sampling.ratio
    if let ratio { takeAudit(input, ratio) }
    takeNotes()
  }

  private mutating func estimate(
    _ input: SimulationInput, _ entryPoints: Population, _ name: (Int) -> OperationKey
  ) {
    // Those without a weight are left out, and counted.
    var estimator = Estimator(
      weights: input.traces.lazy.map { $0.weight.isNaN ? 0 : $0.weight }, in: input.space)
    let all = Population(
      entryPoints.items.lazy.map(\.inOneGroup), groups: 1, in: input.space)
    overall = estimator.estimate(all, 0)
    for group in entryPoints.groups.indices where !entryPoints.groups[group].isEmpty {
      var one = estimator.estimate(entryPoints, group)
      (one.service, one.operation) = (name(group).service, name(group).operation)
      self.entryPoints.append(one)
    }
    self.entryPoints.sort(by: PopulationEstimate.isOrdered)
  }

  /// Ratio samplers leave no mark on spans, but the ids they keep do: about all of them under the rule that was used.
  private mutating func takeAudit(_ input: SimulationInput, _ ratio: Double) {
    guard traces >= Self.leastAudited else { return }
    for (rule, sampler) in HeadSampler.audited(ratio: ratio) {
      let kept = input.traces.count { sampler.keeps($0.id) }
      audit.append((rule.rawValue, Double(kept) / Double(traces)))
    }
  }

  mutating func takeNotes() {
    guard traces > 0 else { return }
    if unknown * 20 > traces {
      note(
        "sampling-unknown",
        "\(unknown) of \(traces) traces say nothing of their sampling: figures are of what is here.")
    }
    let told = schemes.filter { $0.scheme != .debug }
    if told.count > 1 {
      let parts = told.map { "\($0.scheme.rawValue): \($0.traces)" }.joined(separator: ", ")
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
    if unknown == traces, unknownFailures * 5 > traces {
      note(
        "sampling-biased",
        "\(unknownFailures) of \(traces) requests failed and no weight is known: this looks like what a policy kept, and "
          + "the error rate of the whole cannot be recovered.")
    }
  }

  private mutating func note(_ code: String, _ message: String) {
    notes.append(Note(code: code, message: message))
  }

  /// Notes that are no mere observation, as findings.
  var findings: [Finding] {
    notes.filter { $0.code != "sampling-unknown" && $0.code != "sampling-biased" }.map { note in
      var finding = Concluder.finding(note.code)
      finding.severity = .low
      finding.title = Self.titles[note.code] ?? note.code
      finding.proof = [note.message]
      finding.nextStep =
        note.code == "sampling-mixed"
        ? "Read archives of one scheme at a time, or give one scheme to all services."
        : "Look at the sampler of the services that write these archives."
      finding.rule = "where the weights of all traces come from"
      finding.page = "sampling.html#arrived"
      return finding
    }
  }

  private static let titles = [
    "sampling-mixed": "The archives were sampled in several ways",
    "sampling-inconsistent": "Traces were kept that their own threshold refuses",
    "sampling-ratio-contradicted": "The given sampling ratio does not fit the trace ids",
  ]
}

extension PopulationEstimate {
  /// Most requests first, then by name.
  static func isOrdered(_ left: Self, _ right: Self) -> Bool {
    left.requests.value != right.requests.value
      ? left.requests.value > right.requests.value
      : (left.service, left.operation) < (right.service, right.operation)
  }
}
