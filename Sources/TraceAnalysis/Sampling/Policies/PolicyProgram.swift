/// A Collector policy whose questions are numbers, ready to be asked of one trace after another.
///
/// What a trace answers by itself is worked out beforehand, on all threads; here budgets are spent, in the order in
/// which traces are decided. One program serves one replay.
struct PolicyProgram {
  /// A policy with numbers in place of questions and budgets.
  indirect enum Node {
    case question(Int, isInverted: Bool)
    case budget(Int)
    case and([Node])
    case not(Node)
    case drop([Node])
    case composite([(node: Node, budget: Int)])
  }

  private let nodes: [Node]
  private let stopsAtFirstMatch: Bool
  private var budgets: [RunningBudget] = []
  private var votes: [PolicyVote]
  /// The part of a composite that decided, by policy; −1 for none.
  private var parts: [Int]

  /// What a trace spends of budgets.
  struct Cost {
    var spans: Int64
    var bytes: Int64
    /// When it is decided, in nanoseconds since 1970.
    var time: Int64
  }

  /// What became of a trace and by which policy.
  struct Outcome {
    var decision: SamplingDecision
    /// The number of the first policy whose vote is the decision; −1 for none.
    var policy = -1
    /// The part of a composite policy; −1 for none.
    var part = -1
  }

  /// - `number`: the place of a question among those that were asked of all traces.
  init(_ policy: CollectorPolicy, number: (PolicyQuestion) -> Int) {
    stopsAtFirstMatch = policy.stopsAtFirstMatch
    var budgets: [RunningBudget] = []
    nodes = policy.policies.map { Self.node($0.rule, number, &budgets) }
    self.budgets = budgets
    votes = Array(repeating: .none, count: nodes.count)
    parts = Array(repeating: -1, count: nodes.count)
  }

  /// Recursion here and below only follows the nesting of a configuration, which its reader bounds.
  private static func node(
    _ rule: TailPolicy.Rule, _ number: (PolicyQuestion) -> Int, _ budgets: inout [RunningBudget]
  ) -> Node {
    switch rule {
    case .question(let question): return .question(number(question), isInverted: question.isInverted)
    case .budget(let budget):
      budgets.append(RunningBudget(budget))
      return .budget(budgets.count - 1)
    case .and(let parts): return .and(parts.map { node($0.rule, number, &budgets) })
    case .not(let part): return .not(node(part.rule, number, &budgets))
    case .drop(let parts): return .drop(parts.map { node($0.rule, number, &budgets) })
    case .composite(let parts):
      return .composite(
        parts.map { part in
          let node = node(part.policy.rule, number, &budgets)
          budgets.append(RunningBudget(compositeShare: part.spansPerSecond))
          return (node, budgets.count - 1)
        })
    }
  }

  /// Decides over one trace: drop policies first, then all others, then the votes are weighed.
  ///
  /// Dropped > InvertNotSampled > Sampled > InvertSampled without any NotSampled > NotSampled.
  mutating func decide(_ answers: some QuestionAnswers, _ cost: Cost) -> Outcome {
    for number in nodes.indices {
      votes[number] = .none
      parts[number] = -1
    }
    for (number, node) in nodes.enumerated() {
      guard case .drop = node else { continue }
      votes[number] = vote(node, number, answers, cost)
      if votes[number] == .dropped { return Outcome(decision: .dropped, policy: number) }
    }
    for (number, node) in nodes.enumerated() {
      if case .drop = node { continue }
      votes[number] = vote(node, number, answers, cost)
      if stopsAtFirstMatch, votes[number] == .sampled { break }
    }
    let final = Self.weigh(votes)
    let policy = votes.firstIndex(of: final) ?? -1
    let isKept = final == .sampled || final == .invertSampled
    return Outcome(
      decision: isKept ? .sampled : .notSampled, policy: policy, part: policy < 0 ? -1 : parts[policy])
  }

  /// The policies that voted for keeping the trace that was decided last.
  var keepers: [Int] { votes.indices.filter { votes[$0] == .sampled || votes[$0] == .invertSampled } }

  /// The policies, a bit for each of the first 64, that by themselves would keep or drop a trace that answers so.
  mutating func matches(_ answers: some QuestionAnswers) -> UInt64 {
    let cost = Cost(spans: 0, bytes: 0, time: 0)
    var mask: UInt64 = 0
    for (number, node) in nodes.prefix(64).enumerated() {
      switch vote(node, number, answers, cost) {
      case .sampled, .invertSampled, .dropped: mask |= 1 << UInt64(number)
      case .none, .notSampled, .invertNotSampled: break
      }
    }
    return mask
  }

