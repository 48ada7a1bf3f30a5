package import TraceModel

/// What was read along with the spans: logs, metrics, and links to other tools.
package struct Correlation: Sendable {
  /// Log records of the traces that have a page; nil when no logs were given.
  package var logs: CorrelatedLogs?
  /// Exemplars of metrics that name those traces; nil when no metrics were given.
  package var metrics: CorrelatedMetrics?
  /// Links to the reader's own tools, shown on trace pages.
  package var links: [LinkTemplate] = []

  /// Makes a correlation with nothing.
  package init() {}
}
