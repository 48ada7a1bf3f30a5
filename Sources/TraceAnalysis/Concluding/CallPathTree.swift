import TraceModel

/// The call paths of one entry point, joined over its duration bands.
///
///     rows    | a a | b b c | d …      level by level, as a digest has them
///     nodes   | a   | b c   | d …      of each level by parent and operation: siblings lie side by side
///
/// There may be millions of both: a row takes 4 bytes, a node 8, and 8 more while something is added up.
struct CallPathTree: ~Copyable {
  private let rows: ArraySlice<Int32>
  /// By the places of rows in their slice.
  private var nodeOfRow: [Int32] = []
  /// Ascending; −1 for roots.
  private var parents: [Int32] = []
  /// The operations of the nodes.
  private(set) var operations: [Int32] = []

  /// - Parameter rows: places of rows among the paths of the digest, ascending.
  /// - Complexity: O(*n* log *n*) in the rows.
  init(_ rows: ArraySlice<Int32>, of paths: [CallPathNodeRow]) {
    self.rows = rows
    nodeOfRow.reserveCapacity(rows.count)
    var above = rows.startIndex..<rows.startIndex
    while above.upperBound < rows.endIndex {
      var level = above.upperBound..<above.upperBound + 1
      // Whatever calls a row of the next level is in this one.
      while level.upperBound < rows.endIndex,
        paths[Int(rows[level.upperBound])].parent < rows[level.lowerBound]
      {
        level = level.lowerBound..<level.upperBound + 1
      }
      add(level, below: above, of: paths)
      above = level
    }
  }

  private mutating func add(_ level: Range<Int>, below above: Range<Int>, of paths: [CallPathNodeRow]) {
    var members: [(key: UInt64, row: Int)] = []
    members.reserveCapacity(level.count)
    for row in level {
      let path = paths[Int(rows[row])]
      let parent = path.parent < 0 ? -1 : node(ofPath: path.parent, in: above)
      members.append((UInt64(UInt32(parent + 1)) << 32 | UInt64(UInt32(bitPattern: path.operation)), row))
    }
    members.sort { $0.key < $1.key }
    nodeOfRow += repeatElement(0, count: level.count)
    var last: UInt64?
    for (key, row) in members {
      if key != last {
        parents.append(Int32(key >> 32) - 1)
        operations.append(Int32(truncatingIfNeeded: key))
        last = key
      }
      nodeOfRow[row - rows.startIndex] = Int32(parents.count - 1)
    }
  }

  private func node(ofPath place: Int32, in level: Range<Int>) -> Int32 {
    let row = rows[level].partitionPoint { $0 < place }
    return row < level.upperBound && rows[row] == place ? nodeOfRow[row - rows.startIndex] : -1
  }

  /// The number of nodes; a parent has a smaller number than its children.
  var count: Int { parents.count }

  /// The children of a node; the roots for −1.
  func children(of node: Int) -> Range<Int> {
    let first = parents.partitionPoint { $0 < node }
    return first..<parents[first...].partitionPoint { $0 <= node }
  }

  /// What rows hold, for each node added up with all that lies below it.
  func sums(_ value: (_ row: Int) -> Int64) -> [Int64] {
    var sums = [Int64](repeating: 0, count: count)
    forEachRow { row, node in sums[node] = sums[node].saturatingSum(value(row)) }
    for node in sums.indices.reversed() where parents[node] >= 0 {
      let parent = Int(parents[node])
      sums[parent] = sums[parent].saturatingSum(sums[node])
    }
    return sums
  }

  /// Shows the place of each row among the paths of the digest, and its node.
  func forEachRow(_ body: (_ row: Int, _ node: Int) -> Void) {
    for (row, node) in zip(rows, nodeOfRow) { body(Int(row), Int(node)) }
  }
}
