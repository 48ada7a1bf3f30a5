package import TraceModel

/// How much a finding matters.
package enum FindingSeverity: String, Sendable, CaseIterable, Comparable {
  /// Affects at least 5 % of an entry point's requests or 25 % of its latency, and is significant.
  case high
  /// Affects at least 1 % or 10 %.
  case medium
  /// Less.
  case low
  /// An observation.
  case info

  private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

  /// Orders from the most severe to the least.
  package static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }
}

/// A trace, and a span in it, that shows what a finding says.
package struct Evidence: Sendable, Hashable {
  /// The trace.
  package var traceID: TraceID
  /// The span.
  package var spanID: SpanID

  /// Makes evidence of its ids.
  package init(traceID: TraceID, spanID: SpanID) {
    self.traceID = traceID
    self.spanID = spanID
  }
}

/// Something that stands out, as a sentence with its numbers and its evidence.
package struct Finding: Sendable {
  /// Stable over runs: made of the kind and what it is about.
  package var id: String = ""
  /// A fixed word: `latency-bottleneck`, `error-origin`, `not-reached`, …
  package var kind: String = ""
  /// How much it matters.
  package var severity: FindingSeverity = .info
  /// True when it tells of a change since the baseline.
  package var isChange: Bool = false
  /// One sentence.
  package var title: String = ""
  /// Two or three sentences with the numbers.
  package var proof: [String] = []
  /// What to look at next.
  package var nextStep: String = ""
  /// The rule that made it, in a few words.
  package var rule: String = ""
  /// The service it is about.
  package var service: String = ""
  /// The operation it is about; may be empty.
  package var operation: String = ""
  /// The entry point whose requests suffer; may be empty.
  package var entryService: String = ""
  /// The operation of that entry point.
  package var entryOperation: String = ""
  /// Orders inside a severity; 0 to 1.
  package var score: Double = 0
  /// Traces that show it, best first; their pages are made first.
  package var evidence: [Evidence] = []
  /// The page and place that explain it, such as `latency.html#…`.
  package var page: String = ""

  /// Makes an empty finding.
  package init() {}
}

/// A service ranked as the cause of trouble.
package struct Suspect: Sendable {
  /// Its name.
  package var service: String = ""
  /// 0 to 1.
  package var score: Double = 0
  /// Why, in words with numbers.
  package var reasons: [String] = []
  /// Traces that show it.
  package var evidence: [Evidence] = []

  /// Makes an empty suspect.
  package init() {}
}
