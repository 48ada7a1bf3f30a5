/// The outcome of a span (OpenTelemetry status code).
@frozen
public enum SpanStatus: UInt8, BitwiseCopyable, Sendable {
  /// Nothing was said.
  case unset
  /// Said to be fine; this is final.
  case ok
  /// Failed.
  case error

  /// The name that is printed.
  package var name: String {
    switch self {
    case .unset: "UNSET"
    case .ok: "OK"
    case .error: "ERROR"
    }
  }
}
