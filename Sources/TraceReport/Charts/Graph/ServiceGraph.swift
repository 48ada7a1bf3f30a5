import TraceAnalysis

/// The nodes and edges of the service graph as they are drawn: one edge a pair, with what both sides say.
struct ServiceGraph: Sendable {
  struct Node: Sendable {
    var name: String
    var kind: GraphNodeKind
    var isEntry: Bool
    /// Requests it answered, or calls to it when it reports no spans.
    var calls: Int
    var errors: Int
    var p95: UInt64?
    /// Shown instead of calls and p95.
    var caption: String?
  }

  struct Edge: Sendable {
    var from: Int
    var to: Int
    var calls: Int
    var errors: Int
    var p95: UInt64
    var isMessaging: Bool
  }

  /// Above so many nodes a picture can no longer be read; pages of services show their neighbours instead.
  static let mostNodes = 60

  private(set) var nodes: [Node] = []
  private(set) var edges: [Edge] = []
  /// Calls of a node to itself, by its place.
  private(set) var ownCalls: [Int: Int] = [:]
  private var places: [String: Int] = [:]

  /// The graph of a whole report.
  init(of context: ReportContext) {
    self.init(
      links: context.conclusions.links, nodes: context.conclusions.nodes, service: context.service)
  }

  /// The graph of some links; nodes without any are left out unless requests enter there.
  ///
  /// - `service`: what is known about the service with a name, if it is one; there may be too many to have them twice.
  init(
    links: [LinkResult], nodes known: [GraphNode], service: (String) -> ServiceResult? = { _ in nil }
  ) {
    let kinds = Dictionary(known.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    var names: Set<String> = []
    for link in links {
      names.insert(link.parent)
      names.insert(link.child)
    }
    for node in known where node.entryCount > 0 { names.insert(node.name) }
    var isService: [Bool] = []
    for name in names.sorted() {
      let service = service(name)
      isService.append(service != nil)
      places[name] = nodes.count
      nodes.append(
        Node(
          name: name, kind: kinds[name]?.kind ?? (service == nil ? .outside : .service),
          isEntry: (kinds[name]?.entryCount ?? 0) > 0, calls: service?.requestCount ?? 0,
          errors: service?.requestErrors ?? 0, p95: service.map { UInt64(max(0, $0.latency.p95.rawValue)) }))
    }
    addEdges(links)
    for edge in edges where !isService[edge.to] {
      nodes[edge.to].calls += edge.calls
      nodes[edge.to].errors += edge.errors
    }
  }

  /// Puts other words below a node's name.
  mutating func setCaption(_ caption: String, of name: String) {
    if let place = places[name] { nodes[place].caption = caption }
  }

  /// The part of the graph that says most when the whole is too large to draw: failing edges first, then those with
  /// the most calls, as long as there is room for them and their nodes.
  func mostTelling(nodes mostNodes: Int, edges mostEdges: Int) -> ServiceGraph {
    let order = edges.indices.sorted { left, right in
      let (a, b) = (edges[left], edges[right])
      let failed = (Self.failed(a), Self.failed(b))
      if failed.0 != failed.1 { return failed.0 > failed.1 }
      return a.calls == b.calls ? left < right : a.calls > b.calls
    }
    var kept: Set<Int> = []
    var keptEdges: Set<Int> = []
    for edge in order where keptEdges.count < mostEdges {
      let ends: Set<Int> = [edges[edge].from, edges[edge].to]
      guard kept.union(ends).count <= mostNodes else { continue }
      kept.formUnion(ends)
      keptEdges.insert(edge)
    }
    var part = self
    part.edges = edges.indices.filter { keptEdges.contains($0) }.map { edges[$0] }
    return part.restricted(to: kept)
  }

  /// Failures that would be marked in the picture.
  private static func failed(_ edge: Edge) -> Int {
    Double(edge.errors) > 0.005 * Double(edge.calls) ? edge.errors : 0
  }

  private func restricted(to kept: Set<Int>) -> ServiceGraph {
    var part = self
    let order = kept.sorted()
    var newPlaces: [Int: Int] = [:]
    for (new, old) in order.enumerated() { newPlaces[old] = new }
    part.nodes = order.map { nodes[$0] }
    part.edges = edges.compactMap { edge in
      guard let from = newPlaces[edge.from], let to = newPlaces[edge.to] else { return nil }
      var edge = edge
      (edge.from, edge.to) = (from, to)
      return edge
    }
    part.ownCalls = [:]
    for (old, calls) in ownCalls { if let new = newPlaces[old] { part.ownCalls[new] = calls } }
    part.places = [:]
    for (place, node) in part.nodes.enumerated() { part.places[node.name] = place }
    return part
  }

  private mutating func addEdges(_ links: [LinkResult]) {
    var byPair: [Int: Int] = [:]
    for link in links {
      guard let from = places[link.parent], let to = places[link.child] else { continue }
      if from == to {
        ownCalls[from, default: 0] += link.callCount
        continue
      }
      let errors = max(link.errorCount, link.clientErrorCount)
      let p95 = UInt64(max(0, link.latency.p95.rawValue))
      let key = from * nodes.count + to
      if let place = byPair[key] {
        edges[place].calls += link.callCount
        edges[place].errors += errors
        edges[place].p95 = max(edges[place].p95, p95)
      } else {
        byPair[key] = edges.count
        edges.append(
          Edge(
            from: from, to: to, calls: link.callCount, errors: errors, p95: p95,
            isMessaging: link.connectionType == .messagingSystem))
      }
    }
  }
}
