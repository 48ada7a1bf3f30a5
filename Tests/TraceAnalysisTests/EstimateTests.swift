import TestSupport
import Testing
import TraceModel

@testable import TraceAnalysis

/// What is told of everything from what was kept, over many seeds: the truth must lie in the intervals as often as they
/// say.
@Suite("Estimates from kept traces")
struct EstimateTests {
  /// Requests of one trace: duration in microseconds and failure.
  private struct Drawn {
    var duration: Int64
    var isError: Bool
    var trace: Int
  }

  /// A long-tailed latency, 3 % failures, and slow ones that fail more often; up to three requests a trace.
  private static func population(_ traces: Int, requestsPerTrace: Int, seed: UInt64) -> [Drawn] {
    var random = SeededGenerator(seed: seed)
    var drawn: [Drawn] = []
    for trace in 0..<traces {
      let base = 1_000 + Int64(random.next() % 9_000)
      let isSlow = random.next() % 50 == 0
      for _ in 0..<1 + Int(random.next() % UInt64(requestsPerTrace)) {
        let duration = base * (isSlow ? 20 : 1) + Int64(random.next() % 500)
        drawn.append(Drawn(duration: duration, isError: random.next() % (isSlow ? 5 : 40) == 0, trace: trace))
      }
    }
    return drawn
  }

  /// How often the truth lies in the interval of each figure, over seeds.
  private static func coverage(
    _ drawn: [Drawn], traces: Int, seeds: Int, probability: (Int) -> Double
  ) -> [String: Double] {
    let items = drawn.map {
      Population.Item(
        group: 0, traceAndError: UInt32($0.trace) | ($0.isError ? 1 << 31 : 0), duration: $0.duration)
    }
    let population = Population(items, groups: 1)
    let figures: [(String, KeyPath<PopulationEstimate, Estimate>)] = [
      ("requests", \.requests), ("errorRate", \.errorRate), ("p50", \.p50), ("p95", \.p95), ("p99", \.p99),
    ]
    var hits: [String: Int] = [:]
    for seed in 0..<seeds {
      var random = SeededGenerator(seed: UInt64(seed) &* 0x9e37 &+ 17)
      let weights = (0..<traces).map { trace -> Double in
        let chance = probability(trace)
        return Double(random.next() >> 11) * 0x1p-53 < chance ? 1 / chance : 0
      }
      var estimator = Estimator(weights: StoredRows(weights))
      let estimate = estimator.estimate(population, 0)
      for (name, path) in figures where estimate[keyPath: path].holdsTruth { hits[name, default: 0] += 1 }
    }
    return hits.mapValues { Double($0) / Double(seeds) }
  }

