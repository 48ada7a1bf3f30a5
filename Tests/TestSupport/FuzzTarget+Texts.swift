import SpanArchive
import TraceAnalysis
import TraceModel

enum ContextFuzzing {
  static func problem(_ text: String) -> String? {
    _ = TraceParent(text)
    _ = TraceID(hex: text)
    _ = DurationParser.nanoseconds(text)
    guard let state = TraceState(text) else { return nil }
    if let member = state["ot"] { _ = OpenTelemetryTraceState(member) }
    return state.members.count <= 32 ? nil : "a trace state is too long"
  }
}

enum QueryFuzzing {
  private static let walk: TraceWalk = {
    let lines = SpanLines(traces: 4, seed: 3).lines()
    let store = ArchiveSet(inputs: [.bytes(SpanLines.file(lines), path: "traces")]).read(
      threads: 1)
    return TraceWalk(store, options: AssemblyOptions(), threads: 1)
  }()

  private static let traces: [TraceID] = walk.walk(makeState: { [TraceID]() }) { $0.append($1.id) }.states
    .flatMap(\.self)

  /// A single term and its opposite must part the traces.
  static func problem(_ text: String) -> String? {
    guard let query = try? TraceQuery(text) else { return nil }
    // A mark that joins the character before it would join the exclamation mark.
    let turned = "!" + text
    let isTerm =
      !text.isEmpty && !text.contains(where: \.isWhitespace) && text.first != "!" && text.first != "-"
      && turned.first == "!"
    let opposite = isTerm ? try? TraceQuery(turned) : nil
    var problem: String?
    walk.assemble(traceIDs: traces) { trace in
      let holds = query.matches(trace, in: walk.store)
      if let opposite, opposite.matches(trace, in: walk.store) == holds {
        problem = "a trace fulfils both or neither of \(text) and its opposite"
      }
    }
    return problem
  }
}

enum CorrelationFuzzing {
  private static let id = TraceID(high: 0x4bf9_2f35_77b3_4da6, low: 0xa3ce_929d_0e0e_4736)
  private static let targets = LogTargets([id]) { $0.low & 1 == 1 }

  static func problem(logs bytes: [UInt8]) -> String? {
    let set = LogArchiveSet(inputs: [.bytes(bytes, path: "logs")], limits: ArchiveFuzzing.limits)
    let logs = set.read(threads: 1, targets: targets)
    return logs.archives.count == 1 ? nil : "an archive was lost"
  }

  static func problem(metrics bytes: [UInt8]) -> String? {
    let set = OpenMetricsSet(inputs: [.bytes(bytes, path: "metrics")], limits: ArchiveFuzzing.limits)
    let metrics = set.read(targets: targets)
    return metrics.files.count == 1 ? nil : "a file was lost"
  }
}
