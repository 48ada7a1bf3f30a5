import TraceModel

/// The times of a node that is shown.
private struct ShownPath {
  var count = 0
  var own: Int64 = 0
  var total: Int64
  var typical: Int64 = 0
  var slow: Int64 = 0
}

extension Concluder {
  /// The most call paths that are shown of an entry point.
  static let shownPaths = 400

  /// The tree of call paths in display order: parents first, of siblings the larger one.
  func callPaths(_ entry: Int, _ cohorts: Cohorts) -> [CallPathRow] {
    let tree = CallPathTree(pathRows.rows(of: entry), of: digest.callPaths)
    var shown = largest(tree.sums { digest.callPaths[$0].own })
    tree.forEachRow { row, node in
      guard var path = shown[node] else { return }
      path.count += digest.callPaths[row].count
      path.own = path.own.saturatingSum(digest.callPaths[row].own)
      shown[node] = path
    }
    let typical = tree.sums { cohorts.typical.contains(pathRows.band(of: $0)) ? digest.callPaths[$0].own : 0 }
    for node in shown.keys { shown[node]?.typical = typical[node] }
    let slow = tree.sums { cohorts.slow.contains(pathRows.band(of: $0)) ? digest.callPaths[$0].own : 0 }
    for node in shown.keys { shown[node]?.slow = slow[node] }
    return rows(of: tree, shown, cohorts)
  }

  /// The largest nodes; with a node its parent, which is never smaller, is among them.
  private func largest(_ totals: [Int64]) -> [Int: ShownPath] {
    var nodes = LargestRows<Int>(Self.shownPaths) { left, right in
      totals[left] != totals[right] ? totals[left] > totals[right] : left < right
    }
    for node in totals.indices { nodes.add(node) }
    return Dictionary(uniqueKeysWithValues: nodes.ordered.map { ($0, ShownPath(total: totals[$0])) })
  }

  private func rows(
    of tree: borrowing CallPathTree, _ shown: [Int: ShownPath], _ cohorts: Cohorts
  ) -> [CallPathRow] {
    let typicalCount = Int64(max(cohorts.result(of: cohorts.typical).count, 1))
    let slowCount = Int64(max(cohorts.result(of: cohorts.slow).count, 1))
    var rows: [CallPathRow] = []
    var stack: [(node: Int, parent: Int, depth: Int)] = []
    func push(below node: Int, parent: Int, depth: Int) {
      let children = tree.children(of: node).compactMap { child in
        shown[child].map { (node: child, total: $0.total) }
      }
      // Larger first, then by the number of the operation, which is the order of names: as siblings lie.
      for child in children.sorted(by: { ($0.total, $1.node) < ($1.total, $0.node) }) {
        stack.append((child.node, parent, depth))
      }
    }
    push(below: -1, parent: -1, depth: 0)
    while let (node, parent, depth) = stack.popLast() {
      guard let path = shown[node] else { continue }
      let operation = digest.operations[Int(tree.operations[node])]
      var row = CallPathRow()
      row.depth = depth
      row.parent = parent
      row.service = name(operation.service)
      row.operation = name(operation.name)
      row.kind = operation.kind
      row.count = path.count
      row.own = Nanoseconds(path.own)
      row.total = Nanoseconds(path.total)
      row.typicalMean = Nanoseconds(path.typical / typicalCount)
      row.slowMean = Nanoseconds(path.slow / slowCount)
      rows.append(row)
      push(below: node, parent: rows.count - 1, depth: depth + 1)
    }
    return rows
  }
}
