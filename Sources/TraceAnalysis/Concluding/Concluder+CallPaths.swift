import TraceModel

/// The call paths of one entry point, joined over its duration bands.
private struct PathTree: ~Copyable {
  struct Node {
    var parent: Int
    var operation: Int32
    var count = 0
    var own: Int64 = 0
    var total: Int64 = 0
    var typical: Int64 = 0
    var slow: Int64 = 0
    var children: [Int] = []
  }

  var nodes: [Node] = []
  /// By the parent's number and the operation.
  private var index = KeyIndex()

  mutating func place(_ parent: Int, _ operation: Int32) -> Int {
    let place = index.place(of: UInt64(parent + 1) << 32 | UInt64(UInt32(bitPattern: operation)))
    if place == nodes.count {
      nodes.append(Node(parent: parent, operation: operation))
      if parent >= 0 { nodes[parent].children.append(place) }
    }
    return place
  }

  /// Adds what lies below each node to it. Children stand behind their parents.
  mutating func addUp() {
    for place in nodes.indices.reversed() {
      nodes[place].total = nodes[place].total.saturatingSum(nodes[place].own)
      let parent = nodes[place].parent
      guard parent >= 0 else { continue }
      nodes[parent].total = nodes[parent].total.saturatingSum(nodes[place].total)
      nodes[parent].typical = nodes[parent].typical.saturatingSum(nodes[place].typical)
      nodes[parent].slow = nodes[parent].slow.saturatingSum(nodes[place].slow)
    }
  }
}

extension Concluder {
  /// The most call paths that are shown of an entry point.
  static let shownPaths = 400

  /// The tree of call paths in display order: parents first, of siblings the larger one.
  func callPaths(_ entry: Int, _ cohorts: Cohorts) -> [CallPathRow] {
    var tree = PathTree()
    var rowIndex = KeyIndex()
    var nodeOfRow: [Int] = []
    for band in bandsOfEntry[entry] {
      for place in pathRowsOfBand[band] {
        let row = digest.callPaths[place]
        let parent = row.parent < 0 ? -1 : rowIndex.find(UInt64(row.parent)).map { nodeOfRow[$0] } ?? -1
        let node = tree.place(parent, row.operation)
        if rowIndex.place(of: UInt64(place)) == nodeOfRow.count { nodeOfRow.append(node) }
        tree.nodes[node].count += row.count
        tree.nodes[node].own = tree.nodes[node].own.saturatingSum(row.own)
        if cohorts.typical.contains(band) {
          tree.nodes[node].typical = tree.nodes[node].typical.saturatingSum(row.own)
        }
        if cohorts.slow.contains(band) {
          tree.nodes[node].slow = tree.nodes[node].slow.saturatingSum(row.own)
        }
      }
    }
    tree.addUp()
    return rows(of: tree.nodes, shown: shown(tree.nodes), cohorts)
  }

  /// The largest nodes; with a node its parent, which is never smaller, is among them.
  private func shown(_ nodes: [PathTree.Node]) -> [Bool] {
    var shown = [Bool](repeating: false, count: nodes.count)
    let order = nodes.indices.sorted {
      nodes[$0].total != nodes[$1].total ? nodes[$0].total > nodes[$1].total : $0 < $1
    }
    for place in order.prefix(Self.shownPaths) { shown[place] = true }
    return shown
  }

  private func rows(of nodes: [PathTree.Node], shown: [Bool], _ cohorts: Cohorts) -> [CallPathRow] {
    let typicalCount = Int64(max(cohorts.result(of: cohorts.typical).count, 1))
    let slowCount = Int64(max(cohorts.result(of: cohorts.slow).count, 1))
    var rows: [CallPathRow] = []
    var stack = nodes.indices.filter { nodes[$0].parent < 0 }.sorted { !isBefore(nodes[$0], nodes[$1]) }.map {
      (node: $0, parent: -1, depth: 0)
    }
    while let (place, parent, depth) = stack.popLast() {
      guard shown[place] else { continue }
      let node = nodes[place]
      let operation = digest.operations[Int(node.operation)]
      var row = CallPathRow()
      row.depth = depth
      row.parent = parent
      row.service = name(operation.service)
      row.operation = name(operation.name)
      row.kind = operation.kind
      row.count = node.count
      row.own = Nanoseconds(node.own)
      row.total = Nanoseconds(node.total)
      row.typicalMean = Nanoseconds(node.typical / typicalCount)
      row.slowMean = Nanoseconds(node.slow / slowCount)
      rows.append(row)
      for child in node.children.sorted(by: { !isBefore(nodes[$0], nodes[$1]) }) {
        stack.append((child, rows.count - 1, depth + 1))
      }
    }
    return rows
  }

  /// Larger first, then by the number of the operation, which is the order of names.
  private func isBefore(_ left: PathTree.Node, _ right: PathTree.Node) -> Bool {
    left.total != right.total ? left.total > right.total : left.operation <= right.operation
  }
}
