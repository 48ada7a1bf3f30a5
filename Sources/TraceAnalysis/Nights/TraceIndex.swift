package import TraceModel

/// The traces of a night that search over nights can find.
package struct TraceIndex: Sendable {
  /// The most traces of a night; beyond it failing ones are kept first, then a sample.
  package static let mostTraces = 20_000

  /// By (start, id).
  package private(set) var traces: [IndexedTrace] = []
  /// The texts of their symbols.
  package let store: SpanStore
  /// The starts of all traces, from first to last; unknown ones are left out.
  private let starts: [Int64]

  /// Looks at every trace once, on the threads of the walk.
  ///
  /// - Complexity: O(spans); memory for `mostTraces`.
  package init(_ walk: TraceWalk, limit: Int = mostTraces) {
    store = walk.store
    let store = walk.store
    let outcome = walk.walk {
      TraceIndexer(store, limit: limit)
    } body: { indexer, trace in
      indexer.observe(trace)
    }
    starts = outcome.states.flatMap(\.starts).filter { $0 != UnixNanoseconds.unknown.rawValue }.sorted()
    traces = TraceIndexer.first(limit, of: outcome.states.flatMap(\.entries))
    uniteLoneValues()
  }

  /// Adds traces that must be found, whatever the limit: those that have a page.
  package mutating func add(_ more: ChosenTraces) {
    let known = Set(traces.map(\.id))
    var indexer = TraceIndexer(store, limit: more.count + 1)
    for place in 0..<more.count where !known.contains(more.ids[place]) {
      traces.append(more.withTrace(at: place) { indexer.entry($0, $0.errorCount) })
    }
    traces.sort { $0.start != $1.start ? $0.start < $1.start : $0.id < $1.id }
    uniteLoneValues()
  }

  /// Gives equal values of all traces one symbol.
  private mutating func uniteLoneValues() {
    var symbols: [String: Symbol] = [:]
    for place in traces.indices {
      traces[place].replaceLoneValues { value in
        let text = store.symbols.text(value)
        let symbol = symbols[text] ?? value
        symbols[text] = symbol
        return symbol
      }
    }
  }

  /// The moment that tells to which night the traces belong: by then one in a hundred has begun.
  ///
  /// So neither a few spans with a wrong clock nor the hours after midnight decide. Nil when nothing has a start.
  package var beginning: UnixNanoseconds? {
    starts.isEmpty ? nil : UnixNanoseconds(starts[starts.count / 100])
  }
}
