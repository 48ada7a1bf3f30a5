import TraceAnalysis
import TraceModel

/// Clocks that differ, callers that are missing, ids that do not fit.
extension Page {
  private static var mostRows: Int { 200 }

  func clocks() {
    let pairs = conclusions.quality.hostPairs
    section(
      "clocks", "Clocks",
      "Hosts whose spans were moved, and the hosts they were measured against. A plus sign: the clock was behind."
    ) {
      if pairs.isEmpty {
        note("No span was moved.")
        return
      }
      table(
        "Clock skew by pair of hosts", id: "clock-table",
        columns: [
          .text("Host"), .text("Against"), .number("Spans", "moved"), .number("Mean shift"), .number("Least"),
          .number("Most"), .text("Example", isSortable: false),
        ], rows: min(pairs.count, Self.mostRows)
      ) { row, index in
        let pair = pairs[index]
        row.head { leaf(.span, "mono", pair.host.cut(60)) }
        row.cell { leaf(.span, "mono", pair.against.cut(60)) }
        row.count(pair.count)
        for shift in [pair.mean, pair.least, pair.most] { row.number(Self.signed(shift)) }
        row.cell { if let evidence = pair.evidence { trace(evidence) } }
      }
      note(shown: Self.mostRows, of: pairs.count, "pairs")
    }
  }

  private static func signed(_ shift: Nanoseconds) -> String {
    let size = DurationFormat.text(shift.rawValue.magnitude)
    return shift.rawValue == 0 ? size : (shift.rawValue < 0 ? "−" : "+") + size
  }

  func propagation() {
    let faults = conclusions.quality.propagation
    section(
      "propagation", "Context propagation",
      "Where the chain of calls breaks: who names a caller that is not there, and who begins traces though others call it."
    ) {
      idFormats()
      if faults.isEmpty {
        note("No sign of a broken chain: every parent that is named is there.")
        return
      }
      table(
        "Broken context propagation", id: "propagation-table",
        columns: [
          .text("Sign"), .text("Service"), .text("Operation"), .text("Usually called by"), .number("Found"),
          .number("of spans"), .text("What to do"), .text("Example", isSortable: false),
        ], rows: min(faults.count, Self.mostRows)
      ) { row, index in
        let fault = faults[index]
        row.head(fault.sign.title)
        row.cell { service(fault.service) }
        row.cell(fault.operation.isEmpty ? "(no name)" : fault.operation.cut(100), class: "msg")
        row.cell { if !fault.usualCaller.isEmpty { service(fault.usualCaller) } }
        row.count(fault.count)
        row.count(fault.total)
        row.cell(fault.sign.remedy, class: "msg")
        row.cell { if let evidence = fault.evidence { trace(evidence) } }
      }
      note(shown: Self.mostRows, of: faults.count, "rows")
    }
  }

  /// How many traces have ids of 64 and of 128 bits.
  private func idFormats() {
    let quality = conclusions.quality
    let narrow = quality.narrowTraces
    let wide = max(0, conclusions.input.traces - narrow)
    let joined = quality.warnings.filter { $0.code == .traceIDsJoined }.reduce(0) { $0 + $1.count }
    let ambiguous = quality.warnings.filter { $0.code == .traceIDAmbiguous }.reduce(0) { $0 + $1.count }
    let rows: [(String, Int, String)] = [
      ("128 bits", wide, ""),
      ("64 bits", narrow, narrow > 0 && wide > 0 ? "finish the move to 128-bit ids" : ""),
      ("both, joined", joined, joined > 0 ? "a hop passes on 64 bits only (B3 single width)" : ""),
      ("64 bits that fit several", ambiguous, ambiguous > 0 ? "left apart; look for a bad id generator" : ""),
    ]
    table(
      "Formats of trace ids", columns: [.text("Trace id"), .number("Traces"), .text("What to do")],
      rows: rows.count
    ) { row, index in
      row.head(rows[index].0)
      row.count(rows[index].1)
      row.cell(rows[index].2)
    }
  }
}

extension PropagationFault.Sign {
  /// What is seen, as the head of a row.
  fileprivate var title: String {
    switch self {
    case .missingCaller: "Parent is not in the archives"
    case .loneServer: "A trace of its own, though others call it"
    case .unlinkedConsumer: "Consumer without parent or link"
    case .weakTraceID: "Trace id is not random"
    case .leakedContext: "Roots over an hour apart in one trace"
    }
  }

  fileprivate var remedy: String {
    switch self {
    case .missingCaller: "Add the caller's archive; see whether it exports and samples alike."
    case .loneServer: "Forward the headers at this hop."
    case .unlinkedConsumer: "Carry the context in the message and link to it."
    case .weakTraceID: "Use the SDK's id generator: sampling by id needs random ones."
    case .leakedContext: "Look for a context kept in a pool, a cache or a batch job."
    }
  }
}
