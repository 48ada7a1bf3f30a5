import TraceModel

extension Concluder {
  /// The listed traces, of which the first `maxTraces` chosen ones have a page.
  ///
  /// Chosen are: what findings point to, then in turns over the entry points, busiest first, the slowest, the
  /// failing and the typical ones.
  func traces(_ conclusions: Conclusions) -> [TraceSummary] {
    var reasons: [TraceID: [String]] = [:]
    func choose(_ id: TraceID, _ reason: String) {
      guard traceLengths[id] != nil else { return }
      if reasons[id] == nil, reasons.count >= options.maxTraces { return }
      if !(reasons[id] ?? []).contains(reason) { reasons[id, default: []].append(reason) }
    }
    for finding in conclusions.findings {
      for evidence in finding.evidence.prefix(3) { choose(evidence.traceID, "evidence: \(finding.title)") }
    }
    for rank in 0..<EntryPointRow.examples {
      for entry in conclusions.entryPoints {
        let title = Words.entryPoint(entry.service, entry.operation, sharing: conclusions.sharedOperations)
        for reason in ["slowest", "failing", "typical"] {
          let examples = entry.examples.filter { $0.reason == reason }
          if rank < examples.count { choose(examples[rank].evidence.traceID, "\(reason) of \(title)") }
        }
      }
    }
    return listed(reasons)
  }

  private func listed(_ reasons: [TraceID: [String]]) -> [TraceSummary] {
    let order = digest.traces.indices.sorted { left, right in
      let (a, b) = (digest.traces[left], digest.traces[right])
      let (aPaged, bPaged) = (reasons[a.id] != nil, reasons[b.id] != nil)
      if aPaged != bPaged { return aPaged }
      return a.length != b.length ? a.length > b.length : a.id < b.id
    }
    return order.prefix(max(options.listedTraces, reasons.count)).map { place in
      summary(digest.traces[place], reasons[digest.traces[place].id] ?? [])
    }.sorted { $0.start != $1.start ? $0.start < $1.start : $0.id < $1.id }
  }

  private func summary(_ row: TraceRow, _ reasons: [String]) -> TraceSummary {
    var summary = TraceSummary()
    summary.id = row.id
    summary.rootService = name(row.rootService)
    summary.rootOperation = name(row.rootOperation)
    summary.start = UnixNanoseconds(row.start)
    summary.duration = Nanoseconds(row.length)
    summary.spanCount = row.spans
    summary.errorCount = row.errors
    summary.rootFailed = row.rootFailed
    summary.services = row.services.map(name)
    summary.depth = row.depth
    summary.isComplete = row.isComplete
    summary.errorText = name(row.errorText)
    summary.pageReasons = reasons
    return summary
  }
}
