package import TraceModel

/// Whose rule turns traces into links between services.
package enum DependencyRule: String, Sendable, CaseIterable {
  /// Ours: one call is one request from one service to another, seen from as many sides as reported it.
  case tracebook
  /// Zipkin's dependency linker.
  case zipkin
  /// The service graph connector of the OpenTelemetry Collector.
  case servicegraph
  /// Jaeger's stores: spans whose parent belongs to another service.
  case jaeger

  /// The links of all traces, by (parent, child, connection type).
  ///
  /// Only our own rule knows percentiles; they are exact. `jaeger` and `tracebook` work on assembled traces, the
  /// other two on spans as they were read.
  ///
  /// - Complexity: O(*n* log *n*) in the spans.
  package func links(of walk: TraceWalk) -> [LinkResult] {
    switch self {
    case .tracebook: TracebookLinks.links(of: walk)
    case .zipkin: ZipkinLinks.links(of: walk)
    case .servicegraph: ServiceGraphLinks.links(of: walk)
    case .jaeger: JaegerLinks.links(of: walk)
    }
  }
}

/// Counts calls by names.
struct LinkCounter {
  private struct Key: Hashable {
    var parent: [UInt8]
    var child: [UInt8]
    var type: ConnectionType
  }

  private var counts: [Key: LinkResult] = [:]

  /// Counts calls from one node to another.
  mutating func add(
    _ parent: String, _ child: String, _ type: ConnectionType = .rpc, calls: Int = 1, errors: Int = 0,
    clientErrors: Int = 0
  ) {
    // Bytes, since texts that Unicode holds to be equal are different names.
    let key = Key(parent: Array(parent.utf8), child: Array(child.utf8), type: type)
    var link = counts[key] ?? LinkResult()
    link.parent = parent
    link.child = child
    link.connectionType = type
    link.callCount += calls
    link.errorCount += errors
    link.clientErrorCount += clientErrors
    counts[key] = link
  }

  /// The links by (parent, child, connection type), in the order of bytes.
  var links: [LinkResult] {
    counts.sorted {
      if $0.key.parent != $1.key.parent { return $0.key.parent.lexicographicallyPrecedes($1.key.parent) }
      if $0.key.child != $1.key.child { return $0.key.child.lexicographicallyPrecedes($1.key.child) }
      return $0.key.type < $1.key.type
    }.map(\.value)
  }
}
