/// A picture of a directed graph from left to right, as few lines crossing as a few sweeps can find.
///
/// Sugiyama's method: cycles are opened by turning edges round, nodes get a layer by their longest path from an
/// entry, long edges get a bend in every layer between, layers are ordered by the middle of their neighbours, and
/// nodes move towards them as far as their order allows.
///
///     layer 0     layer 1     layer 2
///     [front] ──▶ [order] ──▶ [payment]
///        └──────────•───────▶ [user]        • a bend: the edge runs between the boxes, never behind one
///
/// Deterministic: the result depends only on the order of `nodes` and `edges`. No recursion.
///
/// - Complexity: O(sweeps × edges × log edges), with edges counted once in every layer that they cross.
struct GraphLayout: Sendable {
  /// What is known of a node before it has a place.
  struct Node: Sendable {
    var height: Double
    /// Put into the last layer, where stores stand.
    var isLast: Bool
    var isEntry: Bool

    init(height: Double, isLast: Bool = false, isEntry: Bool = false) {
      self.height = height
      self.isLast = isLast
      self.isEntry = isEntry
    }
  }

  /// A node with its place: the left upper corner.
  struct Box: Sendable {
    var x: Double
    var y: Double
    var height: Double
    var layer: Int
  }

  /// The way of an edge, from the side of one box through the gaps to the side of another.
  struct Route: Sendable {
    var points: [(x: Double, y: Double)]
    /// Drawn against the grain, since it closes a cycle.
    var isReversed: Bool
  }

  static let boxWidth = 152.0
  /// Room for curves and labels between two layers, at least and at most: pictures of few layers fill the page.
  private static let layerGaps = 96.0...168.0
  private static let pageWidth = 1_208.0
  static let nodeGap = 20.0
  static let bendHeight = 10.0

  private(set) var boxes: [Box] = []
  private(set) var routes: [Route] = []
  /// What one layer takes with the gap after it.
  private(set) var pitch = 0.0
  private(set) var width = 0.0
  private(set) var height = 0.0

  /// Lays out `nodes` and `edges` (pairs of places in `nodes`, each pair at most once, none to itself).
  init(nodes: [Node], edges: [(from: Int, to: Int)]) {
    guard !nodes.isEmpty else { return }
    var graph = LayeredGraph(nodes: nodes, edges: edges)
    graph.reduceCrossings()
    graph.place()
    let columns = graph.layers.count
    let spare = (Self.pageWidth - Double(columns) * Self.boxWidth) / Double(max(columns - 1, 1))
    pitch = Self.boxWidth + min(max(spare, Self.layerGaps.lowerBound), Self.layerGaps.upperBound)
    boxes = nodes.indices.map { index in
      Box(
        x: Double(graph.layer[index]) * pitch, y: graph.y[index],
        height: graph.heights[index], layer: graph.layer[index])
    }
    routes = graph.routes(boxes: boxes, pitch: pitch)
    width = Double(columns - 1) * pitch + Self.boxWidth
    height = zip(graph.y, graph.heights).map { $0 + $1 }.max() ?? 0
  }
}
