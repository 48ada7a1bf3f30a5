/// What part a span plays in a call (OpenTelemetry `SpanKind`).
@frozen
public enum SpanKind: UInt8, BitwiseCopyable, Sendable, CaseIterable {
  /// No kind was given; shown as INTERNAL, but dependency rules tell the two apart.
  case unspecified
  /// Work inside a service.
  case `internal`
  /// The answering side of a call.
  case server
  /// The asking side of a call.
  case client
  /// The sending side of a message.
  case producer
  /// The receiving side of a message.
  case consumer

  /// The name that is printed: the one of OpenTelemetry, `INTERNAL` when none was given.
  package var name: String {
    switch self {
    case .unspecified, .internal: "INTERNAL"
    case .server: "SERVER"
    case .client: "CLIENT"
    case .producer: "PRODUCER"
    case .consumer: "CONSUMER"
    }
  }
}
