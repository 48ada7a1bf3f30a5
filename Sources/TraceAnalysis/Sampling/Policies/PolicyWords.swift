import TraceModel

/// What policies and their rules ask, in a reader's words.
enum PolicyWords {
  static func meaning(of policy: SamplingPolicy) -> String {
    switch policy.kind {
    case .head(let sampler):
      "keeps \(percent(sampler.ratio * 100)) % of traces by their id, by the rule of \(who(sampler.rule))"
    case .headRate(let rate): "keeps up to \(number(rate)) traces a second, as they start"
    case .adaptive(let rate): "adapts the ratio of each operation to \(number(rate)) traces a second"
    case .collector(let collector): meaning(of: collector)
    }
  }

  private static func meaning(of collector: CollectorPolicy) -> String {
    var parts: [String] = []
    if let processor = collector.probabilistic {
      parts.append("probabilistic_sampler at \(percent(Double(processor.percentage))) %")
    }
    if collector.hasTailSampling {
      parts.append(
        "tail_sampling with \(collector.policies.count) \(collector.policies.count == 1 ? "policy" : "policies")"
      )
    }
    return parts.joined(separator: ", then ")
  }

  private static func who(_ rule: HeadSampler.Rule) -> String {
    switch rule {
    case .go: "OpenTelemetry's Go and Rust"
    case .java: "OpenTelemetry's Java"
    case .python: "OpenTelemetry's Python"
    case .js: "OpenTelemetry's JavaScript"
    case .dotnet: "OpenTelemetry's .NET"
    case .ruby: "OpenTelemetry's Ruby"
    case .cpp: "OpenTelemetry's C++"
    case .jaeger: "Jaeger's Go client"
    case .consistent: "W3C consistent sampling"
    case .php: "OpenTelemetry's PHP"
    case .swift: "OpenTelemetry's Swift"
    case .jaegerPython: "Jaeger's Python client"
    case .zipkin: "Zipkin's boundary sampler"
    }
  }

  /// Recursion only follows the nesting of a configuration, which its reader bounds.
  static func meaning(of rule: TailPolicy.Rule) -> String {
    switch rule {
    case .question(let question): meaning(of: question)
    case .budget(let budget):
      "up to \(budget.perSecond) \(budget.unit == .spans ? "spans" : "bytes") a second"
        + (budget.burst.map { ", bursts of \($0 > 0 ? $0 : budget.perSecond.multipliedOrMax(by: 2))" } ?? "")
    case .and(let parts): parts.map { meaning(of: $0.rule) }.joined(separator: ", and ")
    case .not(let part): "not: " + meaning(of: part.rule)
    case .drop(let parts): "throws away: " + parts.map { meaning(of: $0.rule) }.joined(separator: ", and ")
    case .composite(let parts):
      "first of: "
        + parts.map {
          "\($0.policy.name) (\(meaning(of: $0.policy.rule)), up to \($0.spansPerSecond) spans a second)"
        }
        .joined(separator: "; ")
    }
  }

  static func meaning(of question: PolicyQuestion) -> String {
    switch question {
    case .always: "every trace"
    case .latency(let threshold, 0): "lasts at least \(threshold) ms"
    case .latency(let threshold, let upper): "lasts more than \(threshold) ms and at most \(upper) ms"
    case .number(let key, let least, let greatest, let isInverted):
      inverted(isInverted) + "\(key) \(range(least, greatest))"
    case .hash(_, let bound): "\(percent(Double(bound) / 0x1p64 * 100)) % of all traces, by their id"
    case .status(let statuses): "a span has status " + statuses.map(\.name).joined(separator: " or ")
    case .text(let key, let values, let patterns, let isInverted):
      inverted(isInverted) + "\(key) \(patterns ? "matches" : "is") " + list(values)
    case .boolean(let key, let value, let isInverted): inverted(isInverted) + "\(key) is \(value)"
    case .spanCount(let least, 0): "has at least \(least) spans"
    case .spanCount(let least, let greatest): "has \(least) to \(greatest) spans"
    case .traceState(let key, let values): "trace state \(key) is " + list(values)
    case .sampledFlag: "a span has the sampled flag"
    case .conditions(let spans, let events):
      "one of \(spans.count + events.count) conditions holds for a span or an event"
    }
  }

  private static func range(_ least: Int64, _ greatest: Int64) -> String {
    switch (least, greatest) {
    case (.min, .max): "is there"
    case (.min, _): "is at most \(greatest)"
    case (_, .max): "is at least \(least)"
    default: "is \(least) to \(greatest)"
    }
  }

  private static func inverted(_ isInverted: Bool) -> String { isInverted ? "vetoes where " : "" }

  private static func list(_ values: [String]) -> String {
    let shown = values.prefix(4).map { $0.utf8.count > 60 ? String($0.prefix(60)) + "…" : $0 }
    let rest = values.count > 4 ? " or \(values.count - 4) others" : ""
    return shown.isEmpty ? "nothing" : shown.joined(separator: " or ") + rest
  }

  private static func percent(_ value: Double) -> String {
    RatioText.text((value * 10_000).rounded() / 10_000)
  }

  private static func number(_ value: Double) -> String { RatioText.text(value) }
}
