import TraceModel

/// What the Collector's `servicegraph` connector counts (contrib v0.115), virtual nodes on, no time limit.
///
/// A CLIENT or PRODUCER waits under its own id, a SERVER or CONSUMER under its parent's; where the two meet, that is
/// one call. What is left waiting at the end becomes a call to or from a virtual node, or nothing.
struct ServiceGraphLinks: ~Copyable {
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
  private var ledger: CallLedger
  /// What waits under the key that is at hand.
  private var edge: Edge?
  private let unknown: Symbol
  private let user: Symbol
  private let databaseName = AttributeKey.symbol("db.name")
  private let peerKeys = ["peer.service", "db.name", "db.system"].map(AttributeKey.symbol)

  static func links(of walk: TraceWalk) -> SortedLinks {
    let store = walk.store
    var links = ServiceGraphLinks(store)
    // What waits under one key has nothing to do with the others, so one after another is looked at.
    var last = SpanOrder.Key()
    SpanOrder(walk) { key(of: $0, in: store) }.forEach { key, span in
      if key != last { links.finish(last) }
      last = key
      links.take(span)
    }
    links.finish(last)
    return links.ledger.sortedLinks(threads: walk.threadCount)
  }

  private init(_ store: SpanStore) {
    self.store = store
    ledger = CallLedger(store)
    unknown = ledger.names.symbol("unknown")
    user = ledger.names.symbol("user")
  }

  /// Under what a span waits; nil when it does not.
  private static func key(of span: SpanRecord, in store: SpanStore) -> SpanOrder.Key? {
    guard !store.service(of: span).isEmpty else { return nil }
    return switch span.kind {
    case .client, .producer: SpanOrder.Key(trace: span.traceID, span: span.spanID.rawValue)
    case .server, .consumer: SpanOrder.Key(trace: span.traceID, span: span.parentSpanID.rawValue)
    case .internal, .unspecified: nil
    }
  }

  private mutating func take(_ span: SpanRecord) {
    let service = store.service(of: span)
    if span.kind == .client || span.kind == .producer {
      takeClient(span, service)
    } else {
      takeServer(span, service)
    }
  }

  private mutating func takeClient(_ span: SpanRecord, _ service: Symbol) {
    var edge = edge ?? Edge()
    edge.client = service
    edge.type = span.kind == .producer ? .messagingSystem : .rpc
    edge.clientFailed = edge.clientFailed || span.reportedStatus == .error
    edge.failed = edge.failed || span.reportedStatus == .error
    edge.peer = peer(span)
    if let database = text(databaseName, span) {
      edge.type = .database
      edge.server = database
    }
    settle(edge)
  }

  private mutating func takeServer(_ span: SpanRecord, _ service: Symbol) {
    var edge = edge ?? Edge()
    edge.server = service
    edge.type = span.kind == .consumer ? .messagingSystem : .rpc
    edge.failed = edge.failed || span.reportedStatus == .error
    settle(edge)
  }

  private mutating func settle(_ edge: Edge) {
    guard let client = edge.client, let server = edge.server else {
      self.edge = edge
      return
    }
    self.edge = nil
    count(edge, client, server, edge.type)
  }

  private mutating func count(_ edge: Edge, _ client: Symbol, _ server: Symbol, _ type: ConnectionType) {
    ledger.count(
      CallLedger.Call(
        client, ledger.names.distinct(server), type, failed: edge.failed, callerFailed: edge.clientFailed))
  }

  /// Nothing more comes under a key.
  private mutating func finish(_ key: SpanOrder.Key) {
    guard let edge else { return }
    self.edge = nil
    if let client = edge.client {
      count(edge, client, edge.peer ?? unknown, .virtualNode)
    } else if let server = edge.server, key.span == 0 {
      count(edge, user, server, .virtualNode)
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
    let resource = store.attributes(of: store.resource(at: span.resource))
    let found =
      resource.last { $0.key == key && $0.type == .text }
      ?? store.attributes(of: span).last { $0.key == key && $0.type == .text }
    return found.map { Symbol($0.payload) }
  }
}
