import TraceModel

/// Keeps what lists say about the traces that another analysis took as an example.
struct TraceListAnalysis: Analysis, ~Copyable {
  private var rows: [TraceRow] = []

  init() {}

  /// How many were kept so far, with those in whose place others came since.
  var count: Int { rows.count }

  mutating func observe(_ trace: Trace, _ spans: Span<TraceSpan>, _ seen: inout Observed) {
    guard seen.wasChosen else { return }
    let root = spans[trace.primaryRoot]
    var row = TraceRow()
    row.id = trace.id
    row.rootService = root.service
    row.rootOperation = root.record.name
    row.start = trace.start.rawValue
    row.length = trace.duration.rawValue
    row.spans = spans.count
    row.errors = seen.errorCount
    row.rootFailed = root.isError
    row.depth = trace.depth
    row.isComplete = trace.isComplete
    row.errorText = seen.errorCount > 0 ? Self.firstErrorText(trace, spans, seen.store) : .empty
    for index in 0..<seen.reached.count { row.services.append(seen.serviceName(seen.reached[index])) }
    seen.note(name: row.rootOperation)
    seen.note(name: row.errorText)
    rows.append(row)
  }

  /// The text of the earliest failed span that has one.
  static func firstErrorText(_ trace: Trace, _ spans: Span<TraceSpan>, _ store: SpanStore) -> Symbol {
    var first: Int?
    for place in 0..<spans.count
    where spans[place].isError && spans[place].record.presence.contains(.statusMessage) {
      if first.map({ spans[place].start < spans[$0].start }) ?? true { first = place }
    }
    return first.map { trace.statusMessage(of: spans[$0], in: store) } ?? .empty
  }

  // Which traces stay in the end is not known before.
  var rowBytes: Int { 0 }

  mutating func report(to digest: inout Digest, _ seen: inout Observed) { digest.traces = rows }
}
