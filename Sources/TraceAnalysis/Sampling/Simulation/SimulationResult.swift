package import TraceModel

/// Traces, spans and bytes.
package struct KeptAmount: Sendable, Equatable {
  /// The number of traces.
  package var traces = 0
  /// The number of their spans.
  package var spans = 0
  /// Uncompressed bytes of their records.
  package var bytes: Int64 = 0
  /// What they stand for, where archives were sampled themselves and say how.
  private var scaled: InAll?

  /// Figures of all traffic.
  package struct InAll: Sendable, Equatable {
    /// The number of traces.
    package var traces = 0.0
    /// The number of their spans.
    package var spans = 0.0
    /// Uncompressed bytes of their records.
    package var bytes = 0.0
  }

  /// Makes one of nothing.
  package init() {}

  /// What they stand for; the same as what is here where nothing is known of sampling.
  package var inAll: InAll {
    scaled ?? InAll(traces: Double(traces), spans: Double(spans), bytes: Double(bytes))
  }

  /// - `standing`: how many traces it stands for.
  mutating func add(_ trace: SimulatedTrace, standing: Double) {
    if standing != 1 || scaled != nil {
      var sum = inAll
      sum.traces += standing
      sum.spans += standing * Double(trace.spanCount)
      sum.bytes += standing * Double(trace.bytes)
      scaled = sum
    }
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
  /// The requests that it is about, estimated from all that is kept of them.
  package var population = PopulationEstimate()
  /// How they are kept.
  package var chances = ChanceCount()

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
  /// How traces are kept: for certain, by chance, or never.
  package var chances = ChanceCount()
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

  /// Kept traces whose probability depends on what else arrived: they stand for no known number.
  package var unweighted: Int { chances.unweighted }
  /// Traces that the policy can never keep, whatever their id.
  package var neverKept: Int { chances.never }
  /// Traces that are kept or lost by chance.
  package var leftToChance: Int { chances.leftToChance }
  /// Those of them that are kept.
  package var keptByChance: Int { chances.keptByChance }

  /// Whether figures can be estimated from what is kept.
  package var isRepresentative: Bool { chances.isRepresentative }
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
  /// The decision of each policy.
  package var decisions: [Decision]

  /// What one policy decided.
  package struct Decision: Sendable {
    /// The decision.
    package var decision: SamplingDecision
    /// The rule it came from; empty when there is none.
    package var rule: String
    /// Why, in a few words.
    package var reason: String
  }
}

/// What policies would do with archives.
package struct SimulationResult: Sendable {
  /// From the first start to the last end, in seconds; never 0.
  package var seconds = 1.0
  /// All there is.
  package var total = KeptAmount()
  /// The archives were sampled themselves: amounts and estimates are of all that they stand for.
  package var isWeighted = false
  /// All there is to be found.
  package var visible = Visibility()
  /// The policies in the order in which they were given, each followed by its yardstick.
  package var policies: [PolicyOutcome] = []
  /// What the archives say of their own sampling.
  package var arrived = ArrivedSampling()
  /// A policy for the budget that was given; nil without one.
  package var recommendation: PolicyRecommendation?
  /// What was joined, since figures of all would not fit into memory: nothing, usually.
  package var joined: [JoinedThings] = []
  /// What the numbers suggest, worst first.
  package var advice: [Finding] = []
  /// Traces that show what the policies do: failed, slow, ordinary and rare ones.
  package var examples: [ExplainedTrace] = []

  /// Makes one of nothing.
  package init() {}
}
