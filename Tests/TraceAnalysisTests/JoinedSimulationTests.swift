import SpanArchive
import TestSupport
import Testing
import TraceModel

@testable import TraceAnalysis

/// Simulations of archives with so many names, or spans, that what is kept of all would not fit into memory.
@Suite("Simulations of more than fits")
struct JoinedSimulationTests {
  private static let limits = SimulationLimits(
    most: SimulationLimits.Counts(services: 40, operations: 50, links: 30),
    told: [SimulationLimits.Counts(services: 5, operations: 8, links: 4)])

  /// Traces of a call each: a shop calls one of three frequent services or, in every third trace, one of its own.
  private static func drafts(_ count: Int) -> [SpanDraft] {
    (0..<count).flatMap { number in
      let start = TraceBuilder.origin + Int64(number) * 1_000_000
      let isRare = number % 3 == 0
      var root = SpanDraft(1, start, start + 900_000 + Int64(number * 7_919 % 500_000))
      root.trace = TraceID(high: 9, low: UInt64(number + 1) &* 0x9e37_79b9_7f4a_7c15)
      root.service = isRare ? "front r\(number)" : "shop"
      root.name = isRare ? "GET /\(number)" : "GET /"
      root.status = number % 10 == 3 ? .error : .unset
      var call = SpanDraft(2, parent: 1, start + 100, start + 800)
      call.trace = root.trace
      call.service = isRare ? "rare r\(number)" : "stock \(number % 3)"
      call.name = isRare ? "work \(number)" : "look up"
      return [root, call]
    }
  }

  private static func policies() throws -> [SamplingPolicy] {
    let text = """
      tail_sampling: {policies: [{name: errors, type: status_code, status_code: {status_codes: [ERROR]}},
        {name: base, type: probabilistic, probabilistic: {sampling_percentage: 20}}]}
      """
    let tail = SamplingPolicy(
      name: "p", kind: .collector(try CollectorPolicyReader.read(Array(text.utf8))))
    return [
      tail, try #require(SamplingPolicy.sampler("ratelimiting:5")),
      try #require(SamplingPolicy.sampler("adaptive:5")),
    ]
  }

  private static func input(
    _ store: SpanStore, threads: Int = 2, _ limits: SimulationLimits
  ) throws -> SimulationInput {
    SimulationInput(
      TraceWalk(store, options: AssemblyOptions(), threads: threads), policies: try policies(),
      sampling: SamplingDeclaration(), limits: limits)
  }

  /// All that a simulation says: decisions and figures.
  private static func words(_ input: SimulationInput) -> String {
    var bytes: [UInt8] = []
    DecisionLines(input).write { bytes += $0 }
    return String(decoding: bytes, as: UTF8.self) + "\(Simulator(input).run(threads: 2))"
  }

  private static func sum(_ estimates: [PopulationEstimate]) -> Double {
    estimates.reduce(0) { $0 + $1.requests.truth }
  }

  @Test("the most frequent names keep their figures, the rest is one, and sums stay")
  func joins() throws {
    let store = SpanStore.of(Self.drafts(300), readers: 2)
    let input = try Self.input(store, Self.limits)
    #expect(input.operations.count <= 5 + 8 + 1 && input.links.count <= 4 + 1)
    #expect(input.joined.map(\.subject) == [.services, .operations, .links])
    let all = Simulator(try Self.input(store, SimulationLimits())).run(threads: 2)
    let result = Simulator(input).run(threads: 2)
    #expect(all.joined.isEmpty && result.joined.map(\.count) == [203, 203, 102])
    for (joined, whole) in zip(result.policies, all.policies) where whole.name != "adaptive:5" {
      #expect(joined.kept == whole.kept && joined.overall.p99 == whole.overall.p99)
      #expect(Self.sum(joined.services) == Self.sum(whole.services))
      #expect(Self.sum(joined.entryPoints) == Self.sum(whole.entryPoints))
      let shop = try #require(joined.services.first { $0.service == "shop" })
      #expect(shop.requests == whole.services.first { $0.service == "shop" }?.requests)
      #expect(joined.services.contains { $0.service == "(other services)" })
    }
  }

