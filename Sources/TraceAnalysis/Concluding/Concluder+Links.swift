import TraceModel

extension Concluder {
  func links() -> [LinkResult] {
    digest.links.map { row in
      var result = LinkResult()
      result.parent = name(row.parent)
      result.child = name(row.child)
      result.connectionType = row.type
      result.callCount = row.latency.count
      result.errorCount = row.errors
      result.clientErrorCount = row.clientErrors
      result.latency = row.latency.summary
      result.calleeLatency = row.calleeLatency.summary
      result.examples = [row.slowest.example("slowest"), row.failing.example("failing")].compactMap { $0 }
      return result
    }
  }

  func nodes() -> [GraphNode] {
    var nodes: [GraphNode] = []
    var known: Set<Symbol> = []
    for row in digest.services where !row.service.isEmpty {
      var node = GraphNode()
      node.name = name(row.service)
      node.entryCount = row.roots
      node.unnamedPeerCalls = row.unnamedPeerCalls
      nodes.append(node)
      known.insert(row.service)
    }
    var outside: [Symbol: GraphNodeKind] = [:]
    for row in digest.links {
      // A database type is said of the child only, a messaging type of whichever is no service.
      for (symbol, isChild) in [(row.parent, false), (row.child, true)] where !known.contains(symbol) {
        let kind: GraphNodeKind =
          row.type == .database && isChild ? .database : row.type == .messagingSystem ? .messaging : .outside
        if kind != .outside || outside[symbol] == nil { outside[symbol] = kind }
      }
    }
    for (symbol, kind) in outside {
      var node = GraphNode()
      node.name = name(symbol)
      node.kind = kind
      nodes.append(node)
    }
    return nodes.sorted { $0.name < $1.name }
  }

  /// The most lines of one tree.
  private static let treeRows = 500

  func callTrees() -> [CallTree] {
    var edges: [Symbol: [Symbol: CallTree.Row]] = [:]
    for row in digest.links {
      var edge = edges[row.parent]?[row.child] ?? CallTree.Row()
      edge.name = name(row.child)
      edge.callCount += row.latency.count
      edge.errorCount += row.errors
      edges[row.parent, default: [:]][row.child] = edge
    }
    let sorted = edges.mapValues { $0.sorted { $0.value.name < $1.value.name } }
    return digest.services.filter { $0.roots > 0 && !$0.service.isEmpty }.map { tree($0, sorted) }
  }

  private func tree(_ service: ServiceRow, _ edges: [Symbol: [(key: Symbol, value: CallTree.Row)]])
    -> CallTree
  {
    var tree = CallTree()
    tree.root = name(service.service)
    var root = CallTree.Row()
    root.name = tree.root
    root.callCount = service.roots
    root.errorCount = rootErrors(service.service)
    var written: Set<Symbol> = []
    var stack: [(Symbol, CallTree.Row)] = [(service.service, root)]
    while let (symbol, next) = stack.popLast(), tree.rows.count < Self.treeRows {
      var row = next
      let below = edges[symbol] ?? []
      let isNew = written.insert(symbol).inserted
      row.isRepeated = !isNew && !below.isEmpty
      tree.rows.append(row)
      guard isNew else { continue }
      for (child, edge) in below.reversed() {
        var edge = edge
        edge.depth = row.depth + 1
        stack.append((child, edge))
      }
    }
    return tree
  }

  private func rootErrors(_ service: Symbol) -> Int {
    digest.entryPoints.reduce(0) { $0 + ($1.service == service ? $1.errors : 0) }
  }
}
