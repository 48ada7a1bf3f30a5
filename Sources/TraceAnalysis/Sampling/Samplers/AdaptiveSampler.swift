/// Jaeger's adaptive sampling: a probability for each operation, adapted once a minute so that a target of sampled
/// traces a second is met.
///
/// Probabilities start at 0.001. Each minute, what was sampled in the ten minutes up to two minutes ago, the newest
/// weighing most (∝ i⁴), is compared with the target: within 30 % nothing changes; else the probability is multiplied by
/// target / observed, at most doubled, and doubled when nothing was seen. It stays between 0.00001 and 1. Besides, one
/// trace a minute of each operation is kept whatever the probability; those stand for no number of others.
/// Source: jaeger, `internal/sampling/samplingstrategy/adaptive`.
struct AdaptiveSampler {
  private static let window = 10
  private static let delay: Int64 = 2
  private static let tolerance = 0.3
  private static let first = 0.001
  private static let least = 0.000_01
  /// Newest first: weights ∝ 10⁴ … 1⁴, which add up to one.
  private static let weights: [Double] = (1...window).reversed().map { Double($0 * $0 * $0 * $0) / 25_333 }

  private struct Operation {
    var probability = AdaptiveSampler.first
    var minute = Int64.min
    /// Sampled traces of the minutes up to `minute`, newest first, those of the delay included.
    var counts = [Int](repeating: 0, count: AdaptiveSampler.window + Int(AdaptiveSampler.delay) + 1)
    var balance = 1.0
    var last = Int64.min
  }

  private let target: Double
  private var operations: [Operation]

  init(target: Double, operations count: Int) {
    self.target = target
    operations = Array(repeating: Operation(), count: count)
  }

  /// Decides over the next trace in order of start.
  mutating func decide(_ trace: SimulatedTrace) -> PolicyReplay.Entry {
    var operation = operations[Int(trace.entryPoint)]
    let second = trace.start.flooredSecond
    let minute = second >= 0 ? second / 60 : (second - 59) / 60
    advance(&operation, to: minute)
    let sampler = HeadSampler(.jaeger, ratio: operation.probability)
    let isSampled = sampler?.keeps(trace.id) ?? false
    // One a minute in any case.
    if operation.last != .min {
      let (nanoseconds, overflow) = trace.start.subtractingReportingOverflow(operation.last)
      operation.balance = overflow ? 1 : min(1, operation.balance + Double(nanoseconds) / 60e9)
    }
    operation.last = trace.start
    var isGuaranteed = false
    if operation.balance >= 1 {
      operation.balance -= 1
      isGuaranteed = !isSampled
    }
    if isSampled { operation.counts[0] += 1 }
    let probability = isGuaranteed ? Double.nan : operation.probability
    operations[Int(trace.entryPoint)] = operation
    return PolicyReplay.Entry(
      decision: isSampled || isGuaranteed ? .sampled : .notSampled, rule: -1, probability: probability)
  }

  private func advance(_ operation: inout Operation, to minute: Int64) {
    guard operation.minute != .min else {
      operation.minute = minute
      return
    }
    // Without traces the probability has doubled up to 1 long before so many minutes are over.
    var steps = min(max(0, minute - operation.minute), 64)
    operation.minute = max(operation.minute, minute)
    while steps > 0 {
      steps -= 1
      operation.counts.removeLast()
      operation.counts.insert(0, at: 0)
      adapt(&operation)
    }
  }

  private func adapt(_ operation: inout Operation) {
    var observed = 0.0
    for (place, weight) in Self.weights.enumerated() {
      observed += Double(operation.counts[place + Int(Self.delay)]) / 60 * weight
    }
    if observed == 0 {
      operation.probability = min(1, operation.probability * 2)
    } else if (observed / target - 1).magnitude > Self.tolerance {
      let factor = min(2, target / observed)
      operation.probability = min(1, max(Self.least, operation.probability * factor))
    }
  }
}
