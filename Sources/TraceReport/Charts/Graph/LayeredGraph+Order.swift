import TraceModel

/// Fewer crossings: each layer is ordered by the middle of its neighbours, forwards and backwards in turn.
extension LayeredGraph {
  mutating func reduceCrossings() {
    var best = layers
    var fewest = crossings()
    var sweep = 0
    var idle = 0
    while fewest > 0, sweep < 24, idle < 6 {
      let isForward = sweep % 2 == 0
      let order = isForward ? Array(layers.indices.dropFirst()) : Array(layers.indices.dropLast().reversed())
      for index in order { sort(layer: index, byPrevious: isForward) }
      swapNeighbours()
      let count = crossings()
      if count < fewest {
        fewest = count
        best = layers
        idle = 0
      } else {
        idle += 1
      }
      sweep += 1
    }
    layers = best
    updatePositions()
  }

  private mutating func sort(layer index: Int, byPrevious: Bool) {
    let keyed = layers[index].enumerated().map { place, node in
      let neighbours = byPrevious ? behind[node] : ahead[node]
      let sum = neighbours.reduce(0) { $0 + position[$1] }
      // A node without neighbours on this side keeps its place.
      let key = neighbours.isEmpty ? Double(place) : Double(sum) / Double(neighbours.count)
      return (key: key, place: place, node: node)
    }
    layers[index] = keyed.sorted { ($0.key, $0.place) < ($1.key, $1.place) }.map(\.node)
    for (place, node) in layers[index].enumerated() { position[node] = place }
  }

  /// Swaps two nodes that stand one above the other wherever that opens a crossing.
  private mutating func swapNeighbours() {
    for index in layers.indices {
      var improved = true
      var rounds = 0
      while improved, rounds < 4 {
        improved = false
        rounds += 1
        for place in 0..<max(layers[index].count - 1, 0) {
          let upper = layers[index][place]
          let lower = layers[index][place + 1]
          let now = pairCrossings(behind[upper], behind[lower]) + pairCrossings(ahead[upper], ahead[lower])
          let then = pairCrossings(behind[lower], behind[upper]) + pairCrossings(ahead[lower], ahead[upper])
          guard then < now else { continue }
          layers[index].swapAt(place, place + 1)
          position[upper] = place + 1
          position[lower] = place
          improved = true
        }
      }
    }
  }

  /// Crossings between the edges of a node and those of the node below it.
  private func pairCrossings(_ upper: [Int], _ lower: [Int]) -> Int {
    var count = 0
    for a in upper {
      for b in lower where position[a] > position[b] { count += 1 }
    }
    return count
  }

  /// Crossings of the whole picture.
  func crossings() -> Int {
    var total = 0
    for nodes in layers {
      var ends: [Int] = []
      for node in nodes { ends += ahead[node].map { position[$0] }.sorted() }
      total += inversions(ends)
    }
    return total
  }

  /// Pairs that stand in the wrong order, counted while inserting into a sorted row.
  private func inversions(_ values: [Int]) -> Int {
    var sorted: [Int] = []
    var count = 0
    for value in values {
      let place = sorted.partitionPoint { $0 <= value }
      count += sorted.count - place
      sorted.insert(value, at: place)
    }
    return count
  }
}
