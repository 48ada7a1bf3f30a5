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

  /// Gives the links of all traces, one after another, by (parent, child, connection type) in the order of bytes.
  ///
  /// Only our own rule knows percentiles; they are exact. `jaeger` and `tracebook` work on assembled traces, the
  /// other two on spans as they were read.
  ///
  /// - Complexity: O(*n* log *n*) in the spans.
  package func forEachLink(of walk: TraceWalk, _ body: (LinkResult) throws -> Void) rethrows {
    switch self {
    case .tracebook: try TracebookLinks.forEachLink(of: walk, body)
    case .zipkin: try ZipkinLinks.forEachLink(of: walk, body)
    case .servicegraph: try ServiceGraphLinks.forEachLink(of: walk, body)
    case .jaeger: try JaegerLinks.forEachLink(of: walk, body)
    }
  }

  /// The same all at once.
  package func links(of walk: TraceWalk) -> [LinkResult] {
    var links: [LinkResult] = []
    forEachLink(of: walk) { links.append($0) }
    return links
  }
}
