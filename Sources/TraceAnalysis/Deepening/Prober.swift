import TraceModel

/// One thread's closer look at chosen traces.
struct Prober: ~Copyable {
  private let plan: ProbePlan
  private let digest: Digest
  private let store: SpanStore
  private var texts: OwnTexts
  private var retiming = Retiming()
  private var reader: AttributeReader
  private var whatIfs: [WhatIfKey: WhatIfRow] = [:]
  private var sets: [ProbePlan.SetKey: [AttributeReader.Pair: Int]] = [:]
  private var setSizes: [ProbePlan.SetKey: Int] = [:]

  private struct WhatIfKey: Hashable {
    var entryPoint: Int
    var service: Symbol
    var percent: Int
  }

  init(_ plan: ProbePlan, _ digest: Digest, _ store: SpanStore) {
    self.plan = plan
    self.digest = digest
    self.store = store
    texts = OwnTexts(after: store.symbols.count)
    reader = AttributeReader(store)
  }

  /// Looks at a trace for what it is wanted for.
  mutating func look(at trace: Trace) {
    guard let wish = plan.wishes[trace.id], !trace.spans.isEmpty else { return }
    if wish.entryPoint >= 0, trace.spans.count <= ProbePlan.largestTrace { askWhatIf(trace, wish) }
    if !wish.sets.isEmpty { countAttributes(trace, wish) }
  }

  private mutating func askWhatIf(_ trace: Trace, _ wish: ProbePlan.Wish) {
    let symbols = plan.services[wish.entryPoint] ?? []
    // Services of the trace by their place in the list; others cannot be asked about.
    var numbers: [Symbol: Int32] = [:]
    for (place, symbol) in symbols.enumerated() {
      if let own = store.symbols.find(digest.name(symbol)) { numbers[own] = Int32(place) }
    }
    retiming.prepare(trace) { place in
      let span = trace.spans[place]
      var owner = span.service
      if span.childCount == 1, !trace.spans[place + 1].service.isEmpty {
        owner = trace.spans[place + 1].service
      }
      return numbers[owner] ?? -1
    }
    for (place, symbol) in symbols.enumerated() {
      for percent in WhatIfRow.percents {
        let length = retiming.length(trace, service: Int32(place), less: Int64(percent))
        let key = WhatIfKey(entryPoint: wish.entryPoint, service: symbol, percent: percent)
        whatIfs[key, default: WhatIfRow()].durations.add(length, times: wish.weight)
        whatIfs[key, default: WhatIfRow()].probes += 1
      }
    }
  }

  private mutating func countAttributes(_ trace: Trace, _ wish: ProbePlan.Wish) {
    let isHealthy = trace.errorCount == 0
    let pairs = reader.pairs(of: trace, &texts)
    for key in wish.sets where key.set != .healthy || isHealthy {
      setSizes[key, default: 0] += 1
      for pair in pairs { sets[key, default: [:]][pair, default: 0] += 1 }
    }
  }

  /// Results as a digest of their own: tables that are referred to are there by name only.
  consuming func finish() -> Digest {
    var part = Digest()
    part.names = []
    for (key, row) in whatIfs {
      var row = row
      row.entryPoint = Int32(key.entryPoint)
      row.service = texts.symbol(digest.name(key.service))
      row.percent = key.percent
      part.whatIfs.append(row)
    }
    for (key, size) in setSizes {
      var total = AttributeRow()
      total.set = key.set
      total.place = key.place
      total.count = size
      part.attributes.append(total)
      for (pair, count) in sets[key] ?? [:] {
        var row = total
        row.service = pair.service
        row.attribute = pair.key
        row.value = pair.value
        row.count = count
        part.attributes.append(row)
      }
    }
    part.takeNames(from: store, texts)
    return part
  }
}
