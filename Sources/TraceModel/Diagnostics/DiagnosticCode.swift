/// How much a diagnostic matters.
public enum DiagnosticSeverity: Int, Sendable, Comparable {
  /// Nothing to do.
  case info
  /// Repaired or assumed: the picture may differ from reality.
  case notice
  /// Data is missing or was refused.
  case loss

  /// Orders from harmless to harmful.
  public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// A fixed word for something that was wrong with an archive, a record, a trace or a span.
///
/// Codes are printed and scripted against: they are never renamed. Each has a severity and a remedy.
public enum DiagnosticCode: String, Sendable, CaseIterable, Comparable {
  case unreadableRecord = "unreadable-record"
  case truncatedStream = "truncated-stream"
  case gzipDamaged = "gzip-damaged"
  case gzipTrailingData = "gzip-trailing-data"
  case recordTooLarge = "record-too-large"
  case unknownFormat = "unknown-format"
  case unsupportedFormat = "unsupported-format"
  case otherSignal = "other-signal"
  case badEncoding = "bad-encoding"
  case mixedTimeUnits = "mixed-time-units"
  case missingTraceID = "missing-trace-id"
  case missingSpanID = "missing-span-id"
  case invalidID = "invalid-id"
  case invalidField = "invalid-field"
  case nonHexID = "non-hex-id"
  case unknownEnum = "unknown-enum"
  case duplicateAttribute = "duplicate-attribute"
  case duplicateSpan = "duplicate-span"
  case fragmentsMerged = "fragments-merged"
  case duplicateSpanID = "duplicate-span-id"
  case sharedIDInferred = "shared-id-inferred"
  case sharedWithoutClient = "shared-without-client"
  case traceIDsJoined = "trace-ids-joined"
  case traceIDAmbiguous = "trace-id-ambiguous"
  case selfParent = "self-parent"
  case parentMissing = "parent-missing"
  case parentCycle = "parent-cycle"
  case parentInOtherTrace = "parent-in-other-trace"
  case severalParents = "several-parents"
  case multipleRoots = "multiple-roots"
  case missingService = "missing-service"
  case missingStart = "missing-start"
  case missingDuration = "missing-duration"
  case negativeDuration = "negative-duration"
  case implausibleTime = "implausible-time"
  case childOutsideParent = "child-outside-parent"
  case clockSkewAdjusted = "clock-skew-adjusted"
  case clockSkewTooLarge = "clock-skew-too-large"
  case droppedBySDK = "dropped-by-sdk"
  case valueCut = "value-cut"
  case traceCut = "trace-cut"

  /// Orders by the printed word.
  public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

  /// How much it matters.
  public var severity: DiagnosticSeverity {
    switch self {
    case .unreadableRecord, .truncatedStream, .gzipDamaged, .recordTooLarge, .unknownFormat,
      .unsupportedFormat, .missingTraceID, .missingSpanID, .invalidID, .parentMissing, .droppedBySDK,
      .traceCut:
      .loss
    case .gzipTrailingData, .otherSignal, .nonHexID, .unknownEnum, .duplicateAttribute, .duplicateSpan,
      .fragmentsMerged, .sharedIDInferred, .parentInOtherTrace, .severalParents, .valueCut:
      .info
    case .badEncoding, .mixedTimeUnits, .invalidField, .duplicateSpanID, .sharedWithoutClient,
      .traceIDsJoined, .traceIDAmbiguous, .selfParent, .parentCycle, .multipleRoots, .missingService,
      .missingStart, .missingDuration, .negativeDuration, .implausibleTime, .childOutsideParent,
      .clockSkewAdjusted, .clockSkewTooLarge:
      .notice
    }
  }

  /// What the reader of a report can do about it.
  public var remedy: String {
    switch self {
    case .unreadableRecord: "check the writer; the rest of the file was read"
    case .truncatedStream: "copy the file again, or wait until the writer has closed it"
    case .gzipDamaged: "copy the file again and compare checksums"
    case .recordTooLarge: "raise limits.recordBytes or limits.nesting"
    case .unknownFormat: "convert, rename with a leading dot, or leave the file out"
    case .unsupportedFormat: "export as OTLP, Jaeger or Zipkin"
    case .badEncoding: "fix the instrumentation's encoding"
    case .mixedTimeUnits: "check the writer's clock unit"
    case .missingTraceID, .missingSpanID, .invalidID, .invalidField, .missingStart:
      "fix the exporter"
    case .nonHexID: "write hex ids"
    case .unknownEnum: "update the tool or the exporter"
    case .duplicateAttribute: "fix the instrumentation"
    case .duplicateSpan: "overlapping archives or retried exports"
    case .duplicateSpanID: "check the id generator (forked processes, fixed seeds)"
    case .sharedIDInferred: "set shared in the reporter"
    case .sharedWithoutClient: "client's report missing or sampled out"
    case .traceIDsJoined, .traceIDAmbiguous: "finish the move to 128-bit ids, or use --strict-trace-id"
    case .selfParent, .parentCycle: "fix context propagation"
    case .parentMissing: "add the missing archive, widen the window, check sampling and propagation"
    case .parentInOtherTrace: "see the link"
    case .multipleRoots: "batch jobs, or a missing common parent"
    case .missingService: "set OTEL_SERVICE_NAME or the process name"
    case .missingDuration: "span never finished, or one-way"
    case .negativeDuration: "fix the clock source"
    case .implausibleTime: "check units and clock"
    case .childOutsideParent: "asynchronous work, time-out, or skew with unknown hosts"
    case .clockSkewAdjusted: "synchronise clocks (NTP); --skew off shows raw times"
    case .clockSkewTooLarge: "check the host's clock; --max-skew"
    case .droppedBySDK: "raise the SDK's limits"
    case .traceCut: "raise limits.spansPerTrace"
    case .gzipTrailingData, .otherSignal, .fragmentsMerged, .severalParents, .valueCut: "none"
    }
  }
}
