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

  /// The links of all traces, by (parent, child, connection type) in the order of bytes.
  ///
  /// Only our own rule knows percentiles; they are exact. `jaeger` and `tracebook` work on assembled traces, the
  /// other two on spans as they were read.
  ///
  /// - Complexity: O(*n* log *n*) in the spans.
  package func links(of walk: TraceWalk) -> SortedLinks {
    switch self {
    case .tracebook: TracebookLinks.links(of: walk)
    case .zipkin: ZipkinLinks.links(of: walk)
    case .servicegraph: ServiceGraphLinks.links(of: walk)
    case .jaeger: JaegerLinks.links(of: walk)
    }
  }
}
