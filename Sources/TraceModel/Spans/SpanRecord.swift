/// One span as it was read: 96 plain bytes, with ranges into the table that holds the rest.
///
/// The fixed fields lie together rather than in a column each because spans of one trace are scattered over the
/// archives: gathering a trace then touches two cache lines a span, three where a row begins at the end of one. What
/// not every span has lies in another row, `ExtraFields`, and `presence` tells whether it is worth looking there.
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
  /// The place of its resource: of the table while reading, of the store once that is made.
  public var resource: UInt32 = 0
  /// The place of its instrumentation scope: of the table while reading, of the store once that is made.
  public var scope: UInt32 = 0
  /// Its attributes in the table.
  public var attributeStart: UInt32 = 0
  /// The number of its attributes.
  public var attributeCount: UInt32 = 0
  /// The place of its extra fields: in the table, 0 for none; of a fused span in the trace.
  public var extra: UInt32 = 0
  /// The archive it was read from.
  public var archive: UInt32 = 0
  /// The bytes that its record takes in the inflated archive; 0 when that is not known.
  public var byteCount: UInt32 = 0
  /// The table its ranges lie in.
  public var table: UInt16 = 0
  /// What was peculiar about it.
  public var traits: SpanTraits = []
  /// W3C trace flags and OpenTelemetry's bits above them, as far as they are used today; see `RareFields.upperFlags`.
  public var lowerFlags: UInt16 = 0
  /// Which extra fields it has.
  public var presence: ExtraFieldSet = []
  /// Several things that take a few bits each.
  ///
  ///     bit   7          6 5      4 3               2 1 0
  ///           database   status   reported status   kind
  @usableFromInline var packed: UInt8 = 0

  /// Makes a record in which nothing is known.
  @inlinable
  public init() {}

  /// Its kind.
  @inlinable
  public var kind: SpanKind {
    get { SpanKind(rawValue: packed & 0b111) ?? .unspecified }
    set { packed = packed & ~0b111 | newValue.rawValue }
  }

  /// The status as reported.
  @inlinable
  public var reportedStatus: SpanStatus {
    get { SpanStatus(rawValue: packed >> 3 & 0b11) ?? .unset }
    set { packed = packed & ~(0b11 << 3) | newValue.rawValue << 3 }
  }

  /// The status after the derivation rules (semantic conventions, `StatusRule`).
  @inlinable
  public var status: SpanStatus {
    get { SpanStatus(rawValue: packed >> 5 & 0b11) ?? .unset }
    set { packed = packed & ~(0b11 << 5) | newValue.rawValue << 5 }
  }

  /// True when an attribute names a database; like the status it is derived once, while the attributes are at hand.
  @inlinable
  public var hasDatabase: Bool {
    get { packed >> 7 == 1 }
    set { packed = packed & 0x7f | (newValue ? 0x80 : 0) }
  }
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
