/// What was peculiar about a span as it was read.
@frozen
public struct SpanTraits: OptionSet, BitwiseCopyable, Sendable {
  /// The bits.
  public var rawValue: UInt16

  /// Makes a set of its bits.
  @inlinable
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// The span says that it shares its id with its caller (Zipkin).
  public static let shared = SpanTraits(rawValue: 1 << 0)
  /// The span was read from a Zipkin archive: records of one id may be fragments of one span.
  public static let zipkin = SpanTraits(rawValue: 1 << 1)
  /// The debug flag was set (Zipkin, Jaeger).
  public static let debug = SpanTraits(rawValue: 1 << 2)
  /// The start is not known and `end` holds the duration.
  public static let durationOnly = SpanTraits(rawValue: 1 << 3)
  /// Neither end nor duration is known; `end` equals `start`.
  public static let missingEnd = SpanTraits(rawValue: 1 << 4)
  /// The span ended before it started, or its length overflowed; `end` equals `start`.
  public static let negativeDuration = SpanTraits(rawValue: 1 << 5)
  /// The parent was named by a FOLLOWS_FROM reference (Jaeger).
  public static let followsFrom = SpanTraits(rawValue: 1 << 6)
  /// There are several references, or one to another trace: they are among the links, and choosing the parent is
  /// left to assembly.
  public static let references = SpanTraits(rawValue: 1 << 7)
  /// The parent id was no id; its text is among the rare fields.
  public static let invalidParent = SpanTraits(rawValue: 1 << 8)
  /// The effective status was derived from attributes, not reported.
  public static let derivedStatus = SpanTraits(rawValue: 1 << 9)
  /// One key has several attributes; the last one counts.
  public static let duplicateAttribute = SpanTraits(rawValue: 1 << 10)
  /// An enumeration field had a value that nobody knows; its default was taken.
  public static let unknownEnum = SpanTraits(rawValue: 1 << 11)
  /// An optional field did not fit its type and was left out.
  public static let droppedField = SpanTraits(rawValue: 1 << 12)
  /// There is an event named `exception`, or one that holds an `exception.type`.
  public static let exceptionEvent = SpanTraits(rawValue: 1 << 13)
  /// Joined from several records by assembly: its ranges lie in the trace's own tables.
  public static let fused = SpanTraits(rawValue: 1 << 14)
  /// Times are exact to a microsecond only (Jaeger, Zipkin).
  public static let microseconds = SpanTraits(rawValue: 1 << 15)
}
