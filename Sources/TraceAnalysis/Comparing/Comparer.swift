import TraceModel

/// Compares the digest at hand with a baseline (analysis, sections 7 and 10).
///
/// Like is compared with like: a request's time in a service is set against the mean of baseline requests that touch
/// the same services; where the baseline has fewer than five of them, of the same entry point; else of all.
struct Comparer {
  /// Fewer baseline requests of one kind say nothing.
  static let fewestOfAKind = 5
  /// 50 µs and 20 µs keep services that do next to nothing from dividing by next to nothing.
  static let deviationFloor = 50_000.0
  static let ratioFloor = 20_000.0

  var shared = SharedNames()
  var before: ComparedSide
  var after: ComparedSide
  /// Time beyond what the baseline leads to expect, over all requests, by service.
  private(set) var excess: [Int: Double] = [:]

  init(baseline: Digest, current: Digest) {
    var baseline = baseline
    var current = current
    baseline.settle()
    current.settle()
    before = ComparedSide(baseline, &shared)
    after = ComparedSide(current, &shared)
    findExcess()
    moveUnanswered()
    moveCallersShare()
  }

  /// Whether there is enough on both sides to say anything.
  var isComparable: Bool { before.requests > 0 && after.requests > 0 }

  private mutating func findExcess() {
    guard isComparable else { return }
    for one in after.classes {
      let like = baselineKind(of: one)
      let services = Set(one.kind.times.keys).union(like.times.keys)
      for service in services {
        let usual = (like.times[service] ?? 0) / Double(max(like.traces, 1))
        excess[service, default: 0] += (one.kind.times[service] ?? 0) - usual * Double(one.kind.traces)
      }
    }
  }

  private func baselineKind(of one: ComparedSide.Class) -> ComparedSide.Kind {
    if let same = before.bySet[one.services], same.traces >= Self.fewestOfAKind { return same }
    if let entry = before.byEntryPoint[one.entryPoint], entry.traces >= Self.fewestOfAKind { return entry }
    return before.all
  }

  /// A childless span whose calls usually reach another service was a call that got no answer: its time belongs to
  /// that service.
  private mutating func moveUnanswered() {
    let callees = usualCallees()
    guard !callees.isEmpty else { return }
    let old = leaves(before, callees)
    let new = leaves(after, callees)
    for operation in callees.keys.sorted() {
      guard let callee = callees[operation] else { continue }
      let service = shared.operations[operation].service
      let (oldTime, oldSpans) = old[operation] ?? (0, 0)
      let (newTime, newSpans) = new[operation] ?? (0, 0)
      before.move(oldTime, from: service, to: callee)
      after.move(newTime, from: service, to: callee)
      let expected = oldSpans > 0 ? oldTime / Double(oldSpans) * Double(newSpans) : 0
      excess[service, default: 0] -= newTime - expected
      excess[callee, default: 0] += newTime - expected
    }
  }

  /// By operation the service that more than 30 % of its calls reached in the baseline.
  private func usualCallees() -> [Int: Int] {
    var best: [Int: (callee: Int, count: Int)] = [:]
    for row in before.digest.callees {
      let operation = before.operations[Int(row.operation)]
      let calls = before.digest.operations[Int(row.operation)].durations.count
      guard row.count * 10 > calls * 3, row.count > best[operation]?.count ?? 0 else { continue }
      best[operation] = (before.names[row.callee.number], row.count)
    }
    return best.mapValues(\.callee)
  }

  /// Self time of childless spans, and all spans, of the given operations.
  private func leaves(_ side: ComparedSide, _ wanted: [Int: Int]) -> [Int: (Double, Int)] {
    var leaves: [Int: (Double, Int)] = [:]
    for (place, row) in side.digest.operations.enumerated() where wanted[side.operations[place]] != nil {
      leaves[side.operations[place]] = (Double(row.leafSelfTime), row.durations.count)
    }
    return leaves
  }

  /// Moves time between services, in the figures of both sides' difference.
  mutating func moveExcess(_ time: Double, from service: Int, to other: Int) {
    after.move(time, from: service, to: other)
    excess[service, default: 0] -= time
    excess[other, default: 0] += time
  }

  /// The excess over what chance would give.
  func z(of service: Int) -> Double {
    let deviation = before.deviation(of: service) + Self.deviationFloor
    return (excess[service] ?? 0) / (Double(max(after.requests, 1)).squareRoot() * deviation)
  }

  /// How much a service speaks for itself as the cause: time that it takes more than expected, weighted by the
  /// logarithm of how much longer each of its spans takes.
  ///
  /// The excess alone points at busy services, where a little noise adds up; the ratio alone at rare ones, where chance
  /// is large. Their product is the information that the change carries, as in a likelihood ratio, and needs no spread,
  /// which a few stalled requests of the baseline would blow up.
  func surprise(of service: Int) -> Double { max(excess[service] ?? 0, 0) * max(ratio(of: service), 0) }

  /// By how much a span of a service takes longer than before, as a logarithm; 0 when there is none now.
  func ratio(of service: Int) -> Double {
    guard let now = after.parts[service], now.spans > 0 else { return 0 }
    let then = before.parts[service] ?? ComparedSide.Part()
    let nowPerSpan = max(now.time, 0) / Double(now.spans)
    let thenPerSpan = max(then.time, 0) / Double(max(then.spans, 1))
    return Logarithm.natural((nowPerSpan + Self.ratioFloor) / (thenPerSpan + Self.ratioFloor))
  }
}
