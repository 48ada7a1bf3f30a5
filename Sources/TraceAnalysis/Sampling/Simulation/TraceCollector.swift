import TraceModel

/// Gathers what a simulation needs of the traces that one thread assembles.
struct TraceCollector: Sendable {
  private(set) var traces: [SimulatedTrace] = []
  private(set) var answers: [UInt64] = []
  private(set) var spans: [SimulatedSpan] = []
  private(set) var links: [Int32] = []
  /// Service and span name of each operation, in the thread's numbers.
  private(set) var operationKeys: [UInt64] = []
  private(set) var linkKeys: [UInt64] = []
  /// Trace states of roots that were met.
  private(set) var states: Set<Symbol> = []
  let words: Int

  private var examiner: TraceExaminer
  private let store: SpanStore
  private var operationNumbers: [UInt64: Int32] = [:]
  private var linkNumbers: [UInt64: Int32] = [:]
  /// The trace in which a link was met last.
  private var lastTraceOfLink: [Int] = []
  private let priorityKey: Symbol?
  private var arrived: ArrivedWeight
  /// Bytes of a span whose own are not known, by archive.
  private let averageBytes: [Int64]

  init(_ list: QuestionList, _ store: SpanStore, _ sampling: SamplingDeclaration) {
    arrived = ArrivedWeight(store, sampling)
    self.store = store
    words = list.words
    examiner = TraceExaminer(list, store)
    priorityKey = store.symbols.find("sampling.priority")
    averageBytes = store.archives.map { Int64($0.inflatedBytes / max($0.spansRead, 1)) }
  }

  mutating func collect(_ trace: Trace) {
    guard trace.spans.indices.contains(trace.primaryRoot) else { return }
    let root = trace.spans[trace.primaryRoot]
    var simulated = SimulatedTrace(
      id: trace.id, latestEnd: .min, start: root.record.start.rawValue, duration: root.duration.rawValue,
      bytes: 0, spanCount: Int32(truncatingIfNeeded: trace.spans.count),
      entryPoint: operation(of: root), answers: answers.count, spanStart: spans.count,
      linkStart: links.count, linkCount: 0, state: root.record.traceState, weight: .nan, scheme: 0,
      traits: [])
    let (weight, scheme) = arrived.weight(of: root, in: trace)
    simulated.weight = weight
    simulated.scheme = UInt8(truncatingIfNeeded: scheme.number)
    if !root.record.traceState.isEmpty { states.insert(root.record.traceState) }
    examiner.appendAnswers(about: trace, to: &answers)
    for span in trace.spans { collect(span, of: trace, into: &simulated) }
    if trace.isComplete { simulated.traits.insert(.isComplete) }
    if trace.hasTrueRoot { simulated.traits.insert(.isMeasured) }
    if root.isError { simulated.traits.insert(.rootFailed) }
    simulated.traits.formUnion(priority(of: root, in: trace))
    traces.append(simulated)
  }

  private mutating func collect(_ span: TraceSpan, of trace: Trace, into simulated: inout SimulatedTrace) {
    let record = span.record
    simulated.latestEnd = max(simulated.latestEnd, record.reportedEnd)
    if record.byteCount > 0 {
      simulated.bytes &+= Int64(record.byteCount)
    } else if averageBytes.indices.contains(Int(record.archive)) {
      simulated.bytes &+= averageBytes[Int(record.archive)]
    }
    if span.isError { simulated.traits.insert(.hasError) }
    if !record.traceState.isEmpty, arrived.isInconsistent(record, trace.id) {
      simulated.traits.insert(.isInconsistent)
    }
    let caller = span.parent >= 0 ? trace.spans[Int(span.parent)].service : .empty
    let isRequest = span.parent < 0 || caller != span.service
    spans.append(
      SimulatedSpan(
        operation: operation(of: span),
        traceAndError: (span.isError ? 1 << 31 : 0) | (isRequest ? 1 << 30 : 0),
        duration: span.duration.rawValue))
    guard isRequest, span.parent >= 0 else { return }
    let link = number(ofLink: UInt64(caller.index) << 32 | UInt64(span.service.index))
    if lastTraceOfLink[Int(link)] == traces.count { return }
    lastTraceOfLink[Int(link)] = traces.count
    links.append(link)
    simulated.linkCount += 1
  }

  private mutating func operation(of span: TraceSpan) -> Int32 {
    let key = UInt64(span.service.index) << 32 | UInt64(span.record.name.index)
    if let number = operationNumbers[key] { return number }
    let number = Int32(truncatingIfNeeded: operationKeys.count)
    operationNumbers[key] = number
    operationKeys.append(key)
    return number
  }

  private mutating func number(ofLink key: UInt64) -> Int32 {
    if let number = linkNumbers[key] { return number }
    let number = Int32(truncatingIfNeeded: linkKeys.count)
    linkNumbers[key] = number
    linkKeys.append(key)
    lastTraceOfLink.append(-1)
    return number
  }

  private func priority(of root: TraceSpan, in trace: Trace) -> SimulatedTrace.Traits {
    guard let priorityKey, let attribute = trace.attribute([priorityKey], of: root, in: store) else {
      return []
    }
    let value: Double? =
      switch store.value(of: attribute, table: root.record.table) {
      case .integer(let value): Double(value)
      case .double(let value): value
      case .text(let text): Double(text)
      default: nil
      }
    guard let value else { return [] }
    return value > 0 ? .priorityKeeps : .priorityDrops
  }
}
