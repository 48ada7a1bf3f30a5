import TraceModel

/// Failures with one signature.
struct ErrorGroupRow: DigestRow {
  /// Who is to blame; empty when the callee of an unanswered call is not named, and `callee` is asked.
  var blamed = Symbol.empty
  /// In whose span it was seen.
  var operation: Int32 = 0
  var type = Symbol.empty
  var peer = Symbol.empty
  /// With ids, numbers and addresses replaced.
  var message = Symbol.empty
  /// An unanswered call without a named peer.
  var asksForCallee = false
  /// Failures, and traces with at least one.
  var count = 0
  var traces = 0
  /// Traces whose root failed with it.
  var rootFailures = 0
  /// Traces in which a healthy span stood above it, and the critical-path time that cost.
  var swallowed = 0
  var swallowedTime: Int64 = 0
  /// After the root had ended or below a consumer: the caller did not see it.
  var unseen = 0
  var firstSeen: Int64 = .max
  var lastSeen: Int64 = 0
  /// The one in the shortest trace, and one with all its words (connected, most spans).
  var shortest = Exemplar()
  var fullest = Exemplar()
  /// The message of the fullest one as it was.
  var exampleMessage = Symbol.empty
  /// What its root says came of it.
  var consequence = Symbol.empty

  var key: ListKey {
    ListKey([blamed.number, Int(operation), type.number, peer.number, message.number, asksForCallee ? 1 : 0])
  }

  var withoutExamples: Self {
    var row = self
    row.exampleMessage = .empty
    row.consequence = .empty
    return row
  }

  mutating func merge(_ other: Self) {
    count += other.count
    traces += other.traces
    rootFailures += other.rootFailures
    swallowed += other.swallowed
    swallowedTime = swallowedTime.saturatingSum(other.swallowedTime)
    unseen += other.unseen
    firstSeen = min(firstSeen, other.firstSeen)
    lastSeen = max(lastSeen, other.lastSeen)
    shortest.merge(other.shortest)
    if other.fullest.isBetter(than: fullest) {
      fullest = other.fullest
      exampleMessage = other.exampleMessage
      consequence = other.consequence
    }
  }

  mutating func visit<Visitor: FieldVisitor>(_ visitor: inout Visitor) {
    visitor.symbol(&blamed)
    visitor.reference(&operation, .operations)
    visitor.symbol(&type)
    visitor.symbol(&peer)
    visitor.symbol(&message)
    visitor.flag(&asksForCallee)
    visitor.integer(&count)
    visitor.integer(&traces)
    visitor.integer(&rootFailures)
    visitor.integer(&swallowed)
    visitor.integer64(&swallowedTime)
    visitor.integer(&unseen)
    visitor.integer64(&firstSeen)
    visitor.integer64(&lastSeen)
    visitor.exemplar(&shortest)
    visitor.exemplar(&fullest)
    visitor.symbol(&exampleMessage)
    visitor.symbol(&consequence)
  }
}

/// An entry point whose traces hold failures of a group.
struct ErrorEntryRow: DigestRow {
  var group: Int32 = 0
  var entryPoint: Int32 = 0
  var traces = 0
  var rootFailures = 0
  /// Connected traces whose root failed with it.
  var failed = 0

  var key: RowKey { RowKey(Int(group), Int(entryPoint)) }

  mutating func merge(_ other: Self) {
    traces += other.traces
    rootFailures += other.rootFailures
    failed += other.failed
  }

  mutating func visit<Visitor: FieldVisitor>(_ visitor: inout Visitor) {
    visitor.reference(&group, .errorGroups)
    visitor.reference(&entryPoint, .entryPoints)
    visitor.integer(&traces)
    visitor.integer(&rootFailures)
    visitor.integer(&failed)
  }
}

/// A way that failures of a group took from their origin towards the root.
struct ErrorPathRow: DigestRow {
  /// Longer ways are cut.
  static let limit = 32

  var group: Int32 = 0
  /// The operations of the failed spans, the origin first.
  var steps: [Int32] = []
  var count = 0

  var key: ListKey { ListKey([Int(group)] + steps.map { Int($0) }) }

  mutating func merge(_ other: Self) { count += other.count }

  mutating func visit<Visitor: FieldVisitor>(_ visitor: inout Visitor) {
    visitor.reference(&group, .errorGroups)
    visitor.list(&steps, of: 0) { $0.reference(&$1, .operations) }
    visitor.integer(&count)
  }
}

/// Connected traces of an entry point that reach a service, healthy and failing ones.
struct ReachRow: DigestRow {
  var entryPoint: Int32 = 0
  var service = Symbol.empty
  var healthy = 0
  var failed = 0

  var key: RowKey { RowKey(Int(entryPoint), service.number) }

  mutating func merge(_ other: Self) {
    healthy += other.healthy
    failed += other.failed
  }

  mutating func visit<Visitor: FieldVisitor>(_ visitor: inout Visitor) {
    visitor.reference(&entryPoint, .entryPoints)
    visitor.symbol(&service)
    visitor.integer(&healthy)
    visitor.integer(&failed)
  }
}

/// Connected traces of an entry point whose root failed with a group and that reach a service nevertheless.
struct ErrorReachRow: DigestRow {
  var group: Int32 = 0
  var entryPoint: Int32 = 0
  var service = Symbol.empty
  var traces = 0

  var key: RowKey { RowKey(Int(group), Int(entryPoint), service.number) }

  mutating func merge(_ other: Self) { traces += other.traces }

  mutating func visit<Visitor: FieldVisitor>(_ visitor: inout Visitor) {
    visitor.reference(&group, .errorGroups)
    visitor.reference(&entryPoint, .entryPoints)
    visitor.symbol(&service)
    visitor.integer(&traces)
  }
}
