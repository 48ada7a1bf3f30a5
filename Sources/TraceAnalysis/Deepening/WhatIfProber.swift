import TraceModel

/// Finds out how long requests would take if services were faster; one for each thread.
struct WhatIfProber: ~Copyable {
  private let plan: ProbePlan
  private let digest: Digest
  private let store: SpanStore
  private var retiming = Retiming()
  private var whatIfs: [Key: WhatIfRow] = [:]
  /// The services asked about, by entry point: their place in the plan's list.
  private var asked: [Int: [Symbol: Int32]] = [:]

  private struct Key: Hashable {
    var entryPoint: Int
    var service: Symbol
    var percent: Int
  }

  init(_ plan: ProbePlan, _ digest: Digest, _ store: SpanStore) {
    self.plan = plan
    self.digest = digest
    self.store = store
  }

  /// Times a trace anew, which stands for `weight` requests of an entry point.
  mutating func look(at trace: Trace, of entryPoint: Int, weight: Int) {
    let services = plan.services[entryPoint] ?? []
    let numbers = numbers(of: services, entryPoint)
    retiming.prepare(trace) { place in
      let span = trace.spans[place]
      var owner = span.service
      if span.childCount == 1, !trace.spans[place + 1].service.isEmpty {
        owner = trace.spans[place + 1].service
      }
      return numbers[owner] ?? -1
    }
    for (place, service) in services.enumerated() {
      for percent in WhatIfRow.percents {
        let key = Key(entryPoint: entryPoint, service: service, percent: percent)
        // Without a change it is as long as it is.
        let length =
          percent == 0
          ? trace.rootDuration.rawValue : retiming.length(trace, service: Int32(place), less: Int64(percent))
        whatIfs[key, default: WhatIfRow()].add(length, weight: weight)
      }
    }
  }

  /// The places in the list by the symbols of the run.
  private mutating func numbers(of services: [Symbol], _ entryPoint: Int) -> [Symbol: Int32] {
    if let known = asked[entryPoint] { return known }
    var numbers: [Symbol: Int32] = [:]
    for (place, service) in services.enumerated() {
      if let own = store.symbols.find(digest.name(service)) { numbers[own] = Int32(place) }
    }
    asked[entryPoint] = numbers
    return numbers
  }

  /// What was found out, in any order; entry points and services are those of the digest.
  func rows() -> [WhatIfRow] {
    whatIfs.map { key, row in
      var row = row
      row.entryPoint = Int32(key.entryPoint)
      row.service = key.service
      row.percent = key.percent
      return row
    }
  }
}
