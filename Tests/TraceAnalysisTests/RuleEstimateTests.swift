import TestSupport
import Testing
import TraceModel

@testable import TraceAnalysis

/// What policies keep is told by rule and by service, explained, and scaled where the archives were sampled before.
@Suite("Simulations told by rule")
struct RuleEstimateTests {
  /// Two entry points, one quick and one long; failures and outliers in both; each calls a store.
  private static func drafts(_ count: Int, seed: UInt64, state: String = "") -> [SpanDraft] {
    var random = SeededGenerator(seed: seed)
    return (0..<count).flatMap { number -> [SpanDraft] in
      let start = 1_700_000_000_000_000_000 + Int64(number) * 10_000_000
      let isLong = number % 3 == 0
      let base = (isLong ? 800_000_000 : 20_000_000) + Int64(random.next() % 10_000_000)
      let length = number % 60 < 2 ? base + (isLong ? 400_000_000 : 100_000_000) : base
      let trace = TraceID(high: random.next(), low: random.next())
      let root = SpanDraft(1, start, start + length).with {
        $0.trace = trace
        $0.service = "gateway"
        $0.resource = [("service.name", "gateway")]
        $0.name = isLong ? "GET /report" : "GET /it's \"quick\""
        $0.kind = .server
        $0.status = random.next() % 25 == 0 ? .error : .unset
        $0.traceState = state
      }
      let call = SpanDraft(2, parent: 1, start + 1_000, start + length / 2).with {
        $0.trace = trace
        $0.service = "store"
        $0.name = "read"
        $0.kind = .server
        $0.traceState = state
      }
      return [root, call]
    }
  }

  private static func simulate(_ drafts: [SpanDraft], _ policies: [SamplingPolicy]) -> SimulationResult {
    let walk = TraceWalk(.of(drafts, readers: 2), options: AssemblyOptions(), threads: 2)
    return Simulator(SimulationInput(walk, policies: policies)).run(threads: 2)
  }

  private static func collector(_ policies: String) throws -> SamplingPolicy {
    let text = "tail_sampling: {policies: [\(policies)]}"
    return SamplingPolicy(name: "p", kind: .collector(try CollectorPolicyReader.read(Array(text.utf8))))
  }

  private static let errors = "{name: errors, type: status_code, status_code: {status_codes: [ERROR]}}"
  private static let base =
    "{name: base, type: probabilistic, probabilistic: {sampling_percentage: 20}}"

  @Test("a rule is about what it would keep if chance allowed, whichever rule kept it")
  func about() throws {
    let half =
      "{name: half, type: and, and: {and_sub_policy: [\(Self.errors), "
      + "{name: c, type: probabilistic, probabilistic: {sampling_percentage: 50, hash_salt: x}}]}}"
    let slow = "{name: slow, type: latency, latency: {threshold_ms: 500}}"
    let drafts = Self.drafts(3_000, seed: 1)
    let result = Self.simulate(drafts, [try Self.collector([half, slow, Self.base].joined(separator: ","))])
    let rules = try #require(result.policies.first).rules
    let failing = drafts.count { $0.status == .error }
    #expect(rules[0].population.requests.truth == Double(failing))
    #expect(rules[0].population.errorRate.truth == 1)
    #expect(rules[1].population.requests.truth == 1_000 && rules[1].population.requests.isExact)
    #expect(rules[2].population.requests.truth == 3_000)
    // Of failing requests some are kept by other rules: all of them count.
    #expect(rules[0].population.keptTraces >= rules[0].traces && rules[0].population.keptTraces > failing / 2)
    #expect(rules.allSatisfy { $0.chances.isRepresentative })
  }

