package import TraceModel

/// What was read along with the spans: logs, metrics, and links to other tools.
package struct Correlation: Sendable {
  /// Log records of the traces that have a page; nil when no logs were given.
  package var logs: CorrelatedLogs?

  /// Makes a correlation with nothing.
  package init() {}
}
