import TraceModel

/// The call paths of one entry point, joined over its duration bands.
private struct PathTree {
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

  private struct Key: Hashable {
    var parent: Int
    var operation: Int32
  }

  var nodes: [Node] = []
  private var places: [Key: Int] = [:]

  mutating func place(_ parent: Int, _ operation: Int32) -> Int {
    let key = Key(parent: parent, operation: operation)
    if let known = places[key] { return known }
    nodes.append(Node(parent: parent, operation: operation))
    places[key] = nodes.count - 1
    if parent >= 0 { nodes[parent].children.append(nodes.count - 1) }
    return nodes.count - 1
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
    var places: [Int: Int] = [:]
    for band in bandsOfEntry[entry] {
      for place in pathRowsOfBand[band] {
        let row = digest.callPaths[place]
        let parent = row.parent < 0 ? -1 : places[Int(row.parent)] ?? -1
        let node = tree.place(parent, row.operation)
        places[place] = node
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
    return rows(of: tree, shown: shown(tree), cohorts)
  }

  /// The largest nodes; with a node its parent, which is never smaller, is among them.
  private func shown(_ tree: PathTree) -> [Bool] {
    var shown = [Bool](repeating: false, count: tree.nodes.count)
    let order = tree.nodes.indices.sorted {
      tree.nodes[$0].total != tree.nodes[$1].total ? tree.nodes[$0].total > tree.nodes[$1].total : $0 < $1
    }
    for place in order.prefix(Self.shownPaths) { shown[place] = true }
    return shown
  }

  private func rows(of tree: PathTree, shown: [Bool], _ cohorts: Cohorts) -> [CallPathRow] {
    let typicalCount = Int64(max(cohorts.result(of: cohorts.typical).count, 1))
    let slowCount = Int64(max(cohorts.result(of: cohorts.slow).count, 1))
    var rows: [CallPathRow] = []
    var stack = tree.nodes.indices.filter { tree.nodes[$0].parent < 0 }.sorted { !isBefore(tree, $0, $1) }.map
    {
      (node: $0, parent: -1, depth: 0)
    }
    while let (place, parent, depth) = stack.popLast() {
      guard shown[place] else { continue }
      let node = tree.nodes[place]
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
      for child in node.children.sorted(by: { !isBefore(tree, $0, $1) }) {
        stack.append((child, rows.count - 1, depth + 1))
      }
    }
    return rows
  }

  /// Larger first, then by the number of the operation, which is the order of names.
  private func isBefore(_ tree: PathTree, _ left: Int, _ right: Int) -> Bool {
    if tree.nodes[left].total != tree.nodes[right].total {
      return tree.nodes[left].total > tree.nodes[right].total
    }
    return tree.nodes[left].operation <= tree.nodes[right].operation
  }
}
