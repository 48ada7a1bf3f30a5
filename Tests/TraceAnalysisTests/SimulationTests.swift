import TestSupport
import Testing
import TraceModel

@testable import TraceAnalysis

/// Traces of one root each, made by number: every tenth fails, every fiftieth is slow, one entry point is rare.
private enum Night {
  static func drafts(
    _ count: Int, seed: UInt64 = 9, every spacing: Int64 = 10_000_000, attributes: [(String, String)] = []
  ) -> [SpanDraft] {
    var random = SeededGenerator(seed: seed)
    return (0..<count).map { number in
      let start = 1_700_000_000_000_000_000 + Int64(number) * spacing
      let length = number % 50 == 7 ? 900_000_000 : 20_000_000 + Int64(random.next() % 30_000_000)
      return SpanDraft(UInt64(number + 1), start, start + length).with {
        $0.trace = TraceID(high: random.next(), low: random.next())
        $0.service = "gateway"
        $0.name = number % 400 == 11 ? "GET /it's \"rare\"" : "GET /orders"
        $0.status = number % 10 == 3 ? .error : .unset
        $0.attributes = attributes
      }
    }
  }

  static func input(
    _ drafts: [SpanDraft], _ policies: [SamplingPolicy], ratio: Double? = nil, threads: Int = 2
  ) -> SimulationInput {
    let walk = TraceWalk(.of(drafts, readers: 2), options: AssemblyOptions(), threads: threads)
    return SimulationInput(walk, policies: policies, sampling: SamplingDeclaration(ratio: ratio))
  }

  static func collector(_ policies: String) throws -> SamplingPolicy {
    let text = "tail_sampling: {policies: [\(policies)]}"
    return SamplingPolicy(name: "p", kind: .collector(try CollectorPolicyReader.read(Array(text.utf8))))
  }
}

@Suite("Simulations of policies")
struct SimulationTests {
  private let tail = """
    {name: errors, type: status_code, status_code: {status_codes: [ERROR]}},
    {name: slow, type: latency, latency: {threshold_ms: 500}},
    {name: base, type: probabilistic, probabilistic: {sampling_percentage: 10}}
    """

  @Test("a tail policy keeps every failing and slow trace, and estimates hold the truth")
  func tailPolicy() throws {
    let result = Simulator(Night.input(Night.drafts(4_000), [try Night.collector(tail)])).run(threads: 2)
    let outcome = try #require(result.policies.first)
    #expect(result.total.traces == 4_000 && result.visible.errorTraces == 400)
    #expect(outcome.visible.errorTraces == 400)
    #expect(outcome.visible.slowTraces >= 80)
    #expect(outcome.rules.map(\.name) == ["errors", "slow", "base"])
    #expect(outcome.rules[0].traces == 400 && outcome.rules[1].traces == 80)
    #expect(outcome.isRepresentative)
    for path in [\PopulationEstimate.requests, \.errorRate, \.p50] {
      #expect(outcome.overall[keyPath: path].holdsTruth)
    }
    // Beside it, as many spans by head sampling, which loses errors.
    #expect(result.policies[1].isYardstick && result.policies[1].visible.errorTraces < 300)
  }

