import TraceModel

/// Gathers what a simulation needs of the traces that one thread assembles; only that thread touches it until the walk
/// is over.
///
/// Rows go where the spans are: into temporary files when those do not fit into memory.
final class TraceCollector: @unchecked Sendable {
  private(set) var rows: TraceRows
  /// Service and span name of each operation, in the thread's numbers.
  private(set) var operationKeys: [UInt64] = []
  private(set) var linkKeys: [UInt64] = []
  /// By the numbers of operations: true for those that begin a trace.
  private var isEntryPoint: [Bool] = []
  let words: Int

  private var examiner: TraceExaminer
  private let list: QuestionList
  private let store: SpanStore
  private var operationNumbers: [UInt64: Int32] = [:]
  private var linkNumbers: [UInt64: Int32] = [:]
  /// What is told apart; nil for everything.
  private let told: ToldNames?
  private let room: NameRoom
  /// Keys of names that were not all told apart, by those that they had.
  private var recentOperations = RecentNumbers()
  private var recentLinks = RecentNumbers()
  private var answersOfTrace: [UInt64] = []
  /// The trace in which a link was met last.
  private var lastTraceOfLink: [Int] = []
  private let priorityKey: Symbol?
  private var arrived: ArrivedWeight
  /// Bytes of a span whose own are not known, by archive.
  private let averageBytes: [Int64]

  init(
    _ list: QuestionList, _ store: SpanStore, _ sampling: SamplingDeclaration, _ told: ToldNames?,
    _ room: NameRoom
  ) {
    self.list = list
    self.told = told
    self.room = room
    rows = TraceRows(in: store.spill)
    arrived = ArrivedWeight(store, sampling)
    self.store = store
    words = list.words
    examiner = TraceExaminer(list, store)
    priorityKey = store.symbols.find("sampling.priority")
    averageBytes = store.archives.map { Int64($0.inflatedBytes / max($0.spansRead, 1)) }
  }

  /// Takes up one trace; none any more once there are too many names, since then all begins anew.
  func collect(_ trace: Trace) {
    guard !room.isTooSmall, trace.spans.indices.contains(trace.primaryRoot) else { return }
    let root = trace.spans[trace.primaryRoot]
    var simulated = SimulatedTrace(
      id: trace.id, latestEnd: .min, start: root.record.start.rawValue, duration: root.duration.rawValue,
      bytes: 0, spanCount: Int32(truncatingIfNeeded: trace.spans.count),
      entryPoint: operation(of: root), answers: rows.answers.count, spanStart: rows.spans.count,
      linkStart: rows.links.count, linkCount: 0, state: trace.traceState(of: root, in: store), weight: .nan,
      scheme: 0,
      traits: [])
    let (weight, scheme) = arrived.weight(of: root, in: trace)
    simulated.weight = weight
    simulated.scheme = UInt8(truncatingIfNeeded: scheme.number)
    answersOfTrace.removeAll(keepingCapacity: true)
    examiner.appendAnswers(about: trace, to: &answersOfTrace)
    for word in answersOfTrace { rows.answers.append(word) }
    for span in trace.spans { collect(span, of: trace, into: &simulated) }
    if trace.isComplete { simulated.traits.insert(.isComplete) }
    if trace.hasTrueRoot { simulated.traits.insert(.isMeasured) }
    if root.isError { simulated.traits.insert(.rootFailed) }
    simulated.traits.formUnion(priority(of: root, in: trace))
    isEntryPoint[Int(simulated.entryPoint)] = true
    rows.traces.append(simulated)
    if told == nil { room.note(operations: operationKeys.count, links: linkKeys.count) }
    if RowStretch.ends(behind: rows.traces.count) {
      rows.leaveMemory()
      list.leaveMemory()
    }
  }

  private func collect(_ span: TraceSpan, of trace: Trace, into simulated: inout SimulatedTrace) {
    let record = span.record
    simulated.latestEnd = max(simulated.latestEnd, record.reportedEnd)
    if record.byteCount > 0 {
      simulated.bytes &+= Int64(record.byteCount)
    } else if averageBytes.indices.contains(Int(record.archive)) {
      simulated.bytes &+= averageBytes[Int(record.archive)]
    }
    if span.isError { simulated.traits.insert(.hasError) }
    if record.presence.contains(.traceState), arrived.isInconsistent(span, in: trace) {
      simulated.traits.insert(.isInconsistent)
    }
    let caller = span.parent >= 0 ? trace.spans[Int(span.parent)].service : .empty
    let isRequest = span.parent < 0 || caller != span.service
    rows.spans.append(
      SimulatedSpan(
        operation: operation(of: span),
        traceAndError: (span.isError ? 1 << 31 : 0) | (isRequest ? 1 << 30 : 0),
        duration: span.duration.rawValue))
    guard isRequest, span.parent >= 0 else { return }
    let link = link(from: caller, to: span.service)
    if lastTraceOfLink[Int(link)] == rows.traces.count { return }
    lastTraceOfLink[Int(link)] = rows.traces.count
    rows.links.append(link)
    simulated.linkCount += 1
  }

  /// The keys of the operations that begin traces.
  var entryPointKeys: [UInt64] { operationKeys.indices.filter { isEntryPoint[$0] }.map { operationKeys[$0] } }

  private func operation(of span: TraceSpan) -> Int32 {
    var key = UInt64(span.service.index) << 32 | UInt64(span.record.name.index)
    if let told {
      key = recentOperations.number(of: key) { told.operation(span.service, span.record.name, store) }
    }
    if let number = operationNumbers[key] { return number }
    let number = Int32(truncatingIfNeeded: operationKeys.count)
    operationNumbers[key] = number
    operationKeys.append(key)
    isEntryPoint.append(false)
    return number
  }

  private func link(from caller: Symbol, to service: Symbol) -> Int32 {
    var key = UInt64(caller.index) << 32 | UInt64(service.index)
    if let told { key = recentLinks.number(of: key) { told.link(caller, service, store) } }
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
