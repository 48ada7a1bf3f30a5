/// The graph while it is laid out: real nodes first, then a bend for each layer that an edge passes.
struct LayeredGraph {
  /// One piece of an edge, from a layer to the next.
  struct Segment {
    var from: Int
    var to: Int
  }

  let realCount: Int
  var heights: [Double]
  var layer: [Int]
  /// The nodes of each layer, from top to bottom.
  var layers: [[Int]] = []
  /// The place of each node in its layer.
  var position: [Int]
  var y: [Double]
  /// The nodes that each edge passes, from left to right, its ends included.
  var chains: [[Int]] = []
  var isReversed: [Bool]
  var ahead: [[Int]]
  var behind: [[Int]]

  init(nodes: [GraphLayout.Node], edges: [(from: Int, to: Int)]) {
    realCount = nodes.count
    heights = nodes.map(\.height)
    isReversed = Self.edgesClosingCycles(nodes: nodes, edges: edges)
    let forward = zip(edges, isReversed).map { edge, isReversed in
      isReversed ? (from: edge.to, to: edge.from) : edge
    }
    layer = Self.longestPaths(nodes: nodes, edges: forward)
    ahead = Array(repeating: [], count: nodes.count)
    behind = ahead
    position = []
    y = []
    for edge in forward { addChain(from: edge.from, to: edge.to) }
    position = Array(repeating: 0, count: heights.count)
    y = Array(repeating: 0, count: heights.count)
    layers = Array(repeating: [], count: (layer.max() ?? 0) + 1)
    for node in startingOrder() { layers[layer[node]].append(node) }
    updatePositions()
  }

  private mutating func addChain(from: Int, to: Int) {
    var chain = [from]
    var last = from
    for between in (layer[from] + 1)..<max(layer[to], layer[from] + 1) {
      let bend = heights.count
      heights.append(GraphLayout.bendHeight)
      layer.append(between)
      ahead.append([])
      behind.append([])
      ahead[last].append(bend)
      behind[bend].append(last)
      chain.append(bend)
      last = bend
    }
    ahead[last].append(to)
    behind[to].append(last)
    chain.append(to)
    chains.append(chain)
  }

  /// Depth first from the entries: neighbours start near each other.
  private func startingOrder() -> [Int] {
    var order: [Int] = []
    var isSeen = Array(repeating: false, count: heights.count)
    for start in heights.indices where behind[start].isEmpty {
      var stack = [start]
      while let node = stack.popLast() {
        if isSeen[node] { continue }
        isSeen[node] = true
        order.append(node)
        for next in ahead[node].reversed() where !isSeen[next] { stack.append(next) }
      }
    }
    return order
  }

  mutating func updatePositions() {
    for nodes in layers {
      for (place, node) in nodes.enumerated() { position[node] = place }
    }
  }

  /// Edges to a node that a depth-first walk from the entries has not left yet.
  private static func edgesClosingCycles(
    nodes: [GraphLayout.Node], edges: [(from: Int, to: Int)]
  ) -> [Bool] {
    var outgoing: [[Int]] = Array(repeating: [], count: nodes.count)
    for (index, edge) in edges.enumerated() { outgoing[edge.from].append(index) }
    var isReversed = Array(repeating: false, count: edges.count)
    // 0 not reached, 1 on the way, 2 done.
    var state = Array(repeating: 0, count: nodes.count)
    let starts = nodes.indices.filter { nodes[$0].isEntry } + nodes.indices.filter { !nodes[$0].isEntry }
    for start in starts where state[start] == 0 {
      var stack = [(node: start, next: 0)]
      state[start] = 1
      while let (node, next) = stack.last {
        guard next < outgoing[node].count else {
          state[node] = 2
          stack.removeLast()
          continue
        }
        stack[stack.count - 1].next += 1
        let edge = outgoing[node][next]
        let target = edges[edge].to
        if state[target] == 1 {
          isReversed[edge] = true
        } else if state[target] == 0 {
          state[target] = 1
          stack.append((target, 0))
        }
      }
    }
    return isReversed
  }

  /// The longest way from a node without callers; stores go to the last layer.
  private static func longestPaths(
    nodes: [GraphLayout.Node], edges: [(from: Int, to: Int)]
  ) -> [Int] {
    var layer = Array(repeating: 0, count: nodes.count)
    var waiting = Array(repeating: 0, count: nodes.count)
    var outgoing: [[Int]] = Array(repeating: [], count: nodes.count)
    for edge in edges {
      outgoing[edge.from].append(edge.to)
      waiting[edge.to] += 1
    }
    var queue = nodes.indices.filter { waiting[$0] == 0 }
    var index = 0
    while index < queue.count {
      let node = queue[index]
      index += 1
      for target in outgoing[node] {
        layer[target] = max(layer[target], layer[node] + 1)
        waiting[target] -= 1
        if waiting[target] == 0 { queue.append(target) }
      }
    }
    let last = layer.max() ?? 0
    for node in nodes.indices where nodes[node].isLast && outgoing[node].isEmpty && layer[node] > 0 {
      layer[node] = last
    }
    return layer
  }
}
