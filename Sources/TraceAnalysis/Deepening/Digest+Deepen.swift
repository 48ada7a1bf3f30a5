import Synchronization
import TraceModel

extension Digest {
  /// Looks again at a few traces of each busy entry point and error group, now that it is known what matters: what
  /// would help, and what slow and failing requests share.
  ///
  /// - Complexity: O(spans of the chosen traces), bounded by the number of entry points and groups looked at.
  mutating func deepen(with walk: TraceWalk) {
    let plan = ProbePlan(self)
    probes = []
    guard !plan.wishes.isEmpty else { return }
    let ids = plan.wishes.keys.sorted()
    let digest = self
    let slices = min(32, ids.count)
    let parts = Mutex<[ProbeFindings]>([])
    ParallelLoop.run(slices, threads: walk.threadCount) {
      Prober(plan, digest, walk.store)
    } body: { prober, slice in
      let range = slice * ids.count / slices..<(slice + 1) * ids.count / slices
      walk.assemble(traceIDs: ids[range], withWarnings: false) { prober.look(at: $0) }
    } finish: { prober in
      let part = prober.finish()
      parts.withLock { $0.append(part) }
    }
    var findings = ProbeFindings(textsAfter: walk.store.symbols.count)
    // In any order: what is counted is added up, and rows are ordered by the texts of their names in the end.
    for part in parts.withLock({ $0 }) { findings.append(part) }
    findings.dropRareValues()
    take(findings, walk.store)
    canonicalise()
  }

  /// Takes over rows, and gives their attributes names.
  private mutating func take(_ findings: ProbeFindings, _ store: SpanStore) {
    whatIfs += findings.whatIfs
    var index = NameIndex(names)
    var known: [Symbol: Symbol] = [:]
    let named = { (symbol: Symbol, names: inout [String]) in
      if let name = known[symbol] { return name }
      let name = index.symbol(of: findings.text(symbol, in: store), in: &names)
      known[symbol] = name
      return name
    }
    for var row in findings.attributes {
      row.service = named(row.service, &names)
      row.attribute = named(row.attribute, &names)
      row.value = named(row.value, &names)
      attributes.append(row)
    }
  }
}
