package import TraceModel

/// Traces, spans and bytes.
package struct KeptAmount: Sendable, Equatable {
  /// The number of traces.
  package var traces = 0
  /// The number of their spans.
  package var spans = 0
  /// Uncompressed bytes of their records.
  package var bytes: Int64 = 0

  /// Makes one of nothing.
  package init() {}

  mutating func add(_ trace: SimulatedTrace) {
    traces += 1
    spans += Int(trace.spanCount)
    bytes &+= trace.bytes
  }
}

/// What can still be found: numbers of things with at least one example.
package struct Visibility: Sendable, Equatable {
  /// Traces with a failed span.
  package var errorTraces = 0
  /// Traces at least as long as the 99th percentile of their entry point.
  package var slowTraces = 0
  /// Operations that fewer than ten traces have.
  package var rareOperations = 0
  /// Services.
  package var services = 0
  /// Operations of services.
  package var operations = 0
  /// Calls from one service to another.
  package var links = 0

  /// Makes one of nothing.
  package init() {}
}

/// What one rule of a policy does.
package struct RuleOutcome: Sendable {
  /// Its name.
  package var name: String
  /// What it asks, in words.
  package var meaning: String
  /// Kept traces that it wanted to keep.
  package var traces = 0
  /// Kept traces that no other rule wanted to keep.
  package var alone = 0
  /// Spans of the kept traces that it wanted to keep.
  package var spans = 0

  /// Makes one of nothing.
  package init(name: String, meaning: String) {
    self.name = name
    self.meaning = meaning
  }
}

/// What a policy keeps of the archives, and what it loses.
package struct PolicyOutcome: Sendable {
  /// Its name.
  package var name = ""
  /// What it is, in words.
  package var meaning = ""
  /// A sampler that was added to compare with: consistent head sampling of as many spans.
  package var isYardstick = false
  /// What is kept.
  package var kept = KeptAmount()
  /// Traces that a `drop` policy threw away.
  package var dropped = 0
  /// What can still be found.
  package var visible = Visibility()
  /// Services without any example left, at most 50.
  package var lostServices: [String] = []
  /// Calls without any example left, at most 50.
  package var lostLinks: [LinkKey] = []
  /// Operations without any example left, at most 50.
  package var lostOperations: [OperationKey] = []
  /// Its rules in the order of the file; empty for samplers.
  package var rules: [RuleOutcome] = []
  /// Kept traces whose probability depends on what else arrived: they stand for no known number.
  package var unweighted = 0
  /// Traces that the policy can never keep, whatever their id.
  package var neverKept = 0
  /// Traces that are kept or lost by chance.
  package var leftToChance = 0
  /// Those of them that are kept.
  package var keptByChance = 0
  /// All requests.
  package var overall = PopulationEstimate()
  /// Requests by entry point, most frequent first.
  package var entryPoints: [PopulationEstimate] = []
  /// Requests by the service that answers them, most frequent first.
  package var services: [PopulationEstimate] = []

  /// Makes one of nothing.
  package init() {}

  /// Fewer kept by chance than these tell nothing of the rest.
  package static let fewest = 5

  /// Whether figures can be estimated from what is kept: every trace has a chance, chances are known, and enough of what
  /// was left to chance is there.
  package var isRepresentative: Bool {
    neverKept == 0 && unweighted * 20 <= kept.traces && kept.traces > 0
      && (leftToChance == 0 || keptByChance >= Self.fewest)
  }
}

/// A trace as the page explains it: what each policy decided, and why.
package struct ExplainedTrace: Sendable {
  /// Its id.
  package var id: TraceID
  /// Its entry point.
  package var entryPoint: OperationKey
  /// The length of its root.
  package var duration: Nanoseconds
  /// The number of its spans.
  package var spanCount: Int
  /// A span failed.
  package var hasError: Bool
  /// The decision of each policy and the rule it came from.
  package var decisions: [(decision: SamplingDecision, rule: String)]
}

/// What policies would do with archives.
package struct SimulationResult: Sendable {
  /// From the first start to the last end, in seconds; never 0.
  package var seconds = 1.0
  /// All there is.
  package var total = KeptAmount()
  /// All there is to be found.
  package var visible = Visibility()
  /// The policies in the order in which they were given, each followed by its yardstick.
  package var policies: [PolicyOutcome] = []
  /// What the archives say of their own sampling.
  package var arrived = ArrivedSampling()
  /// A policy for the budget that was given; nil without one.
  package var recommendation: PolicyRecommendation?
  /// What the numbers suggest, worst first.
  package var advice: [Finding] = []
  /// Traces that show what the policies do: failed, slow, ordinary and rare ones.
  package var examples: [ExplainedTrace] = []

  /// Makes one of nothing.
  package init() {}
}
