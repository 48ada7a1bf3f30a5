import TraceModel

/// What a simulation keeps of one trace.
struct SimulatedTrace: BitwiseCopyable, Sendable {
  var id: TraceID
  /// When it is decided: the latest reported end of its spans.
  var latestEnd: Int64
  /// The reported start of its primary root.
  var start: Int64
  /// The length of its primary root after repair, in nanoseconds.
  var duration: Int64
  /// Uncompressed bytes of its records.
  var bytes: Int64
  var spanCount: Int32
  /// The number of its entry point.
  var entryPoint: Int32
  /// The place of its answers, in words.
  var answers: Int
  /// Where its spans begin among the spans, and its links among the links.
  var spanStart: Int
  var linkStart: Int
  var linkCount: Int32
  /// The place of the trace state of its root among the distinct ones; 0 for none.
  var state: Symbol
  /// What it stands for: `.nan` when that is not known.
  var weight: Double
  /// Where the weight comes from, as the place in `WeightScheme.allCases`.
  var scheme: UInt8
  var traits: Traits

  struct Traits: OptionSet, BitwiseCopyable, Sendable {
    var rawValue: UInt8
    /// A span failed.
    static let hasError = Traits(rawValue: 1)
    /// Its primary root failed.
    static let rootFailed = Traits(rawValue: 2)
    /// Its primary root names no parent: its duration counts in latency figures.
    static let isMeasured = Traits(rawValue: 4)
    /// `sampling.priority` of its root is above 0, or is 0 or less.
    static let priorityKeeps = Traits(rawValue: 8)
    static let priorityDrops = Traits(rawValue: 16)
    /// It has one root, and nothing of it is missing.
    static let isComplete = Traits(rawValue: 32)
    /// A span was kept although its randomness lies below its threshold.
    static let isInconsistent = Traits(rawValue: 64)
  }
}

/// A span as estimates need it.
struct SimulatedSpan: PartOfTrace, Sendable {
  var operation: Int32
  /// The number of its trace; the highest bit says that the span failed, the next that it is a request: that it has no
  /// parent in its own service.
  var traceAndError: UInt32
  var duration: Int64

  var isRequest: Bool { traceAndError >> 30 & 1 == 1 }
}

/// What says in 32 bits to which trace it belongs and whether it failed.
///
///     | failed: 1 bit | see `SimulatedSpan`: 1 bit | number of the trace: 30 bits |
protocol PartOfTrace: BitwiseCopyable {
  var traceAndError: UInt32 { get }
}

extension PartOfTrace {
  /// The number of its trace.
  var trace: Int { Int(traceAndError & 0x3fff_ffff) }
  /// True when it failed.
  var isError: Bool { traceAndError >> 31 == 1 }
}

/// A service and one of its operations.
package struct OperationKey: Sendable, Hashable, Comparable {
  /// The service; empty when it has no name.
  package var service: String
  /// The span name.
  package var operation: String

  /// Makes a key.
  package init(service: String, operation: String) {
    self.service = service
    self.operation = operation
  }

  /// By service, then operation.
  package static func < (left: Self, right: Self) -> Bool {
    (left.service, left.operation) < (right.service, right.operation)
  }
}

/// A service that calls another.
package struct LinkKey: Sendable, Hashable, Comparable {
  /// Who calls.
  package var parent: String
  /// Who is called.
  package var child: String

  /// Makes a key.
  package init(parent: String, child: String) {
    self.parent = parent
    self.child = child
  }

  /// By caller, then callee.
  package static func < (left: Self, right: Self) -> Bool {
    (left.parent, left.child) < (right.parent, right.child)
  }
}
