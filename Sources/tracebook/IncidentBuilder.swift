import SpanArchive
import TraceAnalysis
import TraceModel
import TraceReport

/// Puts an incident together: the given traces and a healthy one, copied without secrets, and concluded about alone.
struct IncidentBuilder {
  let all: Conclusions
  let walk: TraceWalk
  let rules: AssemblyOptions
  let memory: MemorySize?
  var redactor = Redactor()

  /// Puts an incident about traces together; fails when they have more spans than there is memory for.
  func incident(about wanted: [TraceID], _ options: ReportOptions) throws -> Incident {
    let ids = wanted.filter(walk.contains)
    let (store, healthy) = try redactedStore(of: ids)
    let copies = TraceWalk(store, options: rules.whole, threads: 1)
    let given = ids.compactMap { copies.trace($0) }
    let typical = healthy.flatMap { copies.trace($0) }
    // What is to be said is about the given traces and no others.
    if let healthy { copies.leaveOut(healthy) }
    var conclusions = Digest(observing: copies, deepens: false).conclude()
    conclusions.window = all.window
    conclusions.zone = all.zone
    conclusions.entryPoints = all.entryPoints.map { entry in
      var entry = entry
      entry.operation = redactor.text(entry.operation)
      return entry
    }
    conclusions.input = all.input
    // Services of the healthy trace have their colours, too.
    let services = Set(store.resources.elements.lazy.map { store.symbols.text($0.serviceName) })
    conclusions.services = all.services.filter { services.contains($0.name) }
    // What is usual is known from all traces only.
    for index in conclusions.errorGroups.indices {
      let id = conclusions.errorGroups[index].id
      conclusions.errorGroups[index].notReached = all.errorGroups.first { $0.id == id }?.notReached ?? []
    }
    var incident = Incident(conclusions: conclusions, traces: given, store: store, options: redacted(options))
    incident.typical = typical
    for group in all.errorGroups { incident.groupCounts[group.id] = (group.count, group.traceCount) }
    incident.originalSpans = originalSpans(given, in: store)
    incident.redaction =
      "Taken out: passwords, tokens, cookies, authorization headers, literals in SQL, values in query strings"
      + (redactor.rules.isEmpty ? "." : ", and what \(redactor.rules.count) further rules name.")
    return incident
  }

  private func checkRoom(for ids: [TraceID]) throws {
    guard let memory else { return }
    let volume = walk.volume(of: ids)
    let needed = MemorySize.ofIncident(volume)
    guard needed > memory.forIncident else { return }
    throw CommandFailure(
      status: .failed,
      message:
        "the traces have \(volume.spans) spans in all, about which an incident takes some \(needed >> 20) MB, and there is "
        + "room for \(memory.forIncident >> 20) within --memory \(memory.bytes >> 20)M; name fewer of them, or allow at "
        + "least \(MemorySize.megabytes(forIncidentTaking: needed))M")
  }

  /// Copies of the traces and of a healthy one, without secrets.
  private func redactedStore(of ids: [TraceID]) throws -> (store: SpanStore, healthy: TraceID?) {
    try checkRoom(for: ids)
    var originals: [Trace] = []
    walk.assemble(traceIDs: ids, keeping: true) { originals.append($0) }
    let healthy = healthyTrace(like: originals.first, except: Set(ids))
    if let healthy {
      try checkRoom(for: ids + [healthy.id])
      originals.append(healthy)
    }
    return (SpanStore.redacted(originals, of: walk.store, by: redactor), healthy?.id)
  }

  /// A typical trace of the entry point of a trace, in which nothing failed; nil when there is none.
  private func healthyTrace(like first: Trace?, except given: Set<TraceID>) -> Trace? {
    guard let first else { return nil }
    let root = first.spans[first.primaryRoot]
    let service = walk.store.symbols.text(root.service)
    let operation = walk.store.symbols.text(root.record.name)
    guard let entry = all.entryPoints.first(where: { $0.service == service && $0.operation == operation })
    else {
      return nil
    }
    for reason in ["typical", "slowest"] {
      for example in entry.examples
      where example.reason == reason && !given.contains(example.evidence.traceID) {
        if let trace = walk.trace(example.evidence.traceID), trace.errorCount == 0 { return trace }
      }
    }
    return nil
  }

  private func originalSpans(_ traces: [Trace], in store: SpanStore) -> [UInt8] {
    let lines = OTLPTraceLine(store: store)
    var bytes: [UInt8] = []
    var writer = JSONWriter()
    for trace in traces {
      writer.removeAll()
      lines.append(trace, to: &writer)
      writer.endLine()
      bytes += writer.bytes
    }
    return bytes
  }

  private func redacted(_ options: ReportOptions) -> ReportOptions {
    var options = options
    options.command = redactor.text(options.command)
    return options
  }

  /// Log records as they may be shown.
  func redacted(_ logs: CorrelatedLogs) -> CorrelatedLogs {
    var logs = logs
    for id in logs.byTrace.keys { logs.byTrace[id]?.change(redactor.record) }
    return logs
  }
}