  static func weigh(_ votes: [PolicyVote]) -> PolicyVote {
    if votes.contains(.dropped) { return .dropped }
    if votes.contains(.invertNotSampled) { return .invertNotSampled }
    if votes.contains(.sampled) { return .sampled }
    if votes.contains(.invertSampled), !votes.contains(.notSampled) { return .invertSampled }
    return .notSampled
  }

  private mutating func vote(
    _ node: Node, _ top: Int, _ answers: some QuestionAnswers, _ cost: Cost
  ) -> PolicyVote {
    switch node {
    case .question(let number, let isInverted):
      let isYes = answers.isYes(number)
      if isInverted { return isYes ? .invertNotSampled : .invertSampled }
      return isYes ? .sampled : .notSampled
    case .budget(let number):
      switch answers.assumption {
      case .spend: return budgets[number].admits(cost) ? .sampled : .notSampled
      case .exhausted: return .notSampled
      case .plenty: return .sampled
      }
    case .and(let parts):
      for part in parts {
        let vote = vote(part, top, answers, cost)
        if vote != .sampled, vote != .invertSampled { return .notSampled }
      }
      return .sampled
    case .not(let part):
      let vote = vote(part, top, answers, cost)
      return vote == .sampled ? .notSampled : vote == .notSampled ? .sampled : vote
    case .drop(let parts):
      for part in parts {
        let vote = vote(part, top, answers, cost)
        if vote != .sampled, vote != .invertSampled { return .notSampled }
      }
      return .dropped
    case .composite(let parts): return composite(parts, top, answers, cost)
    }
  }

  private mutating func composite(
    _ parts: [(node: Node, budget: Int)], _ top: Int, _ answers: some QuestionAnswers, _ cost: Cost
  ) -> PolicyVote {
    for (place, part) in parts.enumerated() {
      let vote = vote(part.node, top, answers, cost)
      guard vote == .sampled || vote == .invertSampled else { continue }
      self.parts[top] = place
      switch answers.assumption {
      case .spend: return budgets[part.budget].admits(cost) ? .sampled : .notSampled
      case .exhausted: return .notSampled
      case .plenty: return .sampled
      }
    }
    return .notSampled
  }
}

/// What a trace answers, and what to take budgets for.
protocol QuestionAnswers {
  /// Whether a question was answered with yes.
  func isYes(_ number: Int) -> Bool
  /// Whether budgets are spent, or taken to be used up or unlimited: for probabilities.
  var assumption: BudgetAssumption { get }
}

/// What to take budgets for.
enum BudgetAssumption {
  case spend
  case exhausted
  case plenty
}

/// A budget while traces spend it.
struct RunningBudget {
  private enum Form {
    /// Before May 2026: sampled while the spans of this second and of the trace stay below the limit.
    case window
    /// Parts of a composite: the limit itself is allowed.
    case inclusiveWindow
    /// Tokens flow in all the time up to a burst; full at the start.
    case bucket(burst: Double)
  }

  private let form: Form
  private let unit: RateBudget.Unit
  private let perSecond: Int64
  private var second = Int64.min
  private var spent: Int64 = 0
  private var tokens = 0.0
  private var lastTime: Int64?

  init(_ budget: RateBudget) {
    unit = budget.unit
    perSecond = budget.perSecond
    if let burst = budget.burst {
      // A burst that is not given is twice the rate.
      let size = Double(burst > 0 ? burst : budget.perSecond.multipliedOrMax(by: 2))
      form = .bucket(burst: size)
      tokens = size
    } else {
      form = .window
    }
  }

  init(compositeShare: Int64) {
    unit = .spans
    perSecond = compositeShare
    form = .inclusiveWindow
  }

  /// Spends what a trace costs, if that is there.
  mutating func admits(_ cost: PolicyProgram.Cost) -> Bool {
    let amount = unit == .spans ? cost.spans : cost.bytes
    if case .bucket(let burst) = form { return takeTokens(Double(amount), burst, at: cost.time) }
    let now = cost.time.flooredSecond
    if now != second {
      second = now
      spent = 0
    }
    let (total, overflow) = spent.addingReportingOverflow(amount)
    var isWithin = false
    if case .window = form { isWithin = total < perSecond } else { isWithin = total <= perSecond }
    guard isWithin, !overflow else { return false }
    spent = total
    return true
  }

  private mutating func takeTokens(_ amount: Double, _ burst: Double, at time: Int64) -> Bool {
    if let lastTime, time > lastTime {
      let seconds = Double(time.subtractingReportingOverflow(lastTime).partialValue) / 1e9
      tokens = min(burst, tokens + max(0, seconds) * Double(perSecond))
    }
    lastTime = max(lastTime ?? time, time)
    guard tokens >= amount else { return false }
    tokens -= amount
    return true
  }
}

extension Int64 {
  /// The second that a moment lies in, also before 1970.
  var flooredSecond: Int64 { self >= 0 ? self / 1_000_000_000 : (self + 1) / 1_000_000_000 - 1 }
}
