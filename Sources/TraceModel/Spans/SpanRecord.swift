/// One span as it was read: 128 plain bytes, with ranges into the table that holds the rest.
///
/// The fixed fields lie together rather than in a column each because spans of one trace are scattered over the
/// archives: gathering a trace then touches two cache lines a span.
@frozen
public struct SpanRecord: BitwiseCopyable, Sendable {
  /// The trace it says it belongs to.
  public var traceID: TraceID = .absent
  /// Its own id; several records may have one.
  public var spanID: SpanID = .absent
  /// The parent that it names; absent for a root.
  public var parentSpanID: SpanID = .absent
  /// Start as reported; `.unknown` when absent.
  public var start: UnixNanoseconds = .unknown
  /// End as reported; see `SpanTraits` for what it holds when it was absent.
  public var end: UnixNanoseconds = .unknown
  /// Where the span begins in its inflated archive, in bytes.
  public var archiveOffset: UInt64 = 0
  /// The span name, shown as operation.
  public var name: Symbol = .empty
  /// The reason given with a failed status.
  public var statusMessage: Symbol = .empty
  /// The W3C trace state.
  public var traceState: Symbol = .empty
  /// The place of its resource: of the table while reading, of the store once that is made.
  public var resource: UInt32 = 0
  /// The place of its instrumentation scope: of the table while reading, of the store once that is made.
  public var scope: UInt32 = 0
  /// Its attributes in the table.
  public var attributeStart: UInt32 = 0
  /// The number of its attributes.
  public var attributeCount: UInt32 = 0
  /// Its events in the table.
  public var eventStart: UInt32 = 0
  /// The number of its events.
  public var eventCount: UInt32 = 0
  /// Its links in the table.
  public var linkStart: UInt32 = 0
  /// The number of its links.
  public var linkCount: UInt32 = 0
  /// W3C trace flags and OpenTelemetry's bits above them.
  public var flags: UInt32 = 0
  /// The place of its endpoints in the table; 0 for none.
  public var endpoints: UInt32 = 0
  /// The place of its rare fields in the table; 0 for none.
  public var rare: UInt32 = 0
  /// The archive it was read from.
  public var archive: UInt32 = 0
  /// The table its ranges lie in.
  public var table: UInt16 = 0
  /// What was peculiar about it.
  public var traits: SpanTraits = []
  /// Its kind.
  public var kind: SpanKind = .unspecified
  /// The status as reported.
  public var reportedStatus: SpanStatus = .unset
  /// The status after the derivation rules (semantic conventions, `StatusRule`).
  public var status: SpanStatus = .unset
  /// True when an attribute names a database; like the status it is derived once, while the attributes are at hand.
  public var hasDatabase = false
  /// The bytes that its record takes in the inflated archive; 0 when that is not known. Fills what was padding.
  public var byteCount: UInt32 = 0

  /// Makes a record in which nothing is known.
  @inlinable
  public init() {}
}

/// Something that happened at one moment of a span: an OpenTelemetry event, a Jaeger log, a Zipkin annotation.
@frozen
public struct SpanEvent: BitwiseCopyable, Sendable {
  /// When it happened.
  public var time: UnixNanoseconds = .unknown
  /// What it is called.
  public var name: Symbol = .empty
  /// Its attributes in the table.
  public var attributeStart: UInt32 = 0
  /// The number of its attributes.
  public var attributeCount: UInt32 = 0
  /// How many attributes were dropped before export.
  public var droppedAttributes: UInt32 = 0

  /// Makes an event in which nothing is known.
  @inlinable
  public init() {}
}

/// What a link says about the span it points to.
@frozen
public enum SpanLinkKind: UInt8, BitwiseCopyable, Sendable {
  /// An OpenTelemetry link.
  case link
  /// A Jaeger CHILD_OF reference.
  case childOf
  /// A Jaeger FOLLOWS_FROM reference.
  case followsFrom
}

