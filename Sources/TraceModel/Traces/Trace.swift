/// One reconstructed trace: its spans in display order, with repaired times, self times and critical path.
///
///     place     0        1        2        3        4          5
///     spans   [ root     A        A.1      A.2      B          second root ]
///     depth     0        1        2        2        1          0
///     end of    5        4        3        4        5          6          (`subtreeEnd`)
///
/// Display order is depth first, children by (start, span id, unshared first). So the children of a span are found
/// without an index: the first is the next place, each further one is at the `subtreeEnd` of its elder sibling.
/// Every accepted span of the input is in exactly one place of one trace. A value is filled anew for each trace by
/// `TraceAssembler` and keeps its memory; copy it to keep it.
public struct Trace: Sendable {
  /// The id it is shown under.
  public var id: TraceID = .absent
  /// The spans in display order; never empty once assembled.
  public var spans: [TraceSpan] = []
  /// Least start of all spans, after repair.
  public var start: UnixNanoseconds = .unknown
  /// Greatest end of all spans, after repair.
  public var end: UnixNanoseconds = .unknown
  /// The place of the primary root: it gives the trace its name.
  public var primaryRoot: Int = 0
  /// The places of all roots in display order.
  public var roots: [Int] = []
  /// One root, without a parent id, nothing cut, nothing quarantined.
  public var isComplete: Bool = true
  /// The deepest level, counted from 1.
  public var depth: Int = 0
  /// The critical paths of all roots, ordered by (start, end, span id).
  public var criticalPath: [CriticalPathSection] = []
  /// What was repaired or is odd, ordered by (code, span id, place).
  ///
  /// Left empty when `AssemblyOptions.collectsWarnings` is off: then look at `notes`.
  public var warnings: [TraceWarning] = []
  /// What the warnings are made of; always there, in the same order.
  public var notes: [TraceNote] = []
  /// Exact copies that were dropped.
  public var duplicateSpans: Int = 0
  /// Records that were joined into others.
  public var fusedSpans: Int = 0

  /// Attributes of spans with the trait `fused`; all others are in the store.
  public var fusedAttributes: [Attribute] = []
  /// Events of spans with the trait `fused`.
  public var fusedEvents: [SpanEvent] = []
  /// Links of spans with the trait `fused`.
  public var fusedLinks: [SpanLink] = []
  /// Extra fields of spans with the trait `fused`, whose ranges lie here, too; but rare fields are in the store.
  public var fusedExtraFields: [ExtraFields] = []
  /// Endpoints of spans with the trait `fused`.
  public var fusedEndpoints: [EndpointPair] = []

  /// Makes an empty trace to be filled.
  public init() {}

  /// Greatest end less least start.
  public var duration: Nanoseconds { end - start }

  /// The length of the primary root: what latency statistics count.
  public var rootDuration: Nanoseconds { spans[primaryRoot].end - spans[primaryRoot].start }

  /// The number of spans that failed.
  public var errorCount: Int { spans.reduce(0) { $0 + ($1.isError ? 1 : 0) } }

  /// True when the primary root names no parent; only such traces count in latency tables.
  public var hasTrueRoot: Bool { !spans[primaryRoot].traits.contains(.orphan) }
}

/// A stretch of time in which one span kept its root waiting.
@frozen
public struct CriticalPathSection: BitwiseCopyable, Sendable, Equatable {
  /// The place of the span.
  public var span: Int32
  /// Where the stretch begins.
  public var start: UnixNanoseconds
  /// Where it ends.
  public var end: UnixNanoseconds

  /// Makes a section of its parts.
  @inlinable
  public init(span: Int32, start: UnixNanoseconds, end: UnixNanoseconds) {
    self.span = span
    self.start = start
    self.end = end
  }

  /// Its length.
  @inlinable
  public var length: Nanoseconds { end - start }
}

/// Something odd about a trace or one of its spans, in fixed words and one sentence.
public struct TraceWarning: Sendable, Equatable {
  /// The fixed word.
  public var code: DiagnosticCode
  /// The place of the span it is about; nil when it is about the trace.
  public var span: Int?
  /// One sentence with the particulars.
  public var message: String

  /// Makes a warning of its parts.
  public init(code: DiagnosticCode, span: Int?, message: String) {
    self.code = code
    self.span = span
    self.message = message
  }
}
