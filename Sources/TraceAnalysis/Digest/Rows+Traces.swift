import TraceModel

/// What lists say about a trace that something points to.
struct TraceRow: DigestRow {
  var id = TraceID.absent
  var rootService = Symbol.empty
  var rootOperation = Symbol.empty
  var start: Int64 = 0
  var length: Int64 = 0
  var spans = 0
  var errors = 0
  var rootFailed = false
  var depth = 0
  var isComplete = true
  var errorText = Symbol.empty
  /// By name.
  var services: [Symbol] = []

  var key: TraceID { id }

  /// One trace is in one digest only; of two that say otherwise the longer one is kept.
  mutating func merge(_ other: Self) {
    if (other.spans, other.length, other.start) > (spans, length, start) { self = other }
  }

  mutating func visit<Visitor: FieldVisitor>(_ visitor: inout Visitor) {
    visitor.identifier(&id)
    visitor.symbol(&rootService)
    visitor.symbol(&rootOperation)
    visitor.integer64(&start)
    visitor.integer64(&length)
    visitor.integer(&spans)
    visitor.integer(&errors)
    visitor.flag(&rootFailed)
    visitor.integer(&depth)
    visitor.flag(&isComplete)
    visitor.symbol(&errorText)
    visitor.list(&services, of: .empty) { $0.symbol(&$1) }
  }
}

/// How often a warning was given about spans of a service.
struct WarningRow: DigestRow {
  /// The fixed word.
  var code = Symbol.empty
  var service = Symbol.empty
  var count = 0
  var example = Exemplar()

  var key: RowKey { RowKey(code.number, service.number) }

  mutating func merge(_ other: Self) {
    count += other.count
    example.merge(other.example)
  }

  mutating func visit<Visitor: FieldVisitor>(_ visitor: inout Visitor) {
    visitor.symbol(&code)
    visitor.symbol(&service)
    visitor.integer(&count)
    visitor.exemplar(&example)
  }
}

/// How much was looked at.
struct DigestTotals: Sendable, Equatable {
  var traces = 0
  var completeTraces = 0
  /// Spans in traces, after joining.
  var spans = 0
  var fusedSpans = 0
  var duplicateSpans = 0
  /// Least start and greatest end, of plausible times where there are any.
  var start: Int64 = .max
  var end: Int64 = .min
  var anyStart: Int64 = .max
  var anyEnd: Int64 = .min

  mutating func merge(_ other: Self) {
    traces += other.traces
    completeTraces += other.completeTraces
    spans += other.spans
    fusedSpans += other.fusedSpans
    duplicateSpans += other.duplicateSpans
    start = min(start, other.start)
    end = max(end, other.end)
    anyStart = min(anyStart, other.anyStart)
    anyEnd = max(anyEnd, other.anyEnd)
  }

  mutating func visit<Visitor: FieldVisitor>(_ visitor: inout Visitor) {
    visitor.integer(&traces)
    visitor.integer(&completeTraces)
    visitor.integer(&spans)
    visitor.integer(&fusedSpans)
    visitor.integer(&duplicateSpans)
    visitor.integer64(&start)
    visitor.integer64(&end)
    visitor.integer64(&anyStart)
    visitor.integer64(&anyEnd)
  }

  /// The window that rates refer to.
  var window: TimeWindow {
    var window = TimeWindow()
    if start <= end {
      window.start = UnixNanoseconds(start)
      window.end = UnixNanoseconds(end)
    } else if anyStart <= anyEnd {
      window.start = UnixNanoseconds(anyStart)
      window.end = UnixNanoseconds(anyEnd)
    }
    return window
  }
}
