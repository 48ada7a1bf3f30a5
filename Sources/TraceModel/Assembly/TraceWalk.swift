import Synchronization

/// Assembles every trace of a store once, on several threads, and any of them again later.
///
/// A thread takes a turn, assembles its traces one after another in the same memory, and takes the next one.
/// Which thread gets which trace is left to chance, so whatever states collect must merge without regard to order.
///
/// A trace lies in memory whole while it is looked at: some 450 bytes a span, and what is found out or written meanwhile. So
/// large ones are looked at one at a time.
package final class TraceWalk: Sendable {
  /// The store that is walked.
  package let store: SpanStore
  /// The choices of the user.
  package let options: AssemblyOptions
  /// The spans by trace.
  package let partitions: TracePartitions
  /// The archives of the store; of their spans those outside the window are told apart.
  package let archives: [ArchiveSummary]

  private let hosts: HostProfiles
  private let threads: Int
  /// Traces with more spans are large.
  private let largeTrace: Int
  /// Held by whoever looks at a large trace.
  private let largeTraceGate = Mutex(())
  private let progress: ProgressCounter?

  /// The number of threads that look at traces at the same time.
  package var threadCount: Int { threads }

  /// What came out of a walk.
  package struct Outcome<State: Sendable>: Sendable {
    /// The states of all threads, in any order.
    package var states: [State]
    /// What was assembled, dropped and joined.
    package var totals: AssemblyTotals
  }

  /// Groups the spans of a store by trace.
  ///
  /// - Parameters:
  ///   - walkers: the threads that look at traces, where they are fewer than those that group spans.
  ///   - largeTrace: traces with more spans are looked at one at a time, and their memory is given back.
  ///   - partitionBits: for tests; see `TracePartitions`.
  ///   - progress: counts the spans of each walk.
  /// - Complexity: O(spans), in parallel.
  package init(
    _ store: SpanStore, options: AssemblyOptions, threads: Int, walkers: Int? = nil,
    largeTrace: Int = .max, partitionBits: Int? = nil,
    progress: ProgressCounter? = nil
  ) {
    self.store = store
    self.progress = progress
    self.options = options
    self.threads = max(1, walkers ?? threads)
    self.largeTrace = largeTrace
    partitions = TracePartitions(
      store, strictTraceID: options.strictTraceID, threads: threads, partitionBits: partitionBits)
    if let window = options.window {
      archives = WindowSieve.sift(partitions, of: store, through: window, threads: threads)
    } else {
      archives = store.archives
    }
    hosts = HostProfiles(store)
  }

  /// Does something with a trace of so many spans, alone if it is large; nobody may look at another large trace within it.
  private func alone<Result>(ifLarge spans: Int, _ body: () throws -> Result) rethrows -> Result {
    guard spans > largeTrace else { return try body() }
    return try largeTraceGate.withLock { _ in try body() }
  }

  /// The trace with the most spans, as read; nil when there is none.
  ///
  /// - Complexity: O(traces).
  package var largestTrace: (id: TraceID, spans: Int)? {
    var largest: TraceGroup?
    partitions.forEachGroup { if !$0.isOutside, $0.count > largest?.count ?? 0 { largest = $0 } }
    return largest.map { ($0.id, Int($0.count)) }
  }

  /// Has a trace take no part, as if it began outside the window; to be called before anything is looked at.
  ///
  /// - Complexity: O(traces).
  package func leaveOut(_ id: TraceID) {
    for place in 0..<partitions.order.count where partitions.group(at: place).id == id {
      partitions.markOutside(at: place)
    }
  }

  /// The number of traces.
  ///
  /// - Complexity: O(traces).
  package var traceCount: Int {
    var count = 0
    forEachTraceID { _ in count += 1 }
    return count
  }

  /// Shows the ids of all traces that take part, in no order that may be relied on.
  package func forEachTraceID(_ body: (TraceID) -> Void) {
    partitions.forEachGroup { if !$0.isOutside { body($0.id) } }
  }

  /// True when the span's trace takes part.
  ///
  /// - Complexity: O(log traces) with a window, else O(1).
  @inline(__always)
  package func takesPart(_ span: SpanRecord) -> Bool { options.window == nil || contains(span.traceID) }

  /// True when a trace is in the archives and takes part.
  package func contains(_ id: TraceID) -> Bool { group(of: id) != nil }

  /// The group of a trace; nil when it is not in the archives or does not take part.
  func group(of id: TraceID) -> TraceGroup? {
    guard let group = partitions.find(id), !group.isOutside else { return nil }
    return group
  }

  /// Assembles every trace and hands it to the state of the thread that did so; the trace is filled anew each time.
  ///
  /// Warnings are not put into words unless `withWarnings` is set: states look at `notes`.
  package func walk<State: Sendable>(
    withWarnings: Bool = false, makeState: @Sendable () -> State, body: @Sendable (inout State, Trace) -> Void
  ) -> Outcome<State> {
    let collected = SharedResult<State>(archives: store.archives.count)
    let turns = partitions.turns
    progress?.begin(store.spanCount, .spans)
    let mostInMemory = store.spansInMemory / max(threads, 1)
    ParallelLoop.run(turns.count, threads: threads) {
      WalkWorker(makeState(), makeAssembler(withWarnings: withWarnings))
    } body: { worker, turn in
      var spans = 0
      if store.isSpilled { worker.fetcher.fetch(turns[turn], of: partitions, store) }
      for place in turns[turn] {
        worker.assembler.prefetch(after: place, of: partitions)
        let group = partitions.group(at: place)
        spans += Int(group.count)
        guard !group.isOutside else { continue }
        alone(ifLarge: Int(group.count)) {
          worker.assembler.assemble(group, of: partitions, into: &worker.trace)
          body(&worker.state, worker.trace)
          if Int(group.count) > largeTrace { worker.giveBack(makeAssembler(withWarnings: withWarnings)) }
        }
        worker.spansInMemory += Int(group.count)
        if worker.spansInMemory > mostInMemory {
          worker.spansInMemory = 0
          leaveMemory()
        }
      }
      progress?.add(spans)
    } finish: { worker in
      collected.add(worker.state, worker.assembler.totals)
    }
    leaveMemory()
    return collected.take()
  }

  /// Assembles chosen traces again, in the given order, with their warnings if asked; ids that are not there, or outside
  /// the window, are passed over.
  ///
  /// - Parameter keeping: the traces are kept, so that each is filled anew.
  /// - Complexity: O(spans of the traces); on one thread.
  package func assemble(
    traceIDs: some Sequence<TraceID>, withWarnings: Bool = true, keeping: Bool = false,
    body: (Trace) throws -> Void
  ) rethrows {
    var assembler = makeAssembler(withWarnings: withWarnings)
    var trace = Trace()
    var spans = 0
    for id in traceIDs {
      guard let group = group(of: id) else { continue }
      // A trace that is kept shares its memory, and the next one would get as much as the largest before it.
      if keeping { trace = Trace() }
      try alone(ifLarge: Int(group.count)) {
        assembler.assemble(group, of: partitions, into: &trace)
        try body(trace)
      }
      // Spans of single traces lie apart: each touches some pages of its own.
      spans += Int(group.count)
      if spans > min(512, store.spansInMemory) {
        spans = 0
        leaveMemory()
      }
    }
    // Whoever asks for one trace after another brings their pages one after another, too.
    if spans > 0 { leaveMemory() }
  }

  private func leaveMemory() {
    partitions.leaveMemory(with: store)
    hosts.leaveMemory()
  }

  /// Chosen traces in the given order, as `assemble` gives them; on all threads.
  package func assembled(_ ids: [TraceID]) -> [Trace] {
    let slices = min(threads * 4, ids.count)
    let parts = Slots<[Trace]>(count: slices)
    ParallelLoop.run(slices, threads: threads) { slice in
      var traces: [Trace] = []
      assemble(
        traceIDs: ids[slice * ids.count / slices..<(slice + 1) * ids.count / slices], keeping: true
      ) {
        traces.append($0)
      }
      parts.set(slice, traces)
    }
    return parts.values.flatMap(\.self)
  }

  /// Assembles one trace with its warnings; nil when its id is not there.
  package func trace(_ id: TraceID) -> Trace? {
    var found: Trace?
    assemble(traceIDs: CollectionOfOne(id)) { found = $0 }
    return found
  }

  /// Makes an assembler for one thread.
  package func makeAssembler(withWarnings: Bool = true) -> TraceAssembler {
    var options = options
    options.collectsWarnings = options.collectsWarnings && withWarnings
    return TraceAssembler(store, options: options, hosts: hosts)
  }
}

/// What one thread of a walk owns.
private struct WalkWorker<State: Sendable>: ~Copyable {
  var state: State
  var assembler: TraceAssembler
  var trace = Trace()
  var fetcher = TurnFetcher()
  /// Spans since pages were last let go of.
  var spansInMemory = 0

  init(_ state: State, _ assembler: consuming TraceAssembler) {
    self.state = state
    self.assembler = assembler
  }

  /// Goes on with a fresh assembler, since the old one keeps its memory.
  mutating func giveBack(_ fresh: consuming TraceAssembler) {
    fresh.totals = assembler.totals
    assembler = fresh
    trace = Trace()
  }
}

/// Collects the results of threads.
private final class SharedResult<State: Sendable>: Sendable {
  private let result: Mutex<TraceWalk.Outcome<State>>

  init(archives: Int) {
    result = Mutex(TraceWalk.Outcome(states: [], totals: AssemblyTotals(archives: archives)))
  }

  func add(_ state: State, _ totals: AssemblyTotals) {
    result.withLock {
      $0.states.append(state)
      $0.totals.merge(totals)
    }
  }

  func take() -> TraceWalk.Outcome<State> { result.withLock { $0 } }
}
