import TraceModel

/// One operation of one service: all its spans.
struct OperationRow: DigestRow {
  var service = Symbol.empty
  var name = Symbol.empty
  var kind = SpanKind.unspecified
  var errors = 0
  var selfTime: Int64 = 0
  var pathTime: Int64 = 0
  var durations = DurationSketch()
  /// Spans without a child: where a call that was never answered hides its time.
  var leaves = 0
  var leafSelfTime: Int64 = 0
  var slowest = Exemplar()
  var failing = Exemplar()

  var key: RowKey { RowKey(service.number, name.number, Int(kind.rawValue)) }

  mutating func merge(_ other: Self) {
    errors += other.errors
    selfTime = selfTime.saturatingSum(other.selfTime)
    pathTime = pathTime.saturatingSum(other.pathTime)
    durations.merge(other.durations)
    leaves += other.leaves
    leafSelfTime = leafSelfTime.saturatingSum(other.leafSelfTime)
    slowest.merge(other.slowest)
    failing.merge(other.failing)
  }

  mutating func visit<Visitor: FieldVisitor>(_ visitor: inout Visitor) {
    visitor.symbol(&service)
    visitor.symbol(&name)
    visitor.kind(&kind)
    visitor.integer(&errors)
    visitor.integer64(&selfTime)
    visitor.integer64(&pathTime)
    visitor.sketch(&durations)
    visitor.integer(&leaves)
    visitor.integer64(&leafSelfTime)
    visitor.exemplar(&slowest)
    visitor.exemplar(&failing)
  }
}

/// Spans of an operation whose only child is in another service: the time beside the child belongs to the call.
struct CalleeRow: DigestRow {
  var operation: Int32 = 0
  var callee = Symbol.empty
  var count = 0
  /// Self time of the calling spans: network, queueing, connection set-up.
  var gap: Int64 = 0

  var key: RowKey { RowKey(Int(operation), callee.number) }

  mutating func merge(_ other: Self) {
    count += other.count
    gap = gap.saturatingSum(other.gap)
  }

  mutating func visit<Visitor: FieldVisitor>(_ visitor: inout Visitor) {
    visitor.reference(&operation, .operations)
    visitor.symbol(&callee)
    visitor.integer(&count)
    visitor.integer64(&gap)
  }
}

/// The requests of one service.
struct ServiceRow: DigestRow {
  var service = Symbol.empty
  var traces = 0
  /// Root spans.
  var roots = 0
  var requests = DurationSketch()
  var requestErrors = 0
  var unnamedPeerCalls = 0
  var slowest = Exemplar()
  var failing = Exemplar()

  var key: RowKey { RowKey(service.number) }

  mutating func merge(_ other: Self) {
    traces += other.traces
    roots += other.roots
    requests.merge(other.requests)
    requestErrors += other.requestErrors
    unnamedPeerCalls += other.unnamedPeerCalls
    slowest.merge(other.slowest)
    failing.merge(other.failing)
  }

  mutating func visit<Visitor: FieldVisitor>(_ visitor: inout Visitor) {
    visitor.symbol(&service)
    visitor.integer(&traces)
    visitor.integer(&roots)
    visitor.sketch(&requests)
    visitor.integer(&requestErrors)
    visitor.integer(&unnamedPeerCalls)
    visitor.exemplar(&slowest)
    visitor.exemplar(&failing)
  }
}

/// The spans of one version and instance of a service.
struct ResourceRow: DigestRow {
  var service = Symbol.empty
  var version = Symbol.empty
  var instance = Symbol.empty
  var spans = 0
  /// Requests answered, the sum of the self time of all spans, and that of its squares, in microseconds.
  var requests = 0
  var ownTime: Int64 = 0
  var ownSquares: UInt128 = 0
  /// Its longest request.
  var slowest = Exemplar()

  var key: RowKey { RowKey(service.number, version.number, instance.number) }

  mutating func merge(_ other: Self) {
    spans += other.spans
    requests += other.requests
    ownTime = ownTime.saturatingSum(other.ownTime)
    ownSquares &+= other.ownSquares
    slowest.merge(other.slowest)
  }

  mutating func visit<Visitor: FieldVisitor>(_ visitor: inout Visitor) {
    visitor.symbol(&service)
    visitor.symbol(&version)
    visitor.symbol(&instance)
    visitor.integer(&spans)
    visitor.integer(&requests)
    visitor.integer64(&ownTime)
    visitor.wide(&ownSquares)
    visitor.exemplar(&slowest)
  }
}
