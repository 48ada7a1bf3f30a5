package import TraceModel

/// Every trace of a store as a simulation needs it: in the order of decisions, with the answers to all questions.
///
/// Made by one walk over the store on all threads. Some 24 bytes a span and 100 a trace; whoever simulates no policy
/// does not pay for it.
package final class SimulationInput: Sendable {
  let traces: [SimulatedTrace]
  let answers: [UInt64]
  let spans: [SimulatedSpan]
  /// Numbers of links that a trace has, each once a trace.
  let traceLinks: [Int32]
  let operations: [OperationKey]
  let links: [LinkKey]
  let questions: QuestionList
  /// The policies in the order in which they were given.
  package let policies: [SamplingPolicy]
  let states: [UInt32: OpenTelemetryTraceState]
  /// What the user says of how the archives were sampled.
  let sampling: SamplingDeclaration
  /// True when 95 % of the traces say what they stand for, and some stand for more than themselves.
  let isWeighted: Bool
  /// What was assembled, dropped and joined.
  package let totals: AssemblyTotals

  /// Looks at every trace of a walk once.
  ///
  /// - Complexity: O(spans + attributes), in parallel, then O(traces log traces).
  ///
  /// - Parameter sampling: how the archives were sampled before, where spans do not say it themselves.
  package init(
    _ walk: TraceWalk, policies: [SamplingPolicy], sampling: SamplingDeclaration = SamplingDeclaration()
  ) {
    self.policies = policies
    self.sampling = sampling
    let store = walk.store
    let list = QuestionList(policies, store: store)
    questions = list
    let outcome = walk.walk {
      TraceCollector(list, store, sampling)
    } body: { collector, trace in
      collector.collect(trace)
    }
    totals = outcome.totals
    var parts = outcome.states
    let names = SimulationNames(parts, store)
    operations = names.operations
    links = names.links
    var states: [UInt32: OpenTelemetryTraceState] = [:]
    for state in parts.flatMap(\.states) where states[state.index] == nil {
      if let value = TraceState(store.symbols.text(state))?["ot"] {
        states[state.index] = OpenTelemetryTraceState(value)
      }
    }
    self.states = states
    (traces, answers, spans, traceLinks) = Self.join(&parts, names)
    let unknown = traces.count { $0.weight.isNaN }
    isWeighted =
      unknown * 20 <= traces.count && traces.contains { !$0.weight.isNaN && $0.weight != 1 }
  }

  /// How many traces one stands for: one where nothing is known of sampling, else what it says, and nothing for the
  /// few that do not say it.
  func standing(_ trace: SimulatedTrace) -> Double {
    isWeighted ? (trace.weight.isNaN ? 0 : trace.weight) : 1
  }

  /// From the first reported start of a trace to the last reported end.
  package var window: TimeWindow {
    var window = TimeWindow()
    for trace in traces where trace.start != 0 {
      let start = UnixNanoseconds(trace.start)
      if window.start == .unknown || start < window.start { window.start = start }
    }
    window.end = max(window.start, UnixNanoseconds(traces.last?.latestEnd ?? 0))
    return window
  }

  /// Traces with one root and nothing missing.
  package var completeTraces: Int { traces.count { $0.traits.contains(.isComplete) } }

  /// Puts the traces of all threads into the order of decisions and gives all names their common numbers.
  private static func join(
    _ parts: inout [TraceCollector], _ names: SimulationNames
  ) -> ([SimulatedTrace], [UInt64], [SimulatedSpan], [Int32]) {
    var order: [(part: Int, place: Int)] = []
    for part in parts.indices { order += parts[part].traces.indices.map { (part, $0) } }
    order.sort { left, right in
      let (a, b) = (parts[left.part].traces[left.place], parts[right.part].traces[right.place])
      return a.latestEnd != b.latestEnd ? a.latestEnd < b.latestEnd : a.id < b.id
    }
    var traces: [SimulatedTrace] = []
    var answers: [UInt64] = []
    var spans: [SimulatedSpan] = []
    var links: [Int32] = []
    traces.reserveCapacity(order.count)
    spans.reserveCapacity(parts.reduce(0) { $0 + $1.spans.count })
    let words = parts.first?.words ?? 1
    answers.reserveCapacity(order.count * words)
    for (part, place) in order {
      var trace = parts[part].traces[place]
      answers += parts[part].answers[trace.answers..<trace.answers + words]
      trace.answers = answers.count - words
      let number = UInt32(truncatingIfNeeded: traces.count)
      let first = spans.count
      for span in parts[part].spans[trace.spanStart..<trace.spanStart + Int(trace.spanCount)] {
        var span = span
        span.operation = names.operationNumbers[part][Int(span.operation)]
        span.traceAndError |= number
        spans.append(span)
      }
      trace.spanStart = first
      let firstLink = links.count
      for link in parts[part].links[trace.linkStart..<trace.linkStart + Int(trace.linkCount)] {
        links.append(names.linkNumbers[part][Int(link)])
      }
      trace.linkStart = firstLink
      trace.entryPoint = names.operationNumbers[part][Int(trace.entryPoint)]
      traces.append(trace)
    }
    return (traces, answers, spans, links)
  }
}

/// The names that all threads met, in their order, and the numbers that each thread gave them.
struct SimulationNames {
  let operations: [OperationKey]
  let links: [LinkKey]
  let operationNumbers: [[Int32]]
  let linkNumbers: [[Int32]]

  init(_ parts: [TraceCollector], _ store: SpanStore) {
    let operationKeys = parts.map { part in
      part.operationKeys.map { key in
        OperationKey(
          service: store.symbols.text(Symbol(UInt32(key >> 32))),
          operation: store.symbols.text(Symbol(UInt32(truncatingIfNeeded: key))))
      }
    }
    let linkKeys = parts.map { part in
      part.linkKeys.map { key in
        LinkKey(
          parent: store.symbols.text(Symbol(UInt32(key >> 32))),
          child: store.symbols.text(Symbol(UInt32(truncatingIfNeeded: key))))
      }
    }
    (operations, operationNumbers) = Self.numbered(operationKeys)
    (links, linkNumbers) = Self.numbered(linkKeys)
  }

  private static func numbered<Key: Hashable & Comparable>(_ parts: [[Key]]) -> ([Key], [[Int32]]) {
    let all = Set(parts.flatMap(\.self)).sorted()
    var numbers: [Key: Int32] = [:]
    for (number, key) in all.enumerated() { numbers[key] = Int32(truncatingIfNeeded: number) }
    return (all, parts.map { $0.map { numbers[$0] ?? 0 } })
  }
}
