import Glibc
import SpanArchive
import TraceAnalysis
import TraceModel

/// What the fuzzer feeds: one of the readers of what others write, chosen by the environment variable FUZZ_TARGET.
enum FuzzTarget: String, CaseIterable {
  /// A whole archive: unpacking, framing, recognition and every format; then assembly and writing.
  case archive
  /// A query of `tracebook search`.
  case query
  /// A W3C trace parent, trace state or length of time.
  case context

  static let chosen: FuzzTarget = {
    let name = getenv("FUZZ_TARGET").map { String(cString: $0) } ?? "archive"
    guard let target = FuzzTarget(rawValue: name) else {
      let names = allCases.map(\.rawValue).joined(separator: ", ")
      print("FUZZ_TARGET must be one of \(names)")
      exit(2)
    }
    return target
  }()

  func run(_ bytes: [UInt8]) {
    switch self {
    case .archive: ArchiveFuzzing.run(bytes)
    case .query: _ = try? TraceQuery(String(decoding: bytes, as: UTF8.self))
    case .context: ContextFuzzing.run(String(decoding: bytes, as: UTF8.self))
    }
  }
}

/// The function that libFuzzer calls.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  FuzzTarget.chosen.run(Array(UnsafeBufferPointer(start: data, count: count)))
  return 0
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

  static func run(_ bytes: [UInt8]) {
    let store = ArchiveSet(inputs: [.bytes(bytes, path: "input")], limits: limits).read(threads: 1)
    let summary = store.archives[0]
    precondition(summary.spansRead == store.spanCount + summary.spansQuarantined, "the accounting is open")
    let walk = TraceWalk(store, options: AssemblyOptions(), threads: 1)
    let outcome = walk.walk(makeState: { [TraceID]() }) { $0.append($1.id) }
    let writing = OTLPTraceLine(store: store)
    var spans = 0
    walk.assemble(traceIDs: outcome.states.flatMap(\.self)) { trace in
      spans += trace.spans.count
      var writer = JSONWriter()
      writing.append(trace, to: &writer)
      checkWritten(writer.bytes, spans: trace.spans.count)
    }
    let totals = outcome.totals
    precondition(spans + totals.duplicateSpans + totals.fusedSpans == store.spanCount, "spans were lost")
  }

  /// What was written must be readable, with as many spans.
  private static func checkWritten(_ line: [UInt8], spans: Int) {
    let again = ArchiveSet(inputs: [.bytes(line, path: "again")]).read(threads: 1)
    let summary = again.archives[0]
    precondition(summary.error == nil && summary.spansRead == spans, "what was written cannot be read")
  }
}

enum ContextFuzzing {
  static func run(_ text: String) {
    _ = TraceParent(text)
    _ = TraceID(hex: text)
    _ = DurationParser.nanoseconds(text)
    guard let state = TraceState(text) else { return }
    precondition(state.members.count <= 32, "a trace state is too long")
    if let member = state["ot"] { _ = OpenTelemetryTraceState(member) }
  }
}
