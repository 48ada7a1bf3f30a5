import TraceModel

/// Requests of one entry point that touch the same set of services: only like is compared with like.
struct TraceClassRow: DigestRow {
  var entryPoint: Int32 = 0
  /// A hash of the names of its services; 0 for requests of classes that are too small to be told apart.
  var services: UInt64 = 0
  var traces = 0

  var key: RowKey { RowKey(Int(entryPoint), Int(bitPattern: UInt(services))) }

  mutating func merge(_ other: Self) { traces += other.traces }

  mutating func visit<Visitor: FieldVisitor>(_ visitor: inout Visitor) {
    visitor.reference(&entryPoint, .entryPoints)
    visitor.identifier(&services)
    visitor.integer(&traces)
  }
}

/// Self time that belongs to one service in the requests of a class, gaps of calls booked on the called service.
struct ClassPartRow: DigestRow {
  var traceClass: Int32 = 0
  var service = Symbol.empty
  /// Over requests: sum and sum of squares.
  var time: Int64 = 0
  var squares: UInt128 = 0
  var spans = 0

  var key: RowKey { RowKey(Int(traceClass), service.number) }

  mutating func merge(_ other: Self) {
    time = time.saturatingSum(other.time)
    squares &+= other.squares
    spans += other.spans
  }

  mutating func visit<Visitor: FieldVisitor>(_ visitor: inout Visitor) {
    visitor.reference(&traceClass, .traceClasses)
    visitor.symbol(&service)
    visitor.integer64(&time)
    visitor.wide(&squares)
    visitor.integer(&spans)
  }
}

/// Self time that belongs to one service, over the requests that touch it.
struct OwnTimeRow: DigestRow {
  var service = Symbol.empty
  var times = DurationSketch()

  var key: RowKey { RowKey(service.number) }

  mutating func merge(_ other: Self) { times.merge(other.times) }

  mutating func visit<Visitor: FieldVisitor>(_ visitor: inout Visitor) {
    visitor.symbol(&service)
    visitor.sketch(&times)
  }
}

/// Calls from one operation to another below it, in connected traces and from parents that did not fail.
struct CallRow: DigestRow {
  /// Equal to `child` for the spans of an operation themselves, which the calls are set in relation to.
  var parent: Int32 = 0
  var child: Int32 = 0
  var isSelf = false
  var count = 0

  var key: RowKey { RowKey(Int(parent), isSelf ? 0 : 1, Int(child)) }

  mutating func merge(_ other: Self) { count += other.count }

  mutating func visit<Visitor: FieldVisitor>(_ visitor: inout Visitor) {
    visitor.reference(&parent, .operations)
    visitor.reference(&child, .operations)
    visitor.flag(&isSelf)
    visitor.integer(&count)
  }
}
