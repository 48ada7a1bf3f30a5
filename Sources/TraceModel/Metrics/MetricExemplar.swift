/// A measured value that names the trace it was taken in.
package struct MetricExemplar: Sendable, Equatable {
  /// The name of the metric, with its suffix: `http_server_duration_seconds_bucket`.
  package var metric = ""
  /// Its labels as they were written, without those that name trace and span: `le="0.5",route="/orders"`.
  package var labels = ""
  /// The measured value as it was written.
  package var value = ""
  /// The trace it names; the high half is 0 when only 64 bits were written.
  package var traceID = TraceID.absent
  /// The span it names; absent when it names none.
  package var spanID = SpanID.absent
  /// When it was measured; unknown when that is not said.
  package var time = UnixNanoseconds.unknown

  /// Makes an exemplar of nothing.
  package init() {}

  /// By metric, labels, time, trace.
  package static func isOrdered(_ left: MetricExemplar, _ right: MetricExemplar) -> Bool {
    if left.metric != right.metric { return left.metric < right.metric }
    if left.labels != right.labels { return left.labels < right.labels }
    if left.time != right.time { return left.time < right.time }
    return (left.traceID, left.spanID, left.value) < (right.traceID, right.spanID, right.value)
  }
}

/// Exemplars of metrics by whether their trace is in the archives.
package struct CorrelatedMetrics: Sendable {
  /// What came out of one file.
  package struct File: Sendable {
    /// Its path as given.
    package var path: String
    /// Samples met.
    package var samples = 0
    /// What could not be read, in one sentence; nil when it was read whole.
    package var error: String?

    /// Starts with nothing read.
    package init(path: String) { self.path = path }
  }

  /// The most exemplars kept of traces with a page, and of others.
  package static let mostKept = 5_000
  package static let mostAbsent = 200

  /// The files, by path.
  package var files: [File] = []
  /// Exemplars met.
  package var count = 0
  /// Those of traces that have a page, in order.
  package var kept: [MetricExemplar] = []
  /// Of traces in the archives that have no page.
  package var otherTraces = 0
  /// Of traces that are in no archive; some of them.
  package var absent: [MetricExemplar] = []
  /// How many of those there are.
  package var absentCount = 0

  /// Makes metrics of nothing.
  package init() {}

  /// The exemplars that name a trace.
  package subscript(trace: TraceID) -> [MetricExemplar] { kept.filter { $0.traceID == trace } }
}
