/// The probability with which a Collector policy keeps a trace, if only the hashes of trace ids are left to chance.
///
/// A policy cuts the hashes of each salt at the bounds of its `probabilistic` rules. Between two bounds every hash gives
/// the same decision, so the probability is the sum of the stretches in which the trace is kept, over all salts. Traces
/// that answer everything else alike share it. Where budgets decide there is no such probability: the answer is `.nan`.
struct KeepingChances {
  /// The stretches between the bounds of one salt: which rules say yes there, and how likely a hash falls there.
  private struct Stretches {
    var numbers: [(number: Int, bound: UInt64)]
    var ends: [UInt64]
  }

  private static let mostCombinations = 4_096

  private var program: PolicyProgram
  private let salts: [Stretches]
  private let masks: [UInt64]
  private var known: [[UInt64]: Double] = [:]
  private let isTooLarge: Bool

  init(_ collector: CollectorPolicy, _ list: QuestionList) {
    program = PolicyProgram(collector) { list.number(of: $0) }
    let own = SamplingPolicy(name: "", kind: .collector(collector)).questions
    var masks = [UInt64](repeating: 0, count: list.words)
    var salts: [String: Stretches] = [:]
    for question in own {
      let number = list.number(of: question)
      if case .hash(let salt, let bound) = question {
        var stretches = salts[salt] ?? Stretches(numbers: [], ends: [])
        if !stretches.numbers.contains(where: { $0.number == number }) {
          stretches.numbers.append((number, bound))
        }
        salts[salt] = stretches
      } else {
        masks[number >> 6] |= 1 << UInt64(number & 63)
      }
    }
    self.salts = salts.keys.sorted().compactMap { salts[$0] }.map { stretches in
      var stretches = stretches
      stretches.ends = Set(stretches.numbers.map(\.bound) + [.max]).sorted()
      return stretches
    }
    self.masks = masks
    var combinations = 1
    for salt in self.salts where combinations <= Self.mostCombinations { combinations *= salt.ends.count }
    isTooLarge = combinations > Self.mostCombinations
  }

  /// The probability for a trace that answered so.
  mutating func probability(_ answers: GivenAnswers, count: Int) -> Double {
    if isTooLarge { return .nan }
    var key = Array(answers.words[answers.start..<answers.start + count])
    for place in key.indices { key[place] &= masks[place] }
    if let probability = known[key] { return probability }
    let probability = compute(key)
    if known.count >= PatternMemory.most / count { known.removeAll() }
    known[key] = probability
    return probability
  }

  private mutating func compute(_ key: [UInt64]) -> Double {
    var (least, most) = (0.0, 0.0)
    var choice = [Int](repeating: 0, count: salts.count)
    while true {
      var words = key
      var share = 1.0
      for (salt, place) in zip(salts, choice) {
        let end = salt.ends[place]
        // Hashes from behind the end of the stretch before it up to its own end; the first begins at 0.
        let width = place == 0 ? Double(end) + 1 : Double(end - salt.ends[place - 1])
        share *= width / 0x1p64
        for (number, bound) in salt.numbers where bound >= end {
          words[number >> 6] |= 1 << UInt64(number & 63)
        }
      }
      let cost = PolicyProgram.Cost(spans: 0, bytes: 0, time: 0)
      let withoutBudgets = program.decide(AssumedAnswers(words: words, assumption: .exhausted), cost)
      let withBudgets = program.decide(AssumedAnswers(words: words, assumption: .plenty), cost)
      if withoutBudgets.decision == .sampled { least += share }
      if withBudgets.decision == .sampled { most += share }
      guard Self.advance(&choice, salts.map(\.ends.count)) else { break }
    }
    return (most - least).magnitude < 1e-12 ? min(1, most) : .nan
  }

  /// The next combination of stretches; false when all were there.
  private static func advance(_ choice: inout [Int], _ counts: [Int]) -> Bool {
    for place in choice.indices {
      choice[place] += 1
      if choice[place] < counts[place] { return true }
      choice[place] = 0
    }
    return false
  }
}

/// Answers that are assumed, to work out a probability.
struct AssumedAnswers: QuestionAnswers {
  let words: [UInt64]
  let assumption: BudgetAssumption

  func isYes(_ number: Int) -> Bool { words[number >> 6] >> UInt64(number & 63) & 1 == 1 }
}
