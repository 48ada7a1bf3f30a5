import TraceModel

/// A rule that keeps the slowest requests of each entry point, by a threshold of its own.
///
/// Where entry points differ in length, one threshold for all keeps the slow ones' ordinary requests and loses the quick
/// ones' worst. The Collector's `latency` policy knows no operations, `ottl_condition` does.
struct EntryPointThresholds {
  /// The share of the requests of an entry point that its threshold lets pass.
  private static let part = 0.99
  /// Fewer requests have no p99.
  private static let fewest = 100
  /// The most entry points that get a threshold.
  private static let most = 12
  /// The largest threshold must be so many times the smallest to make it worth while.
  private static let spread = 2.0

  let policy: TailPolicy
  let yaml: [String]
  let meaning: String
  let reasons: [String]

  /// Fails where thresholds of their own do not help: fewer than two frequent entry points, or all about as long.
  init?(_ survey: SimulationInput, _ lengths: RecommendedRules.Lengths) {
    let thresholds = Self.thresholds(survey)
    guard thresholds.count >= 2, let least = thresholds.map(\.nanoseconds).min(),
      let most = thresholds.map(\.nanoseconds).max(), Double(most) >= Self.spread * Double(least)
    else { return nil }
    let conditions = thresholds.map { one in
      let key = survey.operations[one.entryPoint]
      let service =
        key.service.isEmpty
        ? ""
        : "resource.attributes[\"service.name\"] == \"\(RecommendedRules.escaped(key.service))\" and "
      return service + "name == \"\(RecommendedRules.escaped(key.operation))\" and "
        + "end_time_unix_nano - start_time_unix_nano >= \(one.nanoseconds)"
    }
    let parsed = conditions.compactMap { try? ConditionParser.parse($0, isEvent: false) }
    guard parsed.count == conditions.count else { return nil }
    policy = TailPolicy(name: "slow", rule: .question(.conditions(spans: parsed, events: [])))
    yaml =
      ["- name: slow", "  type: ottl_condition", "  ottl_condition:", "    error_mode: ignore", "    span:"]
      + conditions.map { "      - \(RecommendedRules.quoted($0))" }
    meaning = "errors, the slowest 1 % of each of \(thresholds.count) entry points"
    reasons = Self.reasons(survey, thresholds, lengths)
  }

  private struct Threshold {
    var entryPoint: Int
    var nanoseconds: Int64
  }

  /// The p99 of the most frequent entry points, three digits of it, in the order of their names.
  private static func thresholds(_ survey: SimulationInput) -> [Threshold] {
    let requests = Population(
      survey.measuredRequests, groups: survey.operations.count, isEstimated: false, in: survey.space)
    let frequent = requests.groups.enumerated().filter { number, places in
      let name = survey.operations[number].operation
      // No span has the name that stands for those that are joined.
      if !survey.joined.isEmpty, name == Subject.operations.rest { return false }
      return places.count >= fewest && !name.isEmpty && name.utf8.count <= 200
        && survey.operations[number].service.utf8.count <= 200
    }.sorted {
      $0.element.count != $1.element.count ? $0.element.count > $1.element.count : $0.offset < $1.offset
    }
    return frequent.prefix(most).sorted { $0.offset < $1.offset }.map { number, places in
      let rank = min(places.count - 1, Int((part * Double(places.count)).rounded(.up)))
      return Threshold(
        entryPoint: number, nanoseconds: rounded(requests.items[places.lowerBound + rank].duration))
    }
  }

  /// Down to three digits that count, so that people can read it.
  private static func rounded(_ nanoseconds: Int64) -> Int64 {
    var unit: Int64 = 1
    while nanoseconds / unit >= 1_000 { unit *= 10 }
    return max(1, nanoseconds / unit * unit)
  }

  private static func reasons(
    _ survey: SimulationInput, _ thresholds: [Threshold], _ lengths: RecommendedRules.Lengths
  ) -> [String] {
    var own: [Int: Int64] = [:]
    for one in thresholds { own[one.entryPoint] = one.nanoseconds }
    let common = lengths.threshold(part)
    var (slow, kept) = (0, 0)
    for trace in survey.traces {
      guard let threshold = own[Int(trace.entryPoint)], trace.duration >= threshold else { continue }
      slow += 1
      if trace.duration / 1_000_000 >= common { kept += 1 }
    }
    let (least, most) = (own.values.min() ?? 0, own.values.max() ?? 0)
    return [
      "Slow is what lies above the p99 of its own entry point, from \(Words.length(Nanoseconds(least))) to "
        + "\(Words.length(Nanoseconds(most))): one threshold for all, \(common) ms, would keep only \(kept) of these "
        + "\(slow) traces."
    ]
  }
}