/// A pointer to another span, of this or another trace.
@frozen
public struct SpanLink: BitwiseCopyable, Sendable {
  /// The trace pointed to.
  public var traceID: TraceID = .absent
  /// The span pointed to.
  public var spanID: SpanID = .absent
  /// The trace state of the link.
  public var traceState: Symbol = .empty
  /// Its attributes in the table.
  public var attributeStart: UInt32 = 0
  /// The number of its attributes.
  public var attributeCount: UInt32 = 0
  /// How many attributes were dropped before export.
  public var droppedAttributes: UInt32 = 0
  /// W3C trace flags and OpenTelemetry's bits above them.
  public var flags: UInt32 = 0
  /// What it says.
  public var kind: SpanLinkKind = .link

  /// Makes a link in which nothing is known.
  @inlinable
  public init() {}
}

/// Where one side of a call runs, as Zipkin reports it.
@frozen
public struct Endpoint: BitwiseCopyable, Sendable, Equatable {
  /// The service name; empty when absent.
  public var service: Symbol = .empty
  /// The IPv4 address; empty when absent.
  public var ipv4: Symbol = .empty
  /// The IPv6 address; empty when absent.
  public var ipv6: Symbol = .empty
  /// The port; 0 when absent.
  public var port: UInt16 = 0
  /// The service was written as `unknown`: absent for everybody but Zipkin's own dependency rule.
  public var isNamedUnknown = false

  /// Makes an endpoint of which nothing is known.
  @inlinable
  public init() {}

  /// Compares what is known.
  @inlinable
  public static func == (left: Endpoint, right: Endpoint) -> Bool {
    left.service == right.service && left.ipv4 == right.ipv4 && left.ipv6 == right.ipv6
      && left.port == right.port
  }

  /// True when nothing is known.
  @inlinable
  public var isAbsent: Bool { service.isEmpty && ipv4.isEmpty && ipv6.isEmpty && port == 0 }
}

/// The two sides of a Zipkin span.
@frozen
public struct EndpointPair: BitwiseCopyable, Sendable, Equatable {
  /// Where the span ran.
  public var local = Endpoint()
  /// Whom it talked to.
  public var remote = Endpoint()

  /// Makes a pair of which nothing is known.
  @inlinable
  public init() {}
}

/// Fields that few spans have.
@frozen
public struct RareFields: BitwiseCopyable, Sendable {
  /// How many attributes were dropped before export.
  public var droppedAttributes: UInt32 = 0
  /// How many events were dropped before export.
  public var droppedEvents: UInt32 = 0
  /// How many links were dropped before export.
  public var droppedLinks: UInt32 = 0
  /// The parent id as written, when it was none.
  public var invalidParent: Symbol = .empty

  /// Makes fields in which nothing is known.
  @inlinable
  public init() {}
}

/// What produced spans (OpenTelemetry `Resource`).
@frozen
public struct Resource: BitwiseCopyable, Sendable {
  /// The service's name; empty when none was given.
  public var serviceName: Symbol = .empty
  /// The schema that the attributes follow.
  public var schemaURL: Symbol = .empty
  /// Its attributes in the table.
  public var attributeStart: UInt32 = 0
  /// The number of its attributes.
  public var attributeCount: UInt32 = 0
  /// How many attributes were dropped before export.
  public var droppedAttributes: UInt32 = 0
  /// The table its attributes lie in.
  public var table: UInt16 = 0

  /// Makes a resource of which nothing is known.
  @inlinable
  public init() {}
}

/// What instrumentation produced spans (OpenTelemetry `InstrumentationScope`).
@frozen
public struct InstrumentationScope: BitwiseCopyable, Sendable {
  /// The name of the library.
  public var name: Symbol = .empty
  /// Its version.
  public var version: Symbol = .empty
  /// The schema that the spans follow.
  public var schemaURL: Symbol = .empty
  /// Its attributes in the table.
  public var attributeStart: UInt32 = 0
  /// The number of its attributes.
  public var attributeCount: UInt32 = 0
  /// How many attributes were dropped before export.
  public var droppedAttributes: UInt32 = 0
  /// The table its attributes lie in.
  public var table: UInt16 = 0

  /// Makes a scope of which nothing is known.
  @inlinable
  public init() {}
}
