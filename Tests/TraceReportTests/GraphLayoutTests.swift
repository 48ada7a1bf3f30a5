import Testing

@testable import TraceReport

@Suite("Layout of the service graph")
struct GraphLayoutTests {
  private func layout(_ count: Int, _ edges: [(Int, Int)], last: Set<Int> = []) -> GraphLayout {
    GraphLayout(
      nodes: (0..<count).map { .init(height: 40, isLast: last.contains($0), isEntry: $0 == 0) },
      edges: edges.map { (from: $0.0, to: $0.1) })
  }

  @Test("callees stand to the right of their callers, stores in the last layer")
  func layers() {
    let result = layout(5, [(0, 1), (1, 2), (2, 3), (0, 4)], last: [4])
    #expect(result.boxes.map(\.layer) == [0, 1, 2, 3, 3])
  }

  @Test("boxes of a layer never overlap")
  func noOverlap() {
    var edges: [(Int, Int)] = []
    for node in 1..<40 { edges += [(node / 3, node), (node / 5, node)] }
    let unique = Set(edges.map { $0.0 * 100 + $0.1 }).sorted().map { ($0 / 100, $0 % 100) }
    let result = layout(40, unique)
    for (a, left) in result.boxes.enumerated() {
      for right in result.boxes[(a + 1)...] where left.layer == right.layer {
        #expect(left.y + left.height <= right.y + 0.01 || right.y + right.height <= left.y + 0.01)
      }
    }
    #expect(result.boxes.allSatisfy { $0.y >= -0.01 })
  }

  @Test("a cycle is opened at one edge, which is drawn backwards")
  func cycle() {
    let result = layout(3, [(0, 1), (1, 2), (2, 0)])
    #expect(result.routes.map(\.isReversed) == [false, false, true])
    #expect(result.boxes.map(\.layer) == [0, 1, 2])
  }

  @Test("two crossing calls are uncrossed")
  func crossings() {
    var graph = LayeredGraph(
      nodes: Array(repeating: .init(height: 40), count: 4),
      edges: [(from: 0, to: 3), (from: 1, to: 2), (from: 0, to: 2), (from: 1, to: 3)])
    graph.reduceCrossings()
    #expect(graph.crossings() == 1)
    var other = LayeredGraph(
      nodes: Array(repeating: .init(height: 40), count: 4), edges: [(from: 0, to: 3), (from: 1, to: 2)])
    other.reduceCrossings()
    #expect(other.crossings() == 0)
  }

  @Test("nothing to lay out gives nothing, and a graph without edges one layer")
  func small() {
    #expect(layout(0, []).boxes.isEmpty)
    #expect(Set(layout(3, []).boxes.map(\.layer)) == [0])
  }
}
