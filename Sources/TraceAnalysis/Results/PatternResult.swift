package import TraceModel

/// What shape of calls a pattern is.
package enum PatternKind: String, Sendable, CaseIterable {
  /// Five or more calls of one operation by one parent.
  case repeatedCalls = "repeated-calls"
  /// Calls of one operation of which all but the last failed.
  case retries
  /// A long stretch without child spans in a span that has some.
  case gap
  /// Calls to other services one after the other.
  case sequentialCalls = "sequential-calls"
}

/// A shape of calls below one operation, in the requests of one entry point.
package struct PatternResult: Sendable {
  /// What shape.
  package var kind: PatternKind = .repeatedCalls
  /// The service of the root.
  package var entryService: String = ""
  /// The operation of the root.
  package var entryOperation: String = ""
  /// The service of the parent.
  package var service: String = ""
  /// The operation of the parent.
  package var operation: String = ""
  /// The service of the children; empty for gaps and calls in sequence.
  package var childService: String = ""
  /// The operation of the children; empty for gaps and calls in sequence.
  package var childOperation: String = ""
  /// Requests that show it.
  package var traceCount: Int = 0
  /// Of how many.
  package var requestCount: Int = 0
  /// Parents in them.
  package var parentCount: Int = 0
  /// Children of one parent, on average.
  package var meanChildren: Double = 0
  /// Children of the parent with most.
  package var mostChildren: Int = 0
  /// True when the children hardly ever overlap.
  package var isSequential: Bool = false
  /// Time of the children, or of the stretch, over all requests.
  package var time: Nanoseconds = .zero
  /// What would be saved over all requests if it took no longer than its longest part.
  package var saving: Nanoseconds = .zero
  /// The saving as a part of the time of all requests of the entry point.
  package var savingShare: Double = 0
  /// A span that shows it.
  package var evidence: Evidence?

  /// Makes a pattern of nothing.
  package init() {}
}
