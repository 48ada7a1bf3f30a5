import TraceModel

/// Trees of call paths: for each duration band, who called whom in which order of calls.
///
/// Siblings hang in a chain, since they are few and lie close together; what has no room in it is found by a table.
///
/// - Complexity: O(1) for `child` and `root`.
struct CallPathForest: ~Copyable {
  struct Node: BitwiseCopyable {
    /// The node above; below zero, `~number` of the band.
    var parent: Int32
    var operation: Int32
    var count = 0
    var own: Int64 = 0
    /// Spans in connected traces: those that did not fail, and those whose parent did not.
    var healthy = 0
    var calls = 0
    /// Where its time is booked besides, by operation, service and gap; −1 until it is known.
    var operationPart: Int32 = -1
    var component: Int32 = -1
    var gap: Int32 = -1
    /// The called service that `gap` is about.
    var callee: Int32 = -1
    fileprivate var firstChild: Int32 = -1
    fileprivate var nextSibling: Int32 = -1

    init(parent: Int32, operation: Int32) {
      self.parent = parent
      self.operation = operation
    }
  }

  /// The longest chain of siblings.
  private static let chainLimit = 12

  var nodes = Column<Node>()
  private var index = KeyIndex()
  private var nodeOfKey = Column<Int32>()

  init() {}

  /// The node of an operation below another node; made if it is new.
  @inline(__always)
  mutating func child(of parent: Int32, _ operation: Int32) -> Int {
    let nodes = self.nodes.mutableElements
    var child = nodes[Int(parent)].firstChild
    var last: Int32 = -1
    var steps = 0
    while child >= 0 {
      if nodes[Int(child)].operation == operation { return Int(child) }
      last = child
      child = nodes[Int(child)].nextSibling
      steps &+= 1
    }
    return addChild(of: parent, operation, behind: last, isChained: steps < Self.chainLimit)
  }

  @inline(never)
  private mutating func addChild(
    of parent: Int32, _ operation: Int32, behind last: Int32, isChained: Bool
  ) -> Int {
    guard isChained else { return indexed(UInt64(parent) << 32 | UInt64(operation), parent, operation) }
    let number = nodes.count
    nodes.append(Node(parent: parent, operation: operation))
    if last < 0 {
      nodes.mutableElements[Int(parent)].firstChild = Int32(truncatingIfNeeded: number)
    } else {
      nodes.mutableElements[Int(last)].nextSibling = Int32(truncatingIfNeeded: number)
    }
    return number
  }

  /// The topmost node of an operation in a band; made if it is new.
  mutating func root(of band: Int, _ operation: Int32) -> Int {
    indexed(
      1 << 63 | UInt64(band) << 32 | UInt64(operation), ~Int32(truncatingIfNeeded: band), operation)
  }

  private mutating func indexed(_ key: UInt64, _ parent: Int32, _ operation: Int32) -> Int {
    let known = index.place(of: key)
    if known == nodeOfKey.count {
      nodeOfKey.append(Int32(truncatingIfNeeded: nodes.count))
      nodes.append(Node(parent: parent, operation: operation))
    }
    return Int(nodeOfKey[known])
  }
}
