import TraceModel

/// A set of rules that a recommended policy always keeps.
struct RecommendedRules {
  /// In words.
  var meaning: String
  /// As policies to replay.
  var policies: [TailPolicy]
  /// The same as lines of YAML.
  var yaml: [String]
  /// Why these, beyond what goes for all.
  var reasons: [String] = []

  /// The sets to try on some archives, most generous first.
  static func candidates(_ survey: SimulationInput) -> [Self] {
    let errors = TailPolicy(name: "errors", rule: .question(.status([.error])))
    let errorLines = ["- name: errors", "  type: status_code", "  status_code: {status_codes: [ERROR]}"]
    var sets: [Self] = []
    let rare = rareRule(survey)
    let lengths = Lengths(survey)
    if let each = EntryPointThresholds(survey, lengths) {
      let lines = errorLines + each.yaml
      if let rare {
        sets.append(
          Self(
            meaning: each.meaning + ", rare entry points", policies: [errors, each.policy, rare.policy],
            yaml: lines + rare.yaml, reasons: each.reasons))
      }
      sets.append(
        Self(
          meaning: each.meaning, policies: [errors, each.policy], yaml: lines, reasons: each.reasons))
    }
    for part in [0.99, 0.995, 0.999] {
      let milliseconds = lengths.threshold(part)
      let slow = TailPolicy(name: "slow", rule: .question(.latency(threshold: milliseconds, upper: 0)))
      let lines =
        errorLines + ["- name: slow", "  type: latency", "  latency: {threshold_ms: \(milliseconds)}"]
      let meaning = "errors, from \(milliseconds) ms (slowest \(RatioText.text((1 - part) * 100)) %)"
      if let rare, part < 0.999 {
        sets.append(
          Self(
            meaning: meaning + ", rare entry points", policies: [errors, slow, rare.policy],
            yaml: lines + rare.yaml))
      }
      sets.append(Self(meaning: meaning, policies: [errors, slow], yaml: lines))
    }
    sets.append(Self(meaning: "errors", policies: [errors], yaml: errorLines))
    sets += sampledErrors(errors)
    return sets
  }

  /// Where even the errors are too many, a share of them.
  private static func sampledErrors(_ errors: TailPolicy) -> [Self] {
    [50, 20, 10, 5, 1].map { percent in
      let chance = TailPolicy(
        name: "one-in-\(100 / percent)",
        rule: .question(
          .hash(salt: "errors", bound: CollectorHash.bound64(percentage: Double(percent)))))
      return Self(
        meaning: "\(percent) % of errors",
        policies: [TailPolicy(name: "errors", rule: .and([errors, chance]))],
        yaml: [
          "- name: errors", "  type: and", "  and:", "    and_sub_policy:", "      - name: errors",
          "        type: status_code", "        status_code: {status_codes: [ERROR]}",
          "      - name: one-in-\(100 / percent)", "        type: probabilistic",
          "        probabilistic: {sampling_percentage: \(percent), hash_salt: errors}",
        ])
    }
  }

  /// How long all traces are, sorted.
  struct Lengths {
    private let sorted: StoredRows<Population.Item>

    init(_ survey: SimulationInput) {
      sorted =
        Population(
          survey.traces.lazy.map { Population.Item(group: 0, traceAndError: 0, duration: $0.duration) },
          groups: 1, isEstimated: false, in: survey.space
        ).items
    }

    /// The whole milliseconds that a share of the traces does not reach, at least 1.
    func threshold(_ part: Double) -> Int64 {
      guard !sorted.isEmpty else { return 1 }
      let rank = min(sorted.count - 1, Int((part * Double(sorted.count)).rounded(.up)))
      return max(1, sorted[rank].duration / 1_000_000)
    }
  }

  /// Entry points that fewer than 1 % of the traces have, at most ten and 2 % of the traces in all, rarest first.
  private static func rareRule(_ survey: SimulationInput) -> (policy: TailPolicy, yaml: [String])? {
    // Where the rarest names are joined, those that are left are not rare.
    guard survey.joined.isEmpty else { return nil }
    var counts = [Int](repeating: 0, count: survey.operations.count)
    for trace in survey.traces { counts[Int(trace.entryPoint)] += 1 }
    let rare = counts.indices.filter { counts[$0] > 0 && counts[$0] * 100 < survey.traces.count }
      .sorted { (counts[$0], $0) < (counts[$1], $1) }
    var names: [String] = []
    var taken = 0
    for number in rare where names.count < 10 {
      taken += counts[number]
      guard taken * 50 <= survey.traces.count else { break }
      let name = survey.operations[number].operation
      if !name.isEmpty, name.utf8.count <= 200, !names.contains(name) { names.append(name) }
    }
    guard !names.isEmpty else { return nil }
    let conditions = names.map { "name == \"\(escaped($0))\"" }
    let parsed = conditions.compactMap { try? ConditionParser.parse($0, isEvent: false) }
    guard parsed.count == conditions.count else { return nil }
    return (
      TailPolicy(name: "rare", rule: .question(.conditions(spans: parsed, events: []))),
      ["- name: rare", "  type: ottl_condition", "  ottl_condition:", "    error_mode: ignore", "    span:"]
        + conditions.map { "      - \(quoted($0))" }
    )
  }

  /// A text within a condition.
  static func escaped(_ text: String) -> String {
    text.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : String($0) }.joined()
  }

  /// A text as YAML writes it between single quotes; control characters never get so far.
  static func quoted(_ text: String) -> String {
    "'" + text.map { $0 == "'" ? "''" : $0.isNewline ? " " : String($0) }.joined() + "'"
  }
}
