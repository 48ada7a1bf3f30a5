package import TraceModel

extension TraceWalk {
  /// Up to so many spans everything is audited.
  private static let smallStore = 20_000
  /// Spans that are looked at of larger stores, and of one trace.
  private static let spanBudget = 8_000
  private static let traceLimit = 1_000
  /// Operations of one service whose slowest span is looked at, most frequent first.
  private static let operationsLooked = 24

  /// Audits the attributes of a sample of spans: those of the given traces, which have a page, then those of the
  /// slowest trace of each frequent operation. Everything, when that is little.
  ///
  /// - Complexity: O(spans of the sample), which is bounded.
  package func audit(_ digest: Digest, pages: ChosenTraces) -> SampleAudit {
    var auditor = SpanAuditor(store)
    let isSmall = store.spanCount <= Self.smallStore
    let pageLimit = isSmall ? Int.max : max(20, Self.spanBudget / 2 / max(1, pages.count))
    for place in 0..<pages.count where isSmall || auditor.spans < Self.spanBudget {
      pages.withTrace(at: place) {
        auditor.observe($0, limit: min(pageLimit, isSmall ? Int.max : Self.traceLimit))
      }
      store.leaveMemory()
    }
    let known = Set(pages.ids)
    let further = isSmall ? allTraceIDs() : digest.auditedTraces(perService: Self.operationsLooked)
    var left = isSmall ? Int.max : Self.spanBudget - auditor.spans
    let wanted = further.lazy.filter { id in
      left > 0 && !known.contains(id) && (isSmall || digest.spanCount(of: id) <= Self.traceLimit)
    }
    assemble(traceIDs: wanted) { trace in
      left -= isSmall ? 0 : trace.spans.count
      auditor.observe(trace, limit: Int.max)
    }
    return auditor.finish()
  }

  private func allTraceIDs() -> [TraceID] {
    var ids: [TraceID] = []
    forEachTraceID { ids.append($0) }
    return ids.sorted()
  }
}

extension Digest {
  /// The slowest trace of each frequent operation: of all services the first operation, then the second, and so on.
  fileprivate func auditedTraces(perService limit: Int) -> [TraceID] {
    var byService: [Symbol: [Int]] = [:]
    for place in operations.indices { byService[operations[place].service, default: []].append(place) }
    var ranked: [(rank: Int, place: Int)] = []
    for places in byService.values {
      let frequent = places.sorted {
        let (left, right) = (operations[$0].durations.count, operations[$1].durations.count)
        return left != right ? left > right : $0 < $1
      }
      for (rank, place) in frequent.prefix(limit).enumerated() { ranked.append((rank, place)) }
    }
    ranked.sort { ($0.rank, $0.place) < ($1.rank, $1.place) }
    var chosen: [TraceID] = []
    var seen: Set<TraceID> = []
    for (_, place) in ranked {
      let example = operations[place].slowest
      if !example.isAbsent, seen.insert(example.traceID).inserted { chosen.append(example.traceID) }
    }
    return chosen
  }

  /// The number of spans of a listed trace; traces are ordered by id.
  fileprivate func spanCount(of id: TraceID) -> Int {
    let place = traces.partitionPoint { $0.id < id }
    return place < traces.count && traces[place].id == id ? traces[place].spans : 0
  }
}
