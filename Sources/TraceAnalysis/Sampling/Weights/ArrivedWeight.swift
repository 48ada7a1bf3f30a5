import TraceModel

/// How archives say that they were sampled, and what each trace then stands for.
package enum WeightScheme: String, Sendable, CaseIterable {
  /// The threshold `th` of the trace state (OpenTelemetry consistent sampling).
  case threshold = "th"
  /// The older `p` of the trace state.
  case power = "p"
  /// What Tracebook wrote when it thinned archives out.
  case adjustedCount = "sampling.adjusted_count"
  /// Tags of a Jaeger client.
  case jaeger = "sampler.type"
  /// Rates of a Datadog agent or rule.
  case datadog = "_dd.rule_psr"
  /// The ratio that the user gave.
  case given = "--sampling-ratio"
  /// Nothing says it, or what says it has no weight (rate limits).
  case unknown = "unknown"
}

/// Reads the weight of a trace from its root, the first that applies (reference on sampling, section 6).
struct ArrivedWeight {
  private let store: SpanStore
  private let ratio: Double?
  private let adjustedCount: Symbol?
  private let samplerType: Symbol?
  private let samplerParam: Symbol?
  private let rates: [Symbol]

  init(_ store: SpanStore, ratio: Double?) {
    self.store = store
    self.ratio = ratio
    adjustedCount = store.symbols.find(WeightScheme.adjustedCount.rawValue)
    samplerType = store.symbols.find("sampler.type")
    samplerParam = store.symbols.find("sampler.param")
    rates = ["_dd.rule_psr", "_dd.agent_psr"].compactMap { store.symbols.find($0) }
  }

  /// The weight and where it comes from; `.nan` when it is not known. Unknown is never taken for 1.
  func weight(of root: TraceSpan, in trace: Trace) -> (Double, WeightScheme) {
    if let state = openTelemetryState(root.record) {
      if let threshold = OpenTelemetryTraceState(state).threshold {
        return (Threshold.weight(threshold), .threshold)
      }
      if let power = Self.power(state) { return (power, .power) }
    }
    if let adjustedCount, let value = number(adjustedCount, root, trace), value >= 1 {
      return (value, .adjustedCount)
    }
    if let jaeger = jaegerWeight(root, trace) { return (jaeger, jaeger.isNaN ? .unknown : .jaeger) }
    for rate in rates {
      if let value = number(rate, root, trace), value > 0, value <= 1 { return (1 / value, .datadog) }
    }
    if let ratio, ratio > 0 { return (1 / ratio, .given) }
    return (.nan, .unknown)
  }

  private func openTelemetryState(_ record: SpanRecord) -> String? {
    guard !record.traceState.isEmpty else { return nil }
    return TraceState(store.symbols.text(record.traceState))?["ot"]
  }

  /// 2^p of `p:0` to `p:62`; 63 stands for zero, which no kept span can have.
  private static func power(_ state: String) -> Double? {
    for field in state.split(separator: ";") where field.hasPrefix("p:") {
      guard let power = Int(field.dropFirst(2)), (0...62).contains(power) else { return nil }
      return Double(UInt64(1) << UInt64(power))
    }
    return nil
  }

  private func jaegerWeight(_ root: TraceSpan, _ trace: Trace) -> Double? {
    guard let samplerType, let type = trace.attribute([samplerType], of: root, in: store), type.type == .text
    else {
      return nil
    }
    switch store.symbols.text(Symbol(type.payload)) {
    case "const": return 1
    case "probabilistic":
      guard let samplerParam, let param = number(samplerParam, root, trace), param > 0, param <= 1 else {
        return .nan
      }
      return 1 / param
    default: return .nan
    }
  }

  private func number(_ key: Symbol, _ root: TraceSpan, _ trace: Trace) -> Double? {
    guard let attribute = trace.attribute([key], of: root, in: store) else { return nil }
    return switch store.value(of: attribute, table: root.record.table) {
    case .integer(let value): Double(value)
    case .double(let value): value.isFinite ? value : nil
    case .text(let text): Double(text)
    default: nil
    }
  }

  /// True when a span was kept although its randomness lies below its own threshold.
  func isInconsistent(_ span: SpanRecord, _ id: TraceID) -> Bool {
    guard let state = openTelemetryState(span) else { return false }
    let parsed = OpenTelemetryTraceState(state)
    guard let threshold = parsed.threshold else { return false }
    return (parsed.randomness ?? id.randomness) < threshold
  }
}
