import TestSupport
import Testing

/// The seeds of the fuzzer and what it found once, tried again: a fuzzing run of a moment in every test run.
@Suite struct FuzzReplayTests {
  private static let inputs: [(target: FuzzTarget, path: String)] =
    ["seeds", "findings"].flatMap { folder in
      FuzzTarget.allCases.flatMap { target in
        let path = Repository.path("Tests/Fuzz/\(folder)/\(target.rawValue)")
        return Files.names(in: path).map { (target, path + "/" + $0) }
      }
    }

  @Test("what is kept of fuzzing stops nothing")
  func kept() throws {
    #expect(Self.inputs.count >= 10)
    for (target, path) in Self.inputs {
      let problem = target.problem(try Files.read(path))
      #expect(problem == nil, "\(path)")
    }
  }

  @Test("neither do seeds that are changed at random", arguments: FuzzTarget.allCases)
  func changed(_ target: FuzzTarget) throws {
    var random = SeededGenerator(seed: 17)
    let seeds = try Self.inputs.filter { $0.target == target }.map { try Files.read($0.path) }
    for round in 0..<60 where !seeds.isEmpty {
      var bytes = seeds[round % seeds.count]
      for _ in 0..<Int.random(in: 1...6, using: &random) where !bytes.isEmpty {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch round % 3 {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.insert(contentsOf: bytes[place...].prefix(9), at: place)
        default: bytes.removeSubrange(place..<min(place + 3, bytes.count))
        }
      }
      let problem = target.problem(bytes)
      #expect(problem == nil, "\(target.rawValue), round \(round)")
    }
  }
}