  @Test("lie in their 95 % intervals in about 95 of 100 draws, at any rate", arguments: [0.02, 0.1, 0.5])
  func headSampling(_ ratio: Double) {
    let drawn = Self.population(4_000, requestsPerTrace: 1, seed: 3)
    let coverage = Self.coverage(drawn, traces: 4_000, seeds: 300) { _ in ratio }
    for (name, share) in coverage { #expect(share >= 0.92, "\(name) at \(ratio): \(share)") }
    #expect(coverage.count == 5)
    // Intervals that hold everything would tell nothing.
    #expect((coverage["requests"] ?? 0) <= 0.985)
    #expect((coverage["p50"] ?? 0) <= 0.995)
  }

  @Test("hold when requests come in traces, which are kept or lost together")
  func clusters() {
    let drawn = Self.population(3_000, requestsPerTrace: 6, seed: 4)
    let coverage = Self.coverage(drawn, traces: 3_000, seeds: 300) { _ in 0.1 }
    for (name, share) in coverage { #expect(share >= 0.92, "\(name): \(share)") }
  }

  @Test("hold when failing and slow traces are always kept and the rest by chance")
  func strata() {
    let drawn = Self.population(4_000, requestsPerTrace: 1, seed: 5)
    let kept = Set(drawn.filter { $0.isError || $0.duration > 20_000 }.map(\.trace))
    let coverage = Self.coverage(drawn, traces: 4_000, seeds: 300) { kept.contains($0) ? 1 : 0.05 }
    for (name, share) in coverage { #expect(share >= 0.92, "\(name): \(share)") }
  }

  @Test("are exact when everything is kept")
  func everything() {
    let drawn = Self.population(500, requestsPerTrace: 3, seed: 6)
    let items = drawn.map {
      Population.Item(
        group: 0, traceAndError: UInt32($0.trace) | ($0.isError ? 1 << 31 : 0), duration: $0.duration)
    }
    var estimator = Estimator(weights: StoredRows(repeatElement(1, count: 500)))
    let estimate = estimator.estimate(Population(items, groups: 1), 0)
    for path in [\PopulationEstimate.requests, \.errorRate, \.p50, \.p95, \.p99] {
      #expect(
        estimate[keyPath: path].isExact && estimate[keyPath: path].value == estimate[keyPath: path].truth)
    }
  }

  @Test("a thousand traces of weight 4 are 4,000 ± 215")
  func total() {
    let interval = Interval.total(4_000, variance: 1_000 * 4 * 3, kept: 1_000)
    #expect((interval.low - 3_785.3).magnitude < 0.1 && (interval.high - 4_214.7).magnitude < 0.1)
  }

  @Test("when no failure was kept, failures may still be there")
  func noEvent() {
    let items = (0..<1_000).map { Population.Item(group: 0, traceAndError: UInt32($0), duration: 1_000) }
    var estimator = Estimator(weights: StoredRows((0..<1_000).map { $0 < 100 ? 10 : 0 }))
    let estimate = estimator.estimate(Population(items, groups: 1), 0)
    #expect(estimate.errorRate.low == 0 && estimate.errorRate.high > 0.02 && estimate.errorRate.high < 0.05)
  }
}

@Suite("Chances of being kept")
struct KeepingChanceTests {
  /// The probability for a trace that answers every question but those of chance with yes or no.
  private func chance(_ yaml: String, answers: [Bool]) throws -> Double {
    let policy = try CollectorPolicyReader.read(Array(("tail_sampling: {policies: [" + yaml + "]}").utf8))
    let list = QuestionList(
      [SamplingPolicy(name: "p", kind: .collector(policy))], store: SpanStore.of([SpanDraft(1, 0, 1)]))
    var word: UInt64 = 0
    for (place, answer) in answers.enumerated() where answer { word |= 1 << UInt64(place) }
    var chances = KeepingChances(policy, list)
    return chances.probability(GivenAnswers(words: StoredRows([word]), start: 0), count: 1)
  }

  private let errors = "{name: e, type: status_code, status_code: {status_codes: [ERROR]}}"
  private let tenth = "{name: t, type: probabilistic, probabilistic: {sampling_percentage: 10}}"

  @Test("errors always, the rest one in ten")
  func union() throws {
    #expect(try chance(errors + "," + tenth, answers: [true, false]) == 1)
    #expect((try chance(errors + "," + tenth, answers: [false, true]) - 0.1).magnitude < 1e-9)
    #expect(try chance(errors, answers: [false]) == 0)
  }

  @Test("two percentages of one salt are the larger; of two salts they are independent")
  func salts() throws {
    let half = "{name: h, type: probabilistic, probabilistic: {sampling_percentage: 50}}"
    #expect((try chance(tenth + "," + half, answers: [false, false]) - 0.5).magnitude < 1e-9)
    let salted = "{name: h, type: probabilistic, probabilistic: {sampling_percentage: 50, hash_salt: other}}"
    #expect((try chance(tenth + "," + salted, answers: [false, false]) - 0.55).magnitude < 1e-9)
  }

  @Test("within and, and under not")
  func nested() throws {
    let and = "{name: a, type: and, and: {and_sub_policy: [\(errors), \(tenth)]}}"
    #expect((try chance(and, answers: [true, false]) - 0.1).magnitude < 1e-9)
    #expect(try chance(and, answers: [false, false]) == 0)
    let not = "{name: n, type: not, not: {not_sub_policy: \(tenth)}}"
    #expect((try chance(not, answers: [false]) - 0.9).magnitude < 1e-9)
  }

  @Test("where a budget decides there is none")
  func budgets() throws {
    let budget = "{name: b, type: rate_limiting, rate_limiting: {spans_per_second: 10}}"
    #expect(try chance(budget, answers: []).isNaN)
    #expect(try chance(errors + "," + budget, answers: [true]) == 1)
  }
}
