/// A span in its place in a trace.
@frozen
public struct TraceSpan: BitwiseCopyable, Sendable {
  /// The span as it was read (joined from several records if `traits` holds `fused`).
  public var record: SpanRecord
  /// Its service; empty when none is named.
  public var service: Symbol = .empty
  /// Start after repair and clock-skew correction.
  public var start: UnixNanoseconds = .unknown
  /// End after repair and clock-skew correction; never before the start.
  public var end: UnixNanoseconds = .unknown
  /// How far correction moved it; the repaired raw time is `start − adjustedBy`.
  public var adjustedBy: Nanoseconds = .zero
  /// Its length less the union of its children clipped to it.
  public var selfTime: Nanoseconds = .zero
  /// Its part of the critical path.
  public var criticalPathTime: Nanoseconds = .zero
  /// The place of its effective parent; −1 for a root.
  public var parent: Int32 = -1
  /// One past the last place below it.
  public var subtreeEnd: Int32 = 0
  /// Levels below its root.
  public var depth: Int32 = 0
  /// The number of its children.
  public var childCount: Int32 = 0
  /// 0, or its number among different spans of one id.
  public var ordinal: Int32 = 0
  /// What assembly found out about it.
  public var traits: TraceSpanTraits = []

  /// Places a record; everything else is to be filled in.
  @inlinable
  public init(record: SpanRecord) { self.record = record }

  /// Its length after repair.
  @inlinable
  public var duration: Nanoseconds { end - start }

  /// True for a failed span.
  @inlinable
  public var isError: Bool { record.status == .error }

  /// True for a span without effective parent.
  @inlinable
  public var isRoot: Bool { parent < 0 }
}

/// What assembly found out about a span.
@frozen
public struct TraceSpanTraits: OptionSet, BitwiseCopyable, Sendable {
  /// The bits.
  public var rawValue: UInt16

  /// Makes a set of its bits.
  @inlinable
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// Its parent is named but absent.
  public static let orphan = TraceSpanTraits(rawValue: 1 << 0)
  /// It is the server half of a shared id.
  public static let shared = TraceSpanTraits(rawValue: 1 << 1)
  /// A cycle of parents was cut here.
  public static let cycleCut = TraceSpanTraits(rawValue: 1 << 2)
  /// Joined from several records: its ranges lie in the trace.
  public static let fused = TraceSpanTraits(rawValue: 1 << 3)
  /// It failed and none of its children did.
  public static let rootCause = TraceSpanTraits(rawValue: 1 << 4)
  /// It lies outside its parent and takes no part in the critical path, with all below it.
  public static let outsideParent = TraceSpanTraits(rawValue: 1 << 5)
  /// It does not keep its parent waiting: a consumer under a producer, or below one.
  public static let nonBlocking = TraceSpanTraits(rawValue: 1 << 6)
  /// Its start was assumed.
  public static let assumedStart = TraceSpanTraits(rawValue: 1 << 7)
}
