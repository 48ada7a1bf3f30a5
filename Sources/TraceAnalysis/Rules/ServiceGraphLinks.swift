import TraceModel

/// What the Collector's `servicegraph` connector counts (contrib v0.115), virtual nodes on, no time limit.
///
/// A CLIENT or PRODUCER waits under its own id, a SERVER or CONSUMER under its parent's; where the two meet, that is
/// one call. What is left waiting at the end becomes a call to or from a virtual node, or nothing.
struct ServiceGraphLinks {
  private struct Key: Hashable {
    var trace: TraceID
    var span: SpanID
  }

  private struct Edge {
    var client: Symbol?
    var server: Symbol?
    /// Whom a call that nobody answered was meant for.
    var peer: Symbol?
    var type = ConnectionType.rpc
    var failed = false
    var clientFailed = false
  }

  private let store: SpanStore
  private var edges: [Key: Edge] = [:]
  private var counter = LinkCounter()
  private let databaseName = AttributeKey.symbol("db.name")
  private let peerKeys = ["peer.service", "db.name", "db.system"].map(AttributeKey.symbol)

  static func links(of walk: TraceWalk) -> [LinkResult] {
    var links = ServiceGraphLinks(walk.store)
    for place in SpanOrder.places(of: walk) { links.take(SpanOrder.span(place, in: walk.store)) }
    links.finish()
    return links.counter.links
  }

  private init(_ store: SpanStore) { self.store = store }

  private mutating func take(_ span: SpanRecord) {
    let service = store.service(of: span)
    guard !service.isEmpty else { return }
    switch span.kind {
    case .client, .producer: takeClient(span, service)
    case .server, .consumer: takeServer(span, service)
    case .internal, .unspecified: break
    }
  }

  private mutating func takeClient(_ span: SpanRecord, _ service: Symbol) {
    let key = Key(trace: span.traceID, span: span.spanID)
    var edge = edges[key] ?? Edge()
    edge.client = service
    edge.type = span.kind == .producer ? .messagingSystem : .rpc
    edge.clientFailed = edge.clientFailed || span.reportedStatus == .error
    edge.failed = edge.failed || span.reportedStatus == .error
    edge.peer = peer(span)
    if let database = text(databaseName, span) {
      edge.type = .database
      edge.server = database
    }
    settle(edge, key)
  }

  private mutating func takeServer(_ span: SpanRecord, _ service: Symbol) {
    let key = Key(trace: span.traceID, span: span.parentSpanID)
    var edge = edges[key] ?? Edge()
    edge.server = service
    edge.type = span.kind == .consumer ? .messagingSystem : .rpc
    edge.failed = edge.failed || span.reportedStatus == .error
    settle(edge, key)
  }

  private mutating func settle(_ edge: Edge, _ key: Key) {
    guard let client = edge.client, let server = edge.server else {
      edges[key] = edge
      return
    }
    edges[key] = nil
    count(edge, store.symbols.text(client), store.symbols.text(server), edge.type)
  }

  private mutating func count(_ edge: Edge, _ client: String, _ server: String, _ type: ConnectionType) {
    counter.add(
      client, server, type, errors: edge.failed ? 1 : 0, clientErrors: edge.clientFailed ? 1 : 0)
  }

  private mutating func finish() {
    for (key, edge) in edges {
      if let client = edge.client {
        let server = edge.peer.map { store.symbols.text($0) } ?? "unknown"
        count(edge, store.symbols.text(client), server, .virtualNode)
      } else if let server = edge.server, key.span.isAbsent {
        count(edge, "user", store.symbols.text(server), .virtualNode)
      }
    }
  }

  private func peer(_ span: SpanRecord) -> Symbol? {
    for key in peerKeys {
      if let found = text(key, span) { return found }
    }
    return nil
  }

  /// A text attribute of the resource or the span.
  private func text(_ key: Symbol, _ span: SpanRecord) -> Symbol? {
    let resource = store.attributes(of: store.resources[Int(span.resource)])
    let found =
      resource.last { $0.key == key && $0.type == .text }
      ?? store.attributes(of: span).last { $0.key == key && $0.type == .text }
    return found.map { Symbol($0.payload) }
  }
}
