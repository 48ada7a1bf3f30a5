import TraceModel

/// All calls from one node to another, by Tracebook's own rule.
struct LinkRow: DigestRow {
  var parent = Symbol.empty
  var child = Symbol.empty
  var type = ConnectionType.rpc
  var errors = 0
  var clientErrors = 0
  /// As the caller saw it; for messages the time in the queue.
  var latency = DurationSketch()
  /// As the callee saw it; empty where it reports no spans.
  var calleeLatency = DurationSketch()
  var slowest = Exemplar()
  var failing = Exemplar()

  var key: RowKey { RowKey(parent.number, child.number, type.number) }

  mutating func merge(_ other: Self) {
    errors += other.errors
    clientErrors += other.clientErrors
    latency.merge(other.latency)
    calleeLatency.merge(other.calleeLatency)
    slowest.merge(other.slowest)
    failing.merge(other.failing)
  }

  mutating func visit<Visitor: FieldVisitor>(_ visitor: inout Visitor) {
    visitor.symbol(&parent)
    visitor.symbol(&child)
    var number = type.number
    visitor.integer(&number)
    type = ConnectionType(number: number)
    visitor.integer(&errors)
    visitor.integer(&clientErrors)
    visitor.sketch(&latency)
    visitor.sketch(&calleeLatency)
    visitor.exemplar(&slowest)
    visitor.exemplar(&failing)
  }
}

extension ConnectionType {
  /// Its place in the order of the printed words.
  var number: Int {
    switch self {
    case .database: 0
    case .messagingSystem: 1
    case .rpc: 2
    case .virtualNode: 3
    }
  }

  init(number: Int) {
    switch number {
    case 0: self = .database
    case 1: self = .messagingSystem
    case 3: self = .virtualNode
    default: self = .rpc
    }
  }
}

/// A PRODUCER span, kept until it is known whether a CONSUMER in another trace links to it.
struct ProducerRow: DigestRow {
  var traceLow: UInt64 = 0
  var spanID: UInt64 = 0
  var service = Symbol.empty
  var end: Int64 = 0
  var length: Int64 = 0
  var failed = false
  /// Its call goes to its peer unless somebody links to it.
  var isLone = false
  var peer = Symbol.empty
  /// The peer is a database.
  var isDatabase = false
  var traceHigh: UInt64 = 0

  /// Between whom it is a call unless somebody links to it.
  struct Link: Hashable {
    var parent: Symbol
    var child: Symbol
  }

  var link: Link { Link(parent: service, child: peer) }

  var key: RowKey {
    RowKey(
      Int(bitPattern: UInt(traceLow)), Int(bitPattern: UInt(spanID)), service.number, Int(end), Int(length))
  }

  /// Equal in all that matters: the same span once more, kept once whatever the order.
  mutating func merge(_ other: Self) {}

  mutating func visit<Visitor: FieldVisitor>(_ visitor: inout Visitor) {
    visitor.identifier(&traceHigh)
    visitor.identifier(&traceLow)
    visitor.identifier(&spanID)
    visitor.symbol(&service)
    visitor.integer64(&end)
    visitor.integer64(&length)
    visitor.flag(&failed)
    visitor.flag(&isLone)
    visitor.symbol(&peer)
    visitor.flag(&isDatabase)
  }
}

/// A CONSUMER span with span links, kept until the spans it points to are known.
struct ConsumerRow: DigestRow {
  var traceID = TraceID.absent
  var spanID: UInt64 = 0
  var service = Symbol.empty
  var start: Int64 = 0
  var length: Int64 = 0
  var failed = false
  /// A root: without a linked producer its call comes from its peer.
  var isRoot = false
  var peer = Symbol.empty
  /// Low half of the trace id and span id of each span pointed to.
  var links: [UInt64] = []

  var key: RowKey {
    RowKey(
      Int(bitPattern: UInt(traceID.low)), Int(bitPattern: UInt(spanID)), service.number, Int(start),
      Int(length))
  }

  /// Equal in all that matters: the same span once more, kept once whatever the order.
  mutating func merge(_ other: Self) {}

  mutating func visit<Visitor: FieldVisitor>(_ visitor: inout Visitor) {
    visitor.identifier(&traceID)
    visitor.identifier(&spanID)
    visitor.symbol(&service)
    visitor.integer64(&start)
    visitor.integer64(&length)
    visitor.flag(&failed)
    visitor.flag(&isRoot)
    visitor.symbol(&peer)
    visitor.list(&links, of: 0) { $0.identifier(&$1) }
  }
}
