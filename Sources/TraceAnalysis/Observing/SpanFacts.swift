import TraceModel

/// What a span's attributes say about its peer and its failure, under current and older keys.
///
/// Holds the attributes of one span at a time; of several keys for one concept the current one wins, then older ones
/// in the order of the semantic conventions.
struct SpanFacts: ~Copyable {
  /// What rules ask for. The raw value is the place of the answer.
  enum Concept: Int, CaseIterable {
    case peerService
    case serverAddress
    case networkPeer
    case databaseNamespace
    case databaseSystem
    case messagingSystem
    case destination
    case url
    case errorType
    case httpStatus
    case rpcStatus
    case exceptionType
    case message
  }

  private static let keys: [(Concept, [String])] = [
    (.peerService, ["service.peer.name", "peer.service"]),
    (.serverAddress, ["server.address", "http.host", "net.peer.name", "peer.hostname", "peer.address"]),
    (.networkPeer, ["network.peer.address", "net.sock.peer.addr", "net.peer.ip", "peer.ipv4", "peer.ipv6"]),
    (.databaseNamespace, AttributeKey.databaseNamespaceKeys),
    (.databaseSystem, AttributeKey.databaseSystemKeys),
    (.messagingSystem, ["messaging.system"]),
    (.destination, ["messaging.destination.name", "messaging.destination"]),
    (.url, ["url.full", "http.url"]),
    (.errorType, ["error.type"]),
    (.httpStatus, AttributeKey.httpStatusKeys),
    (.rpcStatus, AttributeKey.rpcStatusKeys),
    (.exceptionType, ["exception.type"]),
    (
      .message,
      ["otel.status_description", "exception.message", "error.msg", "error.message", "http.status_message"]
    ),
  ]

  private static let keyLimit = 256

  /// For each well-known key its concept and rank, as `concept << 4 | rank`; 255 for keys that say nothing here.
  private let roles: UnsafeMutablePointer<UInt8>
  private let found: UnsafeMutablePointer<Attribute>
  /// The ranks of the attributes found; 255 for none.
  private let ranks: UnsafeMutablePointer<UInt8>

  init() {
    let count = Concept.allCases.count
    roles = .allocate(capacity: Self.keyLimit)
    roles.initialize(repeating: 255, count: Self.keyLimit)
    found = .allocate(capacity: count)
    found.initialize(repeating: Attribute(key: .empty, type: .empty, payload: 0), count: count)
    ranks = .allocate(capacity: count)
    ranks.initialize(repeating: 255, count: count)
    for (concept, keys) in Self.keys {
      for (rank, key) in keys.enumerated() {
        let symbol = AttributeKey.symbol(key)
        if !symbol.isEmpty, symbol.number < Self.keyLimit {
          roles[symbol.number] = UInt8(concept.rawValue << 4 | rank)
        }
      }
    }
  }

  deinit {
    roles.deallocate()
    found.deallocate()
    ranks.deallocate()
  }

  /// Reads the attributes of a span.
  mutating func read(_ span: TraceSpan, of trace: Trace, _ seen: borrowing Observed) {
    forget()
    if span.traits.contains(.fused) {
      trace.withAttributes(of: span, in: seen.store) { note($0) }
    } else {
      note(seen.attributes(of: span.record))
    }
  }

  private func forget() { ranks.update(repeating: 255, count: Concept.allCases.count) }

  private func note(_ attributes: UnsafeBufferPointer<Attribute>) {
    for attribute in attributes where attribute.key.index < Self.keyLimit {
      let role = roles[attribute.key.number]
      guard role != 255 else { continue }
      let concept = Int(role >> 4)
      // The last value of a key counts, the best key of a concept.
      guard role & 15 <= ranks[concept] else { continue }
      if attribute.type == .text && attribute.payload == 0 { continue }
      ranks[concept] = role & 15
      found[concept] = attribute
    }
  }

  func has(_ concept: Concept) -> Bool { ranks[concept.rawValue] != 255 }

  /// The value as a symbol if it is a text; empty otherwise.
  func text(_ concept: Concept) -> Symbol {
    guard has(concept), found[concept.rawValue].type == .text else { return .empty }
    return Symbol(found[concept.rawValue].payload)
  }

  /// The value as a text, whatever its type.
  func anyText(_ concept: Concept, table: UInt16, _ seen: inout Observed) -> Symbol {
    guard has(concept) else { return .empty }
    let attribute = found[concept.rawValue]
    if attribute.type == .text { return Symbol(attribute.payload) }
    return seen.texts.symbol(seen.store.value(of: attribute, table: table).shortText)
  }

  /// True when a database is called.
  var isDatabase: Bool { has(.databaseSystem) || has(.databaseNamespace) }
}