  @Test("the same from one thread and from eight, whatever the order of spans")
  func deterministic() throws {
    let policies = [try Night.collector(tail), try #require(SamplingPolicy.sampler("adaptive:2"))]
    let drafts = Night.drafts(1_000)
    var lines: [[UInt8]] = []
    for (threads, order) in [(1, drafts), (8, Array(drafts.reversed()))] {
      var bytes: [UInt8] = []
      DecisionLines(Night.input(order, policies, threads: threads)).write { bytes += $0 }
      lines.append(bytes)
    }
    #expect(lines[0] == lines[1])
    #expect(lines[0].count { $0 == 0x0a } == 2_000)
  }

  @Test("a head sampler before the tail loses what the tail would keep, and its weights multiply")
  func headThenTail() throws {
    let text = """
      probabilistic_sampler: {sampling_percentage: 25, hash_seed: 3}
      tail_sampling: {policies: [\(tail.split(separator: "\n").joined())]}
      """
    let policy = SamplingPolicy(
      name: "hybrid", kind: .collector(try CollectorPolicyReader.read(Array(text.utf8))))
    let input = Night.input(Night.drafts(4_000), [policy])
    let replay = PolicyReplay(policy, over: input)
    for (trace, entry) in zip(input.traces, replay.entries) where trace.traits.contains(.rootFailed) {
      #expect((entry.probability - 0.25).magnitude < 1e-3)
    }
    let result = Simulator(input).run(threads: 2)
    #expect((60...140).contains(result.policies[0].visible.errorTraces))
    #expect(result.advice.contains { $0.kind == "sampling-head-before-tail" && $0.severity == .high })
    #expect(result.policies[0].overall.requests.holdsTruth)
  }

  @Test("adaptive sampling comes near its target, whatever the traffic")
  func adaptive() throws {
    // 20 traces a second for 20 minutes; the probability starts at 0.001 and at most doubles a minute.
    let policy = try #require(SamplingPolicy.sampler("adaptive:1"))
    let input = Night.input(Night.drafts(24_000, every: 50_000_000), [policy])
    let replay = PolicyReplay(policy, over: input)
    let late = input.traces.indices.filter {
      input.traces[$0].start > 1_700_000_000_000_000_000 + 900_000_000_000
    }
    let kept = late.count { replay.entries[$0].decision == .sampled && !replay.entries[$0].probability.isNaN }
    let perSecond = Double(kept) / 300
    #expect((0.5...2).contains(perSecond), "\(perSecond)")
  }

  @Test("a rate limit of traces is not exceeded")
  func rateLimit() throws {
    let policy = try #require(SamplingPolicy.sampler("ratelimiting:5"))
    let input = Night.input(Night.drafts(2_000), [policy])
    let kept = PolicyReplay(policy, over: input).entries.count { $0.decision == .sampled }
    // 20 seconds of 100 traces each; five at once at the start.
    #expect((100...106).contains(kept))
  }

  @Test("a policy without an unconditional part is said to tell no rates")
  func noBase() throws {
    let errors = "{name: errors, type: status_code, status_code: {status_codes: [ERROR]}}"
    let result = Simulator(Night.input(Night.drafts(1_000), [try Night.collector(errors)])).run(threads: 1)
    #expect(!result.policies[0].isRepresentative && result.policies[0].neverKept == 900)
    #expect(result.advice.contains { $0.kind == "sampling-no-base" })
  }
}

@Suite("Recommended policies")
struct RecommendationTests {
  private func recommend(_ budget: SamplingBudget, _ drafts: [SpanDraft]) throws -> PolicyRecommendation {
    let survey = Night.input(drafts, [])
    let asked = Night.input(drafts, PolicyRecommender.candidates(survey))
    let recommender = PolicyRecommender(
      asked, budget: budget, packedRatio: nil, seconds: Simulator(survey).seconds)
    return try #require(recommender.recommend())
  }

  @Test(
    "fit the budget, keep every failing trace, and can be read by the Collector's rules",
    arguments: [15.0, 25, 60])
  func fit(_ perSecond: Double) throws {
    let drafts = Night.drafts(8_000)
    let recommendation = try recommend(.tracesPerSecond(perSecond), drafts)
    let read = try CollectorPolicyReader.read(Array(recommendation.yaml.utf8))
    #expect(recommendation.policy.kind == .collector(read))
    let result = Simulator(Night.input(drafts, [recommendation.policy])).run(threads: 2)
    let outcome = result.policies[0]
    #expect(Double(outcome.kept.traces) / result.seconds <= perSecond * 1.1)
    #expect(outcome.visible.errorTraces == result.visible.errorTraces)
    #expect(outcome.isRepresentative)
    #expect(recommendation.trials.filter(\.isChosen).count == 1)
  }

  @Test("take a share of the errors when even they are too many")
  func tight() throws {
    let recommendation = try recommend(.tracesPerSecond(3), Night.drafts(8_000))
    let chosen = try #require(recommendation.trials.first { $0.isChosen })
    #expect(chosen.meaning.hasSuffix("% of errors"))
    _ = try CollectorPolicyReader.read(Array(recommendation.yaml.utf8))
  }

