import TraceModel

/// A shape of calls that a person would spot in a waterfall, below one operation, in the requests of an entry point.
struct PatternRow: DigestRow {
  enum Kind: Int, CaseIterable {
    /// Five or more calls of one operation by one parent.
    case repeated
    /// Calls of one operation of which all but the last failed.
    case retry
    /// A long stretch of a span with children, in which none of them runs.
    case gap
    /// Calls to other services one after the other.
    case sequential
  }

  var kind = Kind.repeated
  var entryPoint: Int32 = 0
  /// The operation of the parent.
  var operation: Int32 = 0
  /// The operation of the children; the parent's where there is no one such.
  var child: Int32 = 0
  /// Requests that show it, and parents in them.
  var traces = 0
  var parents = 0
  /// Children over all parents, and parents whose children did not overlap.
  var children = 0
  var inSequence = 0
  /// Time of the children, or of the stretch; and what would be saved if it took no longer than its longest part.
  var time: Int64 = 0
  var saving: Int64 = 0
  /// The one with the most children, or the longest.
  var example = Exemplar()

  var key: RowKey { RowKey(kind.rawValue, Int(entryPoint), Int(operation), Int(child)) }

  mutating func merge(_ other: Self) {
    traces += other.traces
    parents += other.parents
    children += other.children
    inSequence += other.inSequence
    time = time.saturatingSum(other.time)
    saving = saving.saturatingSum(other.saving)
    example.merge(other.example)
  }

  mutating func visit<Visitor: FieldVisitor>(_ visitor: inout Visitor) {
    var number = kind.rawValue
    visitor.integer(&number)
    kind = Kind(rawValue: number) ?? .repeated
    visitor.reference(&entryPoint, .entryPoints)
    visitor.reference(&operation, .operations)
    visitor.reference(&child, .operations)
    visitor.integer(&traces)
    visitor.integer(&parents)
    visitor.integer(&children)
    visitor.integer(&inSequence)
    visitor.integer64(&time)
    visitor.integer64(&saving)
    visitor.exemplar(&example)
  }
}
