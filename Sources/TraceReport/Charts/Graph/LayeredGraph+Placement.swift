/// Heights of nodes on the page, and the ways of edges between them.
extension LayeredGraph {
  /// Moves nodes towards the middle of their neighbours as far as order and gaps allow.
  mutating func place() {
    for nodes in layers {
      var top = 0.0
      for node in nodes {
        y[node] = top
        top += heights[node] + GraphLayout.nodeGap
      }
    }
    for sweep in 0..<16 {
      let isForward = sweep % 2 == 0
      let order = isForward ? Array(layers.indices) : Array(layers.indices.reversed())
      for index in order {
        let wanted = layers[index].map { node -> Double in
          let near = sweep < 12 ? (isForward ? behind[node] : ahead[node]) : behind[node] + ahead[node]
          guard !near.isEmpty else { return y[node] }
          let middle = near.reduce(0.0) { $0 + y[$1] + heights[$1] / 2 } / Double(near.count)
          return middle - heights[node] / 2
        }
        settle(layers[index], wanted: wanted)
      }
    }
    let top = y.min() ?? 0
    for node in y.indices { y[node] -= top }
  }

  /// The places nearest to the wanted ones that keep the order and the gaps: neighbours that would overlap are
  /// joined into a block, which stands at the mean of what its members want.
  private mutating func settle(_ nodes: [Int], wanted: [Double]) {
    var blocks: [(sum: Double, weight: Double, offset: Double, nodes: [Int])] = []
    for (node, want) in zip(nodes, wanted) {
      let weight = node < realCount ? 1.0 : 2.0
      blocks.append((want * weight, weight, heights[node] + gap(node), [node]))
      while blocks.count > 1 {
        let last = blocks[blocks.count - 1]
        let previous = blocks[blocks.count - 2]
        guard previous.sum / previous.weight + previous.offset > last.sum / last.weight else { break }
        blocks.removeLast()
        blocks[blocks.count - 1] = (
          previous.sum + last.sum - last.weight * previous.offset, previous.weight + last.weight,
          previous.offset + last.offset, previous.nodes + last.nodes
        )
      }
    }
    for block in blocks {
      var top = block.sum / block.weight
      for node in block.nodes {
        y[node] = top
        top += heights[node] + gap(node)
      }
    }
  }

  private func gap(_ node: Int) -> Double { node < realCount ? GraphLayout.nodeGap : 4 }

  /// The points of every edge: its ports at both ends and its bends between.
  func routes(boxes: [GraphLayout.Box], pitch: Double) -> [GraphLayout.Route] {
    let starts = ports(isOutgoing: true)
    let ends = ports(isOutgoing: false)
    return chains.indices.map { edge in
      let chain = chains[edge]
      var points: [(x: Double, y: Double)] = []
      if let first = chain.first {
        points.append((boxes[first].x + GraphLayout.boxWidth, starts[edge]))
      }
      for bend in chain.dropFirst().dropLast() {
        let x = Double(layer[bend]) * pitch
        let middle = y[bend] + heights[bend] / 2
        points.append((x, middle))
        points.append((x + GraphLayout.boxWidth, middle))
      }
      if let last = chain.last { points.append((boxes[last].x, ends[edge])) }
      return GraphLayout.Route(points: points, isReversed: isReversed[edge])
    }
  }

  /// Where each edge leaves or enters its box: spread over its side in the order of the other ends.
  private func ports(isOutgoing: Bool) -> [Double] {
    var edges: [[Int]] = Array(repeating: [], count: realCount)
    for (edge, chain) in chains.enumerated() {
      if let node = isOutgoing ? chain.first : chain.last { edges[node].append(edge) }
    }
    let otherEnds = chains.map { chain in
      let neighbour = isOutgoing ? chain[1] : chain[chain.count - 2]
      return y[neighbour] + heights[neighbour] / 2
    }
    var places = Array(repeating: 0.0, count: chains.count)
    for node in 0..<realCount {
      let sorted = edges[node].sorted { (otherEnds[$0], $0) < (otherEnds[$1], $1) }
      let step = heights[node] / Double(sorted.count + 1)
      for (place, edge) in sorted.enumerated() { places[edge] = y[node] + step * Double(place + 1) }
    }
    return places
  }
}