  @Test("what is joined depends on neither threads nor readers nor the order of spans")
  func isTheSameHowever() throws {
    var drafts = Self.drafts(300)
    let expected = Self.words(try Self.input(.of(drafts, readers: 1), threads: 1, Self.limits))
    #expect(Self.words(try Self.input(.of(drafts, readers: 3), threads: 4, Self.limits)) == expected)
    var generator = SeededGenerator(seed: 7)
    drafts.shuffle(using: &generator)
    #expect(Self.words(try Self.input(.of(drafts, readers: 2), Self.limits)) == expected)
  }

  @Test("what fits is left alone, and one more is not")
  func fits() throws {
    let store = SpanStore.of(Self.drafts(30))
    var limits = Self.limits
    limits.most = SimulationLimits.Counts(services: 23, operations: 23, links: 12)
    #expect(try Self.input(store, limits).joined.isEmpty)
    limits.most.links -= 1
    #expect(try !Self.input(store, limits).joined.isEmpty)
    limits.most.links += 1
    limits.most.services -= 1
    #expect(try !Self.input(store, limits).joined.isEmpty)
  }

  @Test("names that are few and long are joined until they and the rows of all policies have room")
  func counts() throws {
    let drafts = Self.drafts(30).map { draft in
      var draft = draft
      draft.name += String(repeating: "x", count: 2_000)
      return draft
    }
    var limits = SimulationLimits()
    #expect(try Self.input(.of(drafts), limits).joined.isEmpty)
    // 23 names, of each 1,024 bytes, and some figures of eleven entry points and 23 services for three policies and a yardstick.
    limits.bytes = 115_000
    limits.told = [
      SimulationLimits.Counts(services: 15, operations: 15, links: 15),
      SimulationLimits.Counts(services: 4, operations: 2, links: 2),
      SimulationLimits.Counts(services: 0, operations: 0, links: 0),
    ]
    let told = try Self.input(.of(drafts), limits)
    #expect(told.joined.map(\.count) == [23, 23, 12])
    #expect(told.operations.count <= 5 && told.operations.count > 1)
    #expect(Self.words(told) == Self.words(try Self.input(.of(drafts, readers: 3), threads: 1, limits)))
    // Nothing is estimated of each: names alone have room.
    let walk = TraceWalk(.of(drafts), options: AssemblyOptions(), threads: 1)
    #expect(
      SimulationInput(
        walk, policies: try Self.policies(), sampling: SamplingDeclaration(), areEstimated: false,
        limits: limits
      ).joined.isEmpty)
    limits.bytes = 10
    let one = try Self.input(.of(drafts), limits)
    #expect(one.operations == [OperationKey(service: "(other services)", operation: "(other names)")])
  }

  @Test("no rule is recommended for a name that stands for others")
  func recommends() throws {
    let limits = SimulationLimits(
      most: Self.limits.most, told: [SimulationLimits.Counts(services: 5, operations: 1, links: 4)])
    let input = try Self.input(.of(Self.drafts(900)), limits)
    #expect(input.operations.contains { $0.operation == "(other names)" })
    for rules in RecommendedRules.candidates(input) {
      #expect(!rules.yaml.contains { $0.contains("(other") || $0.contains("name: rare") })
    }
  }

  @Test("what is said does not depend on where the spans were", arguments: [SimulationLimits(), limits])
  func spills(_ limits: SimulationLimits) throws {
    let folder = try TemporaryFolder()
    let set = ArchiveSet(paths: ArchiveDiscovery.paths(of: [Repository.path("samples/shop")]))
    let spilled = set.read(threads: 2, spill: SpillSpace(folder: folder.path, budget: 16 << 10))
    #expect(spilled.isSpilled)
    #expect(
      Self.words(try Self.input(spilled, limits)) == Self.words(try Self.input(set.read(threads: 2), limits)))
  }
}
