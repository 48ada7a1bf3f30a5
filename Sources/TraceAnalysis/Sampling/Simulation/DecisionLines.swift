import TraceModel

/// The decisions of all policies as lines of JSON, by trace id and, within one, by policy.
package struct DecisionLines: Sendable {
  private let input: SimulationInput
  private let replays: [PolicyReplay]
  private let order: SimulationRows<TracePlace>

  /// Replays all policies.
  package init(_ input: SimulationInput) {
    self.input = input
    replays = input.policies.map { PolicyReplay($0, over: input) }
    order = TracePlace.sorted(
      input.traces.indices.lazy.map { TracePlace(time: 0, id: input.traces[$0].id, place: $0) },
      in: input.space)
  }

  /// Hands over the lines in large pieces.
  package func write(_ body: ([UInt8]) throws -> Void) rethrows {
    var writer = JSONWriter()
    // Of several files each rule is named with its file, so that lines can be told apart.
    let namesFiles = replays.count > 1
    for place in order.lazy.map(\.place) {
      for replay in replays {
        let entry = replay.entries[place]
        var rule = replay.ruleName(entry)
        if namesFiles, case .collector = replay.policy.kind { rule = replay.policy.name + ":" + rule }
        append(input.traces[place], entry.decision, rule, to: &writer)
      }
      if writer.bytes.count >= 1 << 16 {
        try body(writer.bytes)
        writer.removeAll()
      }
    }
    try body(writer.bytes)
  }

  private func append(
    _ trace: SimulatedTrace, _ decision: SamplingDecision, _ rule: String, to writer: inout JSONWriter
  ) {
    writer.object { writer in
      writer.key("traceId")
      writer.id(trace.id)
      writer.key("decision")
      writer.string(decision.rawValue)
      writer.key("policy")
      writer.string(rule)
      writer.key("spanCount")
      writer.integer(trace.spanCount)
      writer.key("bytes")
      writer.integer(trace.bytes)
    }
    writer.endLine()
  }
}
