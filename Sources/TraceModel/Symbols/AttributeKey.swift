/// The attribute keys that rules ask for, with the same symbol in every table.
///
/// `texts` is interned first into each table, so a key's symbol is its place here, and asking "is this the HTTP
/// status?" costs one comparison of numbers. Current and older names stand in the order in which aliases are tried
/// (semantic conventions 1.44).
public enum AttributeKey {
  /// The empty text, then the texts of the keys, in the order of their symbols.
  static let texts: [String] = [""] + keys.map(\.self)

  private static let keys: [String] = [
    "service.name", "service.namespace", "service.version", "service.instance.id",
    "error", "error.type", "otel.status_code", "otel.status_description", "span.kind",
    "http.request.method", "http.method", "http.response.status_code", "http.status_code",
    "url.full", "http.url", "url.path", "http.target", "http.route", "url.template",
    "rpc.system.name", "rpc.system", "rpc.service", "rpc.method", "rpc.status_code",
    "rpc.response.status_code", "rpc.grpc.status_code", "grpc.status_code", "grpc.status",
    "db.system.name", "db.system", "db.type", "db.namespace", "db.name", "db.instance",
    "db.query.text", "db.statement", "db.operation.name", "db.operation", "db.collection.name",
    "messaging.system", "messaging.destination.name", "messaging.destination", "messaging.operation.type",
    "messaging.operation",
    "service.peer.name", "peer.service", "server.address", "server.port", "net.peer.name", "net.peer.port",
    "http.host", "network.peer.address", "network.peer.port", "net.sock.peer.addr", "net.peer.ip",
    "peer.ipv4", "peer.ipv6", "peer.address", "peer.hostname",
    "exception.type", "exception.message", "exception.stacktrace", "error.message", "error.msg",
    "http.status_message", "event", "message",
    "host.id", "host.ip", "host.name", "ip", "hostname", "k8s.node.name", "k8s.pod.uid", "k8s.pod.name",
    "container.id", "cloud.availability_zone", "deployment.environment.name",
    "telemetry.sdk.name", "telemetry.sdk.language", "telemetry.sdk.version", "telemetry.distro.name",
    "otel.scope.name", "otel.scope.version", "otel.library.name", "otel.library.version",
    "sampler.type", "sampler.param", "w3c.tracestate", "thread.id", "thread.name", "user_agent.original",
    "service.criticality", "code.function.name", "address", "exception",
  ]

  /// One more than the largest number of a key in the list.
  package static let count = UInt32(texts.count)

  /// The symbol of a key in the list; the empty symbol for any other text.
  package static func symbol(_ text: String) -> Symbol {
    Symbol(UInt32(texts.firstIndex(of: text) ?? 0))
  }

  /// True when the values of a key may be lone: no rule compares them by their symbols.
  static func mayHaveLoneValues(_ key: Symbol) -> Bool { key.index >= count || uncomparedKeys.contains(key) }

  /// Keys of the list that rules at most read.
  private static let uncomparedKeys: Set<Symbol> = Set(
    ["url.full", "http.url", "url.path", "http.target", "db.query.text", "db.statement"].map(symbol))
}

extension AttributeKey {
  // One line a key that is asked for often; the text is looked up once a process.
  package static let serviceName = symbol("service.name")
  package static let serviceVersion = symbol("service.version")
  package static let serviceInstanceID = symbol("service.instance.id")
  package static let error = symbol("error")
  package static let errorType = symbol("error.type")
  package static let statusCode = symbol("otel.status_code")
  package static let statusDescription = symbol("otel.status_description")
  package static let spanKind = symbol("span.kind")
  package static let peerName = symbol("service.peer.name")
  package static let exceptionType = symbol("exception.type")
  package static let exceptionMessage = symbol("exception.message")
  package static let exceptionStacktrace = symbol("exception.stacktrace")
  package static let event = symbol("event")
  package static let exception = symbol("exception")
  package static let scopeName = symbol("otel.scope.name")
  package static let scopeVersion = symbol("otel.scope.version")
  package static let libraryName = symbol("otel.library.name")
  package static let libraryVersion = symbol("otel.library.version")
  package static let traceState = symbol("w3c.tracestate")
}

// Keys of one concept, the current one first, then older ones in the order in which they are tried.
extension AttributeKey {
  package static let httpStatusKeys = ["http.response.status_code", "http.status_code"]
  package static let rpcStatusKeys = [
    "rpc.status_code", "rpc.response.status_code", "rpc.grpc.status_code", "grpc.status_code", "grpc.status",
  ]
  package static let databaseSystemKeys = ["db.system.name", "db.system", "db.type"]
  package static let databaseNamespaceKeys = ["db.namespace", "db.name", "db.instance"]
}
