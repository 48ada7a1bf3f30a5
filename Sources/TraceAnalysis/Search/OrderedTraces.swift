package import TraceModel

/// Ids of traces in the order in which they are printed: by start, then by id.
///
/// 24 bytes a trace, in memory or where the spans are.
package struct OrderedTraces: RandomAccessCollection, Sendable {
  fileprivate struct Key: BitwiseCopyable, Sendable {
    var start: UnixNanoseconds
    var id: TraceID
  }

  private struct KeyOrder: RowOrder {
    func isBefore(_ left: Key, _ right: Key) -> Bool {
      left.start != right.start ? left.start < right.start : left.id < right.id
    }
  }

  private let keys: StoredRows<Key>

  /// All traces of a walk that fulfil a condition, which is asked on all threads.
  ///
  /// - Complexity: O(spans), in parallel, then O(*n* log *n*) in the traces.
  package init(
    _ walk: TraceWalk, where condition: @escaping @Sendable (Trace) -> Bool = { _ in true }
  ) {
    let outcome = walk.walk { [space = walk.store.spill] in
      KeyCollector(in: space)
    } body: { collector, trace in
      if condition(trace) { collector.keys.appendAndLeave(Key(start: trace.start, id: trace.id)) }
    }
    var runs = SortedRuns(in: walk.store.spill, KeyOrder())
    for collector in outcome.states {
      for place in 0..<collector.keys.count {
        runs.add(collector.keys[place])
        if RowStretch.ends(behind: place + 1) { collector.keys.leaveMemory() }
      }
      collector.keys.leaveMemory()
    }
    keys = StoredRows(runs.sorted(threads: walk.threadCount))
  }

  /// Those of some ids that a walk has, each once.
  package init(_ ids: [TraceID], in walk: TraceWalk) {
    var found: [Key] = []
    walk.assemble(traceIDs: ids, withWarnings: false) { found.append(Key(start: $0.start, id: $0.id)) }
    found.sort { KeyOrder().isBefore($0, $1) }
    var distinct: [Key] = []
    for key in found where key.id != distinct.last?.id { distinct.append(key) }
    keys = StoredRows(distinct)
  }

  package var startIndex: Int { 0 }
  package var endIndex: Int { keys.count }
  package subscript(place: Int) -> TraceID { keys[place].id }
}

/// What one thread of a walk has found; only that thread touches it until the walk is over.
private final class KeyCollector: @unchecked Sendable {
  var keys = Column<OrderedTraces.Key>()

  init(in space: SpillSpace?) {
    if let space { keys.moveToFile(in: space) }
  }
}
