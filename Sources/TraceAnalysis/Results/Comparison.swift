package import TraceModel

/// What changed between a baseline and the traces at hand.
package struct ComparisonResult: Sendable {
  /// Requests in the baseline.
  package var baselineRequests: Int = 0
  /// Requests at hand.
  package var currentRequests: Int = 0
  /// When the baseline was.
  package var baselineWindow = TimeWindow()
  /// Entry points, largest change of total time first.
  package var entryPoints: [EntryPointChange] = []
  /// Services, most suspect first.
  package var services: [ServiceChange] = []
  /// Links that only one of the two has, and those that got slower, faster or fail more, by (parent, child, connection
  /// type).
  package var links: [LinkChange] = []
  /// Error groups that are new, gone, or more frequent, by current count.
  package var errors: [ErrorChange] = []
  /// Calls from operation to operation that are missing or new, strongest first.
  package var calls: [CallChange] = []

  /// Makes a comparison of nothing.
  package init() {}
}

/// Whether something is on both sides.
package enum ChangePresence: String, Sendable {
  /// Only at hand.
  case new
  /// Only in the baseline.
  case gone
  /// In both.
  case both
}

/// What became of durations.
package enum ChangeDirection: String, Sendable {
  /// The median and the ranks grew.
  case slower
  /// Clearly more durations than before lie above the p95 of then, though the median stayed.
  case slowerTail
  /// The median and the ranks fell.
  case faster
  /// No more than noise, or too little to tell.
  case unchanged

  /// Whether it is for the worse.
  package var isWorse: Bool { self == .slower || self == .slowerTail }
}

/// An entry point then and now.
package struct EntryPointChange: Sendable {
  /// The service of the root.
  package var service: String = ""
  /// The operation of the root.
  package var operation: String = ""
  /// Whether it is on both sides.
  package var presence: ChangePresence = .both
  /// How long requests took in the baseline.
  package var before = DurationSummary()
  /// How long they take now.
  package var after = DurationSummary()
  /// Failed roots in the baseline.
  package var errorsBefore: Int = 0
  /// Failed roots now.
  package var errorsAfter: Int = 0
  /// Rank-sum z of the durations; above 4 it is more than noise.
  package var z: Double = 0
  /// The part of requests above the p95 of then; 5 % when nothing changed.
  package var slowShare: Double = 0
  /// Slower or faster, when that is more than noise, large enough, and seen often enough.
  package var direction: ChangeDirection = .unchanged
  /// Two-proportion z of the failed requests.
  package var errorZ: Double = 0
  /// True when clearly more requests fail than before.
  package var failsMore: Bool = false

  /// Makes a change of nothing.
  package init() {}
}

/// A service then and now.
package struct ServiceChange: Sendable {
  /// Its name.
  package var service: String = ""
  /// Its rank as a suspect, 0 to 1.
  package var score: Double = 0
  /// Time a request more than requests of the same kind took in the baseline, over all requests; gaps of calls to
  /// it included.
  package var excess: Nanoseconds = .zero
  /// The excess over what chance would give.
  package var z: Double = 0
  /// Time per span then, gaps of calls to it included.
  package var perCallBefore: Nanoseconds = .zero
  /// Time per span now.
  package var perCallAfter: Nanoseconds = .zero
  /// Its spans then.
  package var spansBefore: Int = 0
  /// Its spans now.
  package var spansAfter: Int = 0
  /// The strongest sign that it stopped calling somebody.
  package var missingCalls: Double = 0
  /// The strongest sign that more failures begin with it than before.
  package var errorZ: Double = 0
  /// The largest part of an entry point's requests that touch it.
  package var touchedShare: Double = 0
  /// True when the excess is more than noise, large enough, and seen often enough, and most requests show it.
  package var isSignificant: Bool = false
  /// True when the excess is as large, but owed to a few requests that stall.
  package var isStalling: Bool = false
  /// What of it became slower, most telling first.
  package var parts: [PartChange] = []

  /// Makes a change of nothing.
  package init() {}
}

/// Own work of an operation of a service, or the gaps of one caller's calls to the service, then and now.
package struct PartChange: Sendable {
  /// The calling service; empty for own work.
  package var caller: String = ""
  /// The operation: the service's own, or the caller's that makes the call.
  package var operation: String = ""
  /// Time per span then.
  package var perCallBefore: Nanoseconds = .zero
  /// Time per span now.
  package var perCallAfter: Nanoseconds = .zero
  /// Spans then.
  package var callsBefore: Int = 0
  /// Spans now.
  package var callsAfter: Int = 0

  /// Makes a change of nothing.
  package init() {}
}

/// A link then and now.
package struct LinkChange: Sendable {
  /// Calls on one side.
  package struct Side: Sendable {
    /// How many.
    package var calls: Int = 0
    /// Those of them that failed.
    package var errors: Int = 0
    /// How long they took.
    package var latency = DurationSummary()
  }

  /// Who calls.
  package var parent: String = ""
  /// Who is called.
  package var child: String = ""
  /// How.
  package var connectionType: ConnectionType = .rpc
  /// Whether it is on both sides.
  package var presence: ChangePresence = .new
  /// Calls in the baseline.
  package var before = Side()
  /// Calls now.
  package var after = Side()
  /// Rank-sum z of the durations.
  package var z: Double = 0
  /// Slower or faster, when that is more than noise, large enough, and seen often enough.
  package var direction: ChangeDirection = .unchanged
  /// True when clearly more calls fail than before.
  package var failsMore: Bool = false

  /// Makes a change of nothing.
  package init() {}

  /// Whether there is anything to tell.
  var isTold: Bool { presence != .both || direction != .unchanged || failsMore }
}

/// An error group then and now.
package struct ErrorChange: Sendable {
  /// The id of the group.
  package var id: String = ""
  /// The service to blame.
  package var blamedService: String = ""
  /// The service in whose span it is seen.
  package var service: String = ""
  /// The operation in whose span it is seen.
  package var operation: String = ""
  /// Its type and message in a few words.
  package var words: String = ""
  /// Whether it is on both sides.
  package var presence: ChangePresence = .new
  /// Failures then.
  package var before: Int = 0
  /// Failures now.
  package var after: Int = 0
  /// Requests that failed with it now.
  package var rootFailures: Int = 0

  /// Makes a change of nothing.
  package init() {}
}

/// Calls from one operation to another then and now.
package struct CallChange: Sendable {
  /// The calling service.
  package var parentService: String = ""
  /// The calling operation.
  package var parentOperation: String = ""
  /// The called service.
  package var childService: String = ""
  /// The called operation.
  package var childOperation: String = ""
  /// `gone` for missing calls, `new` for new ones.
  package var presence: ChangePresence = .gone
  /// Calls expected from the baseline.
  package var expected: Int = 0
  /// Calls seen.
  package var seen: Int = 0
  /// (expected − seen) ÷ √(expected + seen + 1).
  package var z: Double = 0

  /// Makes a change of nothing.
  package init() {}
}