  @Test("the truth lies in the intervals by rule and by service in about 95 of 100 draws")
  func coverage() throws {
    let policy = try Self.collector(Self.errors + "," + Self.base)
    var hits: [String: Int] = [:]
    let draws = 60
    for draw in 0..<draws {
      let result = Self.simulate(Self.drafts(900, seed: UInt64(draw) + 100), [policy])
      let outcome = result.policies[0]
      for (name, population) in [
        ("errors", outcome.rules[0].population), ("base", outcome.rules[1].population),
        ("store", try #require(outcome.services.first { $0.service == "store" })),
      ] {
        for (figure, path) in [
          ("requests", \PopulationEstimate.requests), ("errors", \.errors), ("error rate", \.errorRate),
          ("p50", \.p50),
        ] where population[keyPath: path].holdsTruth { hits["\(name) \(figure)", default: 0] += 1 }
      }
    }
    #expect(hits.count == 12)
    for (name, count) in hits {
      #expect(Double(count) >= 0.87 * Double(draws), "\(name): \(count) of \(draws)")
    }
    #expect(hits["errors requests"] == draws)
  }

  @Test("each decision is explained: by its rule, by the id, or that no rule asks for such a trace")
  func reasons() throws {
    let policies = [
      try Self.collector(Self.errors + "," + Self.base), try Self.collector(Self.errors),
      try #require(SamplingPolicy.sampler("go:0.1")),
    ]
    let result = Self.simulate(Self.drafts(900, seed: 7), policies)
    #expect(result.examples.count > 20)
    for example in result.examples {
      #expect(example.decisions.count == 3 && example.decisions.allSatisfy { !$0.reason.isEmpty })
      if example.hasError {
        #expect(example.decisions[1].reason == result.policies.first { $0.name == "p" }?.rules[0].meaning)
      } else {
        #expect(example.decisions[1].reason == "no rule asks for such a trace")
      }
    }
    #expect(result.examples.contains { $0.decisions[0].reason.hasPrefix("only base would keep it") })
    #expect(result.examples.contains { $0.decisions[2].reason.hasPrefix("its id is not among the 10") })
  }

  @Test("archives that were sampled before: amounts, money and estimates are of all that they stand for")
  func sampledBefore() throws {
    let policy = try Self.collector(Self.errors + "," + Self.base)
    let plain = Self.simulate(Self.drafts(900, seed: 3), [policy])
    let scaled = Self.simulate(Self.drafts(900, seed: 3, state: "ot=th:c"), [policy])
    #expect(!plain.isWeighted && plain.total.inAll.traces == 900)
    #expect(scaled.isWeighted && scaled.total.traces == 900 && scaled.total.inAll.traces == 3_600)
    let (before, after) = (plain.policies[0], scaled.policies[0])
    #expect(after.kept.inAll.spans == 4 * before.kept.inAll.spans)
    #expect(after.overall.requests.truth == 3_600)
    #expect((after.overall.requests.value - 4 * before.overall.requests.value).magnitude < 1e-6)
    #expect(after.overall.p95.truth == before.overall.p95.truth)
    let rate = PolicyCost(before.kept, seconds: 10, packedRatio: nil).spansPerSecond
    #expect(PolicyCost(after.kept, seconds: 10, packedRatio: nil).spansPerSecond == 4 * rate)
  }

  @Test("where entry points differ in length, the recommended policy has a threshold for each")
  func thresholds() throws {
    let drafts = Self.drafts(6_000, seed: 9)
    let walk = TraceWalk(.of(drafts, readers: 2), options: AssemblyOptions(), threads: 2)
    let survey = SimulationInput(walk, policies: [])
    let asked = SimulationInput(walk, policies: PolicyRecommender.candidates(survey))
    let recommender = PolicyRecommender(
      asked, budget: .tracesPerSecond(15), packedRatio: nil, seconds: Simulator(survey).seconds)
    let recommendation = try #require(recommender.recommend())
    #expect(recommendation.yaml.contains("end_time_unix_nano - start_time_unix_nano >= "))
    #expect(recommendation.reasons.contains { $0.contains("one threshold for all") })
    let read = try CollectorPolicyReader.read(Array(recommendation.yaml.utf8))
    #expect(recommendation.policy.kind == .collector(read))
    let outcome = Simulator(SimulationInput(walk, policies: [recommendation.policy])).run(threads: 2)
      .policies[0]
    #expect(Double(outcome.kept.traces) / Simulator(survey).seconds <= 15 * 1.1)
    // Slow for their own entry point, quick ones included.
    let slow = Simulator(survey).run(threads: 1).visible.slowTraces
    #expect(Double(outcome.visible.slowTraces) >= 0.9 * Double(slow))
    // All about as long: one threshold is enough.
    let alike = drafts.filter { $0.name != "GET /report" }
    let same = TraceWalk(.of(alike), options: AssemblyOptions(), threads: 1)
    let plain = SimulationInput(same, policies: [])
    #expect(EntryPointThresholds(plain, RecommendedRules.Lengths(plain)).map(\.meaning) == nil)
  }
}
