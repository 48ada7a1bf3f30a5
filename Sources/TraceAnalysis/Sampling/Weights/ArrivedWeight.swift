import TraceModel

/// Reads what traces and spans stand for, the first source that applies (reference on sampling, section 6).
///
/// One serves one thread: it remembers trace states, of which there are as many as traces, or few.
struct ArrivedWeight {
  /// What OpenTelemetry's member of a trace state says.
  private struct StateReading {
    var weight = Double.nan
    var scheme = WeightScheme.unknown
    var threshold: UInt64?
    var randomness: UInt64?
  }

  /// The most trace states that are remembered.
  private static let rememberedStates = 10_000
  private static let jaegerSamplers = ["probabilistic", "const", "ratelimiting", "lowerbound"]

  private let store: SpanStore
  private let declaration: SamplingDeclaration
  private let adjustedCount: Symbol?
  private let samplerType: Symbol?
  private let rates: [Symbol]
  private let singleSpan: Symbol?
  private let labels: [Symbol]
  private var states: [UInt32: StateReading] = [:]
  private var lastState = (symbol: Symbol.empty, reading: StateReading())
  /// True when no archive and no user says a word, so that only trace states and debug flags are looked at.
  let isSilent: Bool

  init(_ store: SpanStore, _ declaration: SamplingDeclaration) {
    self.store = store
    self.declaration = declaration
    adjustedCount = store.symbols.find(WeightScheme.adjustedCount.rawValue)
    // The key is in every table; only with one of these values it says something.
    let hasSampler = Self.jaegerSamplers.contains { store.symbols.find($0) != nil }
    samplerType = hasSampler ? store.symbols.find("sampler.type") : nil
    rates = ["_dd.rule_psr", "_dd.agent_psr"].compactMap { store.symbols.find($0) }
    singleSpan = store.symbols.find("_dd.span_sampling.mechanism")
    labels = ["tailsampling.composite_policy", "tailsampling.policy"].compactMap { store.symbols.find($0) }
    isSilent =
      adjustedCount == nil && samplerType == nil && rates.isEmpty && singleSpan == nil
      && declaration == SamplingDeclaration()
  }

  /// What a trace stands for by its root, and where that comes from; `.nan` when it is not known. Unknown is never
  /// taken for 1.
  mutating func weight(of root: TraceSpan, in trace: Trace) -> (Double, WeightScheme) {
    if root.record.traits.contains(.debug) { return (1, .debug) }
    if root.record.presence.contains(.traceState) {
      let reading = reading(trace.traceState(of: root, in: store))
      if !reading.weight.isNaN { return (reading.weight, reading.scheme) }
    }
    if isSilent { return (.nan, .unknown) }
    // Datadog keeps single spans of traces that it drops: they are no sample of traces.
    if let singleSpan, trace.attribute([singleSpan], of: root, in: store) != nil { return (.nan, .unknown) }
    if let adjustedCount, let value = number(adjustedCount, root, trace), value >= 1 {
      return (value, .adjustedCount)
    }
    if let jaeger = jaegerWeight(root, trace) { return (jaeger, jaeger.isNaN ? .unknown : .jaeger) }
    for rate in rates {
      if let value = number(rate, root, trace), value > 0, value <= 1 { return (1 / value, .datadog) }
    }
    for stratum in declaration.strata where contains(stratum.members, root, trace) {
      return (1 / stratum.ratio, .stratum)
    }
    if let ratio = declaration.ratio, ratio > 0 { return (1 / ratio, .given) }
    return (.nan, .unknown)
  }

  /// What a span stands for by its own trace state; `.nan` when that says nothing.
  @inline(__always)
  mutating func ownWeight(of span: TraceSpan, in trace: Trace) -> Double {
    guard span.record.presence.contains(.traceState) else { return .nan }
    return reading(trace.traceState(of: span, in: store)).weight
  }

  /// True when a span was kept although its randomness lies below its own threshold.
  mutating func isInconsistent(_ span: TraceSpan, in trace: Trace) -> Bool {
    let reading = reading(trace.traceState(of: span, in: store))
    guard let threshold = reading.threshold else { return false }
    return (reading.randomness ?? trace.id.randomness) < threshold
  }

  // MARK: Trace states

  private mutating func reading(_ state: Symbol) -> StateReading {
    // Spans of one trace mostly have one.
    if state == lastState.symbol { return lastState.reading }
    let reading = states[state.index] ?? read(state)
    if states.count >= Self.rememberedStates { states.removeAll(keepingCapacity: true) }
    states[state.index] = reading
    lastState = (state, reading)
    return reading
  }

  private func read(_ state: Symbol) -> StateReading {
    var reading = StateReading()
    guard !state.isEmpty, let member = TraceState(store.symbols.text(state))?["ot"] else { return reading }
    let parsed = OpenTelemetryTraceState(member)
    reading.threshold = parsed.threshold
    reading.randomness = parsed.randomness
    if let threshold = parsed.threshold {
      (reading.weight, reading.scheme) = (Threshold.weight(threshold), .threshold)
    } else if let power = Self.power(member) {
      (reading.weight, reading.scheme) = (power, .power)
    }
    return reading
  }

  /// 2^p of `p:0` to `p:62`; 63 stands for zero, which no kept span can have.
  private static func power(_ state: String) -> Double? {
    for field in state.split(separator: ";") where field.hasPrefix("p:") {
      guard let power = Int(field.dropFirst(2)), (0...62).contains(power) else { return nil }
      return Double(UInt64(1) << UInt64(power))
    }
    return nil
  }

  // MARK: Attributes and strata

  private func jaegerWeight(_ root: TraceSpan, _ trace: Trace) -> Double? {
    guard let samplerType, let type = trace.attribute([samplerType], of: root, in: store), type.type == .text
    else { return nil }
    switch store.symbols.text(Symbol(type.payload)) {
    case "const": return 1
    case "probabilistic":
      guard let key = store.symbols.find("sampler.param"), let param = number(key, root, trace), param > 0,
        param <= 1
      else { return .nan }
      return 1 / param
    default: return .nan
    }
  }

  private func contains(_ members: SamplingStratum.Members, _ root: TraceSpan, _ trace: Trace) -> Bool {
    switch members {
    case .failed: return trace.spans.contains { $0.isError }
    case .slow(let least): return root.duration >= least
    case .policy(let name):
      let scope = store.scope(at: root.record.scope)
      return store.attributes(of: scope).contains { labels.contains($0.key) && isText($0, name) }
    case .attribute(let key, let value):
      guard let key = store.symbols.find(key) else { return false }
      if let own = trace.attribute([key], of: root, in: store) { return isText(own, value) }
      let resource = store.resource(at: root.record.resource)
      return store.attributes(of: resource).contains { $0.key == key && isText($0, value) }
    case .rest: return true
    }
  }

  private func isText(_ attribute: Attribute, _ text: String) -> Bool {
    attribute.type == .text && attribute.payload != 0 && store.symbols.text(Symbol(attribute.payload)) == text
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
}
