package import TraceModel

/// Failures with one signature: where they began, in which operation, of which type, with which words.
package struct ErrorGroup: Sendable {
  /// Stable over nights: a hash of the signature.
  package var id: String = ""
  /// The service that is to blame (the peer, when a call was never answered).
  package var blamedService: String = ""
  /// The service in whose span it was seen.
  package var service: String = ""
  /// The operation in whose span it was seen.
  package var operation: String = ""
  /// The kind of that span.
  package var kind: SpanKind = .unspecified
  /// The status code or exception type.
  package var type: String = ""
  /// The peer of the failing call; may be empty.
  package var peer: String = ""
  /// The message with ids, numbers and addresses replaced.
  package var message: String = ""
  /// One message as it was.
  package var exampleMessage: String = ""
  /// What the root of the example says came of it; may be empty.
  package var consequence: String = ""
  /// How often it began.
  package var count: Int = 0
  /// In how many traces.
  package var traceCount: Int = 0
  /// In how many of them the root failed.
  package var rootFailures: Int = 0
  /// Traces in which a healthy span stood above it: the error was swallowed.
  package var swallowed: Int = 0
  /// Critical-path time that swallowed failures took.
  package var swallowedTime: Nanoseconds = .zero
  /// Failures after the root had ended or below a consumer: the caller did not see them.
  package var unseen: Int = 0
  /// First time seen.
  package var firstSeen: UnixNanoseconds = .unknown
  /// Last time seen.
  package var lastSeen: UnixNanoseconds = .unknown
  /// Over the window.
  package var series: [SeriesPoint] = []
  /// Entry points whose requests it hurt, most hurt first.
  package var entryPoints: [AffectedEntryPoint] = []
  /// Services that an error passed through on its way up, from the origin to the root, in the most frequent way.
  package var path: [PathStep] = []
  /// Calls that are usual and did not happen in these traces.
  package var notReached: [NotReached] = []
  /// Attribute values over-represented in its traces, strongest first.
  package var shared: [SharedValue] = []
  /// A complete and a short example.
  package var examples: [ExampleTrace] = []

  /// Makes an empty group.
  package init() {}
}

/// An entry point hurt by an error.
package struct AffectedEntryPoint: Sendable {
  /// The service of the root.
  package var service: String = ""
  /// The operation of the root.
  package var operation: String = ""
  /// Its traces with the error.
  package var count: Int = 0
  /// Those whose root failed with it.
  package var rootFailures: Int = 0
  /// All its traces.
  package var total: Int = 0

  /// Makes an empty value.
  package init() {}
}

/// A step of an error's way from its origin to the root.
package struct PathStep: Sendable, Hashable {
  /// The service.
  package var service: String
  /// The operation.
  package var operation: String
  /// The kind of its span.
  package var kind: SpanKind

  /// Makes a step of its parts.
  package init(service: String, operation: String, kind: SpanKind) {
    self.service = service
    self.operation = operation
    self.kind = kind
  }
}

/// A service that healthy traces of an entry point reach and failing ones do not.
package struct NotReached: Sendable {
  /// The service of the root.
  package var entryService: String = ""
  /// The operation of the root.
  package var entryOperation: String = ""
  /// The service that is missing.
  package var service: String = ""
  /// The part of healthy traces that reach it.
  package var usualShare: Double = 0
  /// Healthy traces looked at.
  package var healthyCount: Int = 0
  /// Failing traces looked at.
  package var failingCount: Int = 0
  /// Failing traces that reach it nevertheless.
  package var seenCount: Int = 0
  /// How many would be expected.
  package var expectedCount: Int = 0
  /// A trace that shows it.
  package var evidence: Evidence?

  /// Makes an empty value.
  package init() {}
}

/// An attribute value that one set of traces has more often than another.
package struct SharedValue: Sendable {
  /// Whose resource or failed span it belongs to; empty for the root span.
  package var service: String = ""
  /// The attribute.
  package var key: String = ""
  /// Its value.
  package var value: String = ""
  /// Traces of the set with it.
  package var count: Int = 0
  /// Traces of the set.
  package var total: Int = 0
  /// Other traces with it.
  package var otherCount: Int = 0
  /// Other traces.
  package var otherTotal: Int = 0
  /// How likely chance alone gives such a difference, by Fisher's exact test.
  package var chance: Double = 1
  /// True when it is not by chance, with all values that were looked at taken into account.
  package var isSignificant: Bool = false
  /// Other attributes that hold on exactly the same traces, as `service key=value`.
  package var alike: [String] = []

  /// Makes an empty value.
  package init() {}
}