  @Test(
    "budgets are read with and without a currency",
    arguments: [
      ("50/s", SamplingBudget.tracesPerSecond(50)), ("200/month", .perMonth(200)),
      ("200USD/month", .perMonth(200)),
      ("$1,000/month", .perMonth(1_000)), ("0.5/s", .tracesPerSecond(0.5)),
    ])
  func budgets(_ text: String, _ wanted: SamplingBudget) { #expect(SamplingBudget(text) == wanted) }

  @Test(
    "what is no budget is none",
    arguments: ["", "50", "0/s", "-1/s", "x/s", "50/min", "1e400/s", "nan/month"])
  func noBudgets(_ text: String) { #expect(SamplingBudget(text) == nil) }
}

@Suite("Archives that were sampled before")
struct ArrivedSamplingTests {
  private func arrived(_ drafts: [SpanDraft], ratio: Double? = nil) -> ArrivedSampling {
    Simulator(Night.input(drafts, [], ratio: ratio)).run(threads: 1).arrived
  }

  @Test("nothing said is unknown, never one")
  func unknown() {
    let arrived = arrived(Night.drafts(300))
    #expect(arrived.unknown == 300 && !arrived.isWeighted && arrived.overall == nil)
    #expect(arrived.notes.map(\.code) == ["sampling-unknown"])
  }

  @Test(
    "each scheme gives its weight",
    arguments: [
      ([("sampler.type", "probabilistic"), ("sampler.param", "0.25")], WeightScheme.jaeger, 4.0),
      ([("sampler.type", "const"), ("sampler.param", "1")], .jaeger, 1),
      ([("_dd.rule_psr", "0.5")], .datadog, 2),
      ([("sampling.adjusted_count", "20")], .adjustedCount, 20),
    ] as [([(String, String)], WeightScheme, Double)])
  func schemes(_ attributes: [(String, String)], _ scheme: WeightScheme, _ weight: Double) throws {
    let arrived = arrived(Night.drafts(300, attributes: attributes))
    #expect(arrived.schemes.map(\.scheme) == [scheme])
    #expect(try #require(arrived.overall).requests.value == 300 * weight)
    #expect(arrived.isWeighted)
  }

  @Test("rate limits and lower bounds stand for no known number")
  func rateLimits() {
    for type in ["ratelimiting", "lowerbound"] {
      let arrived = arrived(Night.drafts(50, attributes: [("sampler.type", type), ("sampler.param", "2")]))
      #expect(arrived.unknown == 50)
    }
  }

  @Test("a given ratio is used where spans are silent, and contradicted by ids that no rule would keep")
  func ratio() throws {
    let all = arrived(Night.drafts(1_000), ratio: 0.1)
    #expect(try #require(all.overall).requests.value == 10_000)
    #expect(all.notes.map(\.code) == ["sampling-ratio-contradicted"])
    let sampler = try #require(HeadSampler(.python, ratio: 0.1))
    let kept = Night.drafts(10_000).filter { sampler.keeps($0.trace) }
    let fitting = arrived(kept, ratio: 0.1)
    #expect(fitting.notes.isEmpty)
    #expect(fitting.audit.first { $0.rule == "python" }?.share == 1)
    #expect(try #require(fitting.overall).requests.low <= 10_000)
    #expect(try #require(fitting.overall).requests.high >= 10_000)
  }

  @Test("thinned archives know what they stand for, and are thinned again by the product")
  func thinning() throws {
    let policy = try #require(SamplingPolicy.sampler("go:0.25"))
    let once = PolicyThinning(Night.input(Night.drafts(2_000), [policy]), policy: 0)
    #expect(once.kept.allSatisfy { $0.adjustedCount == 4 })
    let marked = Night.drafts(2_000, attributes: [("sampling.adjusted_count", "4")])
    let twice = PolicyThinning(Night.input(marked, [policy]), policy: 0)
    #expect(twice.kept.allSatisfy { $0.adjustedCount == 16 })
    let limited = try #require(SamplingPolicy.sampler("ratelimiting:5"))
    let spent = PolicyThinning(Night.input(Night.drafts(500), [limited]), policy: 0)
    #expect(!spent.kept.isEmpty && spent.kept.allSatisfy { $0.adjustedCount == nil })
  }
}
