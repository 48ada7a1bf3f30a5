/// Which traces each rule of a Collector policy is about: those it would keep, or drop, if chance and budgets allowed.
///
/// `errors` is about failing traces, `probabilistic` about all of them, `and` of both about failing ones again. Of such
/// traces it can be told what the kept ones say, whichever rule kept them.
struct RuleSubjects {
  /// The most rules that are told apart.
  static let most = 64

  private var program: PolicyProgram
  /// The answers that matter: everything but hashes, and the hashes.
  private var masks: [UInt64]
  private var hashes: [UInt64]
  private var known: [[UInt64]: UInt64] = [:]

  init(_ collector: CollectorPolicy, _ list: QuestionList) {
    program = PolicyProgram(collector) { list.number(of: $0) }
    masks = Array(repeating: 0, count: list.words)
    hashes = masks
    for question in SamplingPolicy(name: "", kind: .collector(collector)).questions {
      let number = list.number(of: question)
      if case .hash = question {
        hashes[number >> 6] |= 1 << UInt64(number & 63)
      } else {
        masks[number >> 6] |= 1 << UInt64(number & 63)
      }
    }
  }

  /// A bit for each of the first rules that is about a trace that answered so.
  mutating func rules(_ answers: GivenAnswers, count: Int) -> UInt64 {
    var key = Array(answers.words[answers.start..<answers.start + count])
    for place in key.indices { key[place] &= masks[place] }
    if let rules = known[key] { return rules }
    var lucky = key
    for place in lucky.indices { lucky[place] |= hashes[place] }
    // Under `not`, bad luck keeps.
    let rules =
      program.matches(AssumedAnswers(words: lucky, assumption: .plenty))
      | program.matches(AssumedAnswers(words: key, assumption: .plenty))
    if known.count >= PatternMemory.most / count { known.removeAll() }
    known[key] = rules
    return rules
  }
}
