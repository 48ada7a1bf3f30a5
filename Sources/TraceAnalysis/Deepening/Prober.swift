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
  private var attributes = AttributeCounter()
  /// The services asked about, by entry point: their place in the plan's list.
  private var asked: [Int: [Symbol: Int32]] = [:]

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
    let numbers = numbers(of: symbols, wish.entryPoint)
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
        let key = WhatIfKey(entryPoint: wish.entryPoint, service: symbol, percent: percent)
        // Without a change it is as long as it is.
        let length =
          percent == 0
          ? trace.rootDuration.rawValue : retiming.length(trace, service: Int32(place), less: Int64(percent))
        whatIfs[key, default: WhatIfRow()].add(length, weight: wish.weight)
      }
    }
  }

  /// The places in the list by the symbols of the run.
  private mutating func numbers(of symbols: [Symbol], _ entryPoint: Int) -> [Symbol: Int32] {
    if let known = asked[entryPoint] { return known }
    var numbers: [Symbol: Int32] = [:]
    for (place, symbol) in symbols.enumerated() {
      if let own = store.symbols.find(digest.name(symbol)) { numbers[own] = Int32(place) }
    }
    asked[entryPoint] = numbers
    return numbers
  }

  private mutating func countAttributes(_ trace: Trace, _ wish: ProbePlan.Wish) {
    let isHealthy = trace.errorCount == 0
    let sets = wish.sets.filter { $0.set != .healthy || isHealthy }
    // What is read is counted, so that how much there is does not depend on who read what.
    guard !sets.isEmpty else { return }
    reader.read(trace, into: &attributes, &texts)
    for set in sets { attributes.count(in: set) }
  }

  /// What was found out.
  consuming func finish() -> ProbeFindings {
    var findings = ProbeFindings(textsAfter: store.symbols.count)
    for (key, row) in whatIfs {
      var row = row
      row.entryPoint = Int32(key.entryPoint)
      row.service = key.service
      row.percent = key.percent
      findings.whatIfs.append(row)
    }
    findings.attributes = attributes.rows()
    findings.variedAttributes = attributes.variedAttributes()
    findings.hasTooManyValues = attributes.hasTooMany
    findings.texts = (store.symbols.count..<texts.end).map { texts.name(Symbol(UInt32($0)), in: store) }
    return findings
  }
}
