import SpanArchive
import TraceAnalysis
import TraceModel
import TraceReport

/// Puts an incident together: the given traces and a healthy one, copied without secrets, and concluded about alone.
struct IncidentBuilder {
  let all: Conclusions
  let walk: TraceWalk
  let rules: AssemblyOptions
  var redactor = Redactor()

  init(all: Conclusions, walk: TraceWalk, rules: AssemblyOptions) {
    self.all = all
    self.walk = walk
    self.rules = rules
  }

  func incident(about ids: [TraceID], _ options: ReportOptions) -> Incident {
    var chosen: [Trace] = []
    walk.assemble(traceIDs: ids) { chosen.append($0) }
    let healthy = healthyTrace(like: chosen.first, except: Set(ids))
    let originals = chosen + (healthy.map { [$0] } ?? [])
    let store = SpanStore.redacted(originals, of: walk.store, by: redactor)
    let copies = TraceWalk(store, options: rules.whole, threads: 1)
    let given = chosen.compactMap { copies.trace($0.id) }
    var conclusions = concluded(given, in: store)
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
    incident.typical = healthy.flatMap { copies.trace($0.id) }
    for group in all.errorGroups { incident.groupCounts[group.id] = (group.count, group.traceCount) }
    incident.originalSpans = originalSpans(given, in: store)
    incident.redaction =
      "Taken out: passwords, tokens, cookies, authorization headers, literals in SQL, values in query strings"
      + (redactor.rules.isEmpty ? "." : ", and what \(redactor.rules.count) further rules name.")
    return incident
  }

  /// What is to be said about these traces and no others.
  private func concluded(_ traces: [Trace], in store: SpanStore) -> Conclusions {
    let collector = DigestCollector(store)
    for trace in traces { collector.observe(trace) }
    return collector.takeDigest().conclude()
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
