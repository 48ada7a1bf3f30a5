/// A span before it becomes JSON: its place in the tree and its times.
struct PlannedSpan {
  /// What the span is about; this decides its kind, scope and attributes.
  enum Role {
    case server
    case client
    /// A client span towards a system outside the landscape.
    case outsideClient
    case query
    case cache
    case producer
    case consumer
    case compute
  }

  var id: UInt64
  /// Index of the parent in the trace, -1 for the root. A parent always has a lesser index than its children.
  var parent: Int
  var role: Role
  var service: Int
  var instance: Int
  var operation: Int
  /// Statement of a query; service that is called or published to otherwise.
  var detail: Int
  /// Siblings of one group run at the same time, groups run one after another.
  var group: Int
  /// Time the span itself works, outside its children.
  var ownNano: Int64
  /// How much later than its group it starts.
  var staggerNano: Int64
  var failed = false
  /// Whether the caller fails with it.
  var failsCaller = false

  var startNano: Int64 = 0
  var durationNano: Int64 = 0
  var lastGroup = 0

  // Sums over the groups of children, used while times are worked out.
  var groupsNano: Int64 = 0
  var openGroup = 0
  var openGroupNano: Int64 = 0
  var groupCount: Int64 = 0
}
