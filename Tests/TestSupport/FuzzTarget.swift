import SpanArchive
import TraceAnalysis
import TraceModel

/// A reader of what others write, and what must hold whatever it is given: what the fuzzer runs, and a test repeats
/// with the seeds and findings that are kept.
package enum FuzzTarget: String, CaseIterable, Sendable {
  /// Unpacking: gzip, zstd, framed zstd, one inside another.
  case inflation
  /// A whole archive of a format: framing, recognition, reading, assembly, writing.
  case archive
  /// The same within next to no memory, beside plenty of it.
  case memory
  case otlpJSON = "otlp-json"
  case otlpProto = "otlp-proto"
  case jaegerJSON = "jaeger-json"
  case jaegerElasticsearch = "jaeger-es"
  case jaegerProtoJSON = "jaeger-proto-json"
  case zipkinJSON = "zipkin-json"
  case zipkinV1 = "zipkin-v1-json"
  case zipkinProto = "zipkin-proto"
  case native = "native-json"
  case xray = "xray-json"
  case datadog = "datadog-json"
  case tempo = "tempo-meta"
  /// Collector configuration with sampling policies, and configuration of the planner: YAML.
  case policy
  /// Log records, as JSON lines or OTLP JSON.
  case logs
  /// OpenMetrics text.
  case metrics
  /// A query of `tracebook search`, asked of a few traces.
  case query
  /// A W3C trace parent, trace state or length of time.
  case context

  /// True for a format of archives, whose name the target has.
  package var isFormat: Bool {
    switch self {
    case .inflation, .archive, .memory, .policy, .logs, .metrics, .query, .context: false
    default: true
    }
  }

  /// What does not hold of these bytes; nil when all is well.
  package func problem(_ bytes: [UInt8]) -> String? {
    switch self {
    case .policy:
      _ = try? CollectorPolicyReader.read(bytes)
      _ = try? PlanConfigurationReader.read(bytes)
      return nil
    case .logs: return CorrelationFuzzing.problem(logs: bytes)
    case .metrics: return CorrelationFuzzing.problem(metrics: bytes)
    case .query: return QueryFuzzing.problem(String(decoding: bytes, as: UTF8.self))
    case .context: return ContextFuzzing.problem(String(decoding: bytes, as: UTF8.self))
    case .memory: return MemoryFuzzing.problem(bytes)
    default: return ArchiveFuzzing.problem(bytes)
    }
  }
}

enum ArchiveFuzzing {
  /// Small limits, so that small inputs reach what large archives do.
  static let limits: ReadingLimits = {
    var limits = ReadingLimits()
    limits.windowBytes = 512
    limits.streamedBytes = 2_048
    limits.recordBytes = 1 << 16
    limits.inflationFloor = 1 << 20
    return limits
  }()

  static func problem(_ bytes: [UInt8]) -> String? {
    let store = ArchiveSet(inputs: [.bytes(bytes, path: "input")], limits: limits).read(threads: 1)
    let summary = store.archives[0]
    guard summary.spansRead == store.spanCount + summary.spansQuarantined else {
      return "the accounting is open"
    }
    let walk = TraceWalk(store, options: AssemblyOptions(), threads: 1)
    let outcome = walk.walk(makeState: { [TraceID]() }) { $0.append($1.id) }
    let order = outcome.states.flatMap(\.self)
    var spans = 0
    walk.assemble(traceIDs: order) { spans += $0.spans.count }
    let totals = outcome.totals
    guard spans + totals.duplicateSpans + totals.fusedSpans == store.spanCount else {
      return "spans were lost"
    }
    // One format an input: more inputs are tried in the same time, and the length of an input changes often.
    let formats = TraceArchiveFormat.allCases
    return problem(writing: order, of: walk, as: formats[bytes.count % formats.count], spans: spans)
  }

  /// What was written must be readable, with as many spans; a picture for viewers must be JSON.
  private static func problem(
    writing order: [TraceID], of walk: TraceWalk, as format: TraceArchiveFormat, spans: Int
  ) -> String? {
    var writer = JSONWriter()
    var archive = TraceArchiveWriter(format, store: walk.store)
    archive.begin(&writer)
    walk.assemble(traceIDs: order) { archive.append($0, to: &writer) }
    archive.end(&writer)
    if format == .perfetto {
      return (try? JSONValue(parsing: writer.bytes)) == nil ? "perfetto: what was written is no JSON" : nil
    }
    let again = ArchiveSet(inputs: [.bytes(writer.bytes, path: "again")]).read(threads: 1).archives[0]
    guard again.error == nil, again.spansRead == spans, again.spansQuarantined == 0 else {
      return "\(format.rawValue): \(spans) spans written, \(again.spansRead) read; \(again.error ?? "")"
    }
    return nil
  }
}
