package import TraceModel

/// Root requests over the window, in equal stretches.
package struct Timeline: Sendable {
  /// The length of a stretch.
  package var step: Nanoseconds = .zero
  /// The stretches from first to last, empty ones included.
  package var points: [SeriesPoint] = []

  /// Makes an empty timeline.
  package init() {}
}

/// Root requests by time and duration.
package struct HeatMap: Sendable {
  /// The length of a column.
  package var step: Nanoseconds = .zero
  /// Where the columns begin.
  package var columnStarts: [UnixNanoseconds] = []
  /// The upper bounds of the rows, from short to long.
  package var rowUppers: [Nanoseconds] = []
  /// Counts, column by column: `counts[column * rows + row]`.
  package var counts: [Int] = []
  /// Failed requests, likewise.
  package var errors: [Int] = []

  /// Makes an empty map.
  package init() {}
}

/// What was repaired, and what is doubtful, over all archives.
package struct QualityResult: Sendable {
  /// How often one warning was given, and where.
  package struct WarningRow: Sendable {
    /// The fixed word.
    package var code: DiagnosticCode
    /// The service; empty when it is about a trace or an archive.
    package var service: String
    /// How often.
    package var count: Int
    /// A span that shows it.
    package var evidence: Evidence?

    /// Makes a row of its parts.
    package init(code: DiagnosticCode, service: String, count: Int, evidence: Evidence?) {
      self.code = code
      self.service = service
      self.count = count
      self.evidence = evidence
    }
  }

  /// By (severity from harmful to harmless, code, service).
  package var warnings: [WarningRow] = []

  /// Makes a result about nothing.
  package init() {}
}
