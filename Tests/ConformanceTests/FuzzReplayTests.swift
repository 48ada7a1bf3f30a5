import TestSupport
import Testing

/// The seeds of the fuzzer and what it found once, tried again and changed: a fuzzing run of seconds in every test run.
@Suite struct FuzzReplayTests {
  @Test("what is kept of fuzzing stops nothing", arguments: FuzzTarget.allCases)
  func kept(_ target: FuzzTarget) throws {
    let inputs = try FuzzSeeds.all(of: target)
    #expect(!inputs.isEmpty)
    for (name, bytes) in inputs {
      let problem = target.problem(bytes)
      #expect(problem == nil, "\(name)")
    }
  }

  @Test("neither do seeds that are changed at random", arguments: FuzzTarget.allCases)
  func changed(_ target: FuzzTarget) throws {
    var mutator = FuzzMutator(seeds: try FuzzSeeds.all(of: target).map(\.bytes), seed: 17)
    for round in 0..<target.rounds {
      let problem = target.problem(mutator.next())
      #expect(problem == nil, "\(target.rawValue), round \(round)")
    }
  }
}

extension FuzzTarget {
  /// Enough to meet what is easily met, and few enough that all targets take seconds.
  fileprivate var rounds: Int {
    switch self {
    case .context: 2_000
    case .query: 300
    case .policy, .logs, .metrics: 100
    default: 40
    }
  }
}
