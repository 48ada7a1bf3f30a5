import TraceModel

/// The decisions of all policies as lines of JSON, by trace id and, within one, by policy.
package struct DecisionLines: Sendable {
  /// What a line says: all of it, so that lines can be put into order and nothing has to be looked up.
  private struct Line: BitwiseCopyable, Sendable {
    var id: TraceID
    var bytes: Int64
    var spanCount: Int32
    /// The number of the policy.
    var policy: Int32
    var entry: PolicyReplay.Entry
  }

  private struct LineOrder: RowOrder {
    func isBefore(_ left: Line, _ right: Line) -> Bool {
      left.id != right.id ? left.id < right.id : left.policy < right.policy
    }
  }

  private let policies: [SamplingPolicy]
  private let lines: StoredRows<Line>

  /// Replays all policies.
  ///
  /// - Complexity: O(n log n) in traces × policies.
  package init(_ input: SimulationInput) {
    policies = input.policies
    var lines = SortedRuns(in: input.space, LineOrder())
    for (number, policy) in policies.enumerated() {
      for (trace, entry) in zip(input.traces, PolicyReplay(policy, over: input).entries) {
        lines.add(
          Line(
            id: trace.id, bytes: trace.bytes, spanCount: trace.spanCount,
            policy: Int32(truncatingIfNeeded: number), entry: entry))
      }
    }
    self.lines = StoredRows(lines.sorted(threads: 1))
  }

  /// Hands over the lines in large pieces.
  package func write(_ body: ([UInt8]) throws -> Void) rethrows {
    var writer = JSONWriter()
    // Of several files each rule is named with its file, so that lines can be told apart.
    let namesFiles = policies.count > 1
    for line in lines {
      let policy = policies[Int(line.policy)]
      var rule = PolicyReplay.ruleName(line.entry, of: policy)
      if namesFiles, policy.isCollector { rule = policy.name + ":" + rule }
      append(line, rule, to: &writer)
      if writer.bytes.count >= 1 << 16 {
        try body(writer.bytes)
        writer.removeAll()
      }
    }
    try body(writer.bytes)
  }

  private func append(_ line: Line, _ rule: String, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.key("traceId")
      writer.id(line.id)
      writer.key("decision")
      writer.string(line.entry.decision.rawValue)
      writer.key("policy")
      writer.string(rule)
      writer.key("spanCount")
      writer.integer(line.spanCount)
      writer.key("bytes")
      writer.integer(line.bytes)
    }
    writer.endLine()
  }
}
