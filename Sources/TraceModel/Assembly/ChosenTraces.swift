/// Chosen traces that are looked at several times, such as those that get a page.
///
/// They are kept as they were put together, unless they have too many spans in all: then each is put together anew every time.
package struct ChosenTraces: Sendable {
  private enum Source: Sendable {
    case kept([Trace])
    case anew(TraceWalk)
  }

  /// Their ids, in the order in which they were chosen.
  package let ids: [TraceID]
  /// How many spans each has, as read.
  package let spanCounts: [Int]
  private let source: Source

  /// The number of traces.
  package var count: Int { ids.count }

  /// Chooses traces of a walk; ids that are not there, or outside its window, are passed over.
  ///
  /// - Parameter room: how many spans may be kept.
  /// - Complexity: O(spans of the traces), on all threads of the walk.
  package init(_ wanted: [TraceID], of walk: TraceWalk, room: Int = .max) {
    let groups = wanted.compactMap(walk.group)
    ids = groups.map(\.id)
    spanCounts = groups.map { Int($0.count) }
    let spans = spanCounts.reduce(0, +)
    source = spans > room ? .anew(walk) : .kept(walk.assembled(ids))
  }

  /// Shows the trace at a place, with its warnings. Any number of threads may ask; large ones are shown one at a time.
  package func withTrace<Result>(
    at place: Int, _ body: (Trace) throws -> Result
  ) rethrows -> Result {
    switch source {
    case .kept(let traces): return try body(traces[place])
    case .anew(let walk):
      var result: Result?
      try walk.assemble(traceIDs: CollectionOfOne(ids[place])) { result = try body($0) }
      guard let result else { preconditionFailure("a trace that was chosen is gone") }
      return result
    }
  }
}
