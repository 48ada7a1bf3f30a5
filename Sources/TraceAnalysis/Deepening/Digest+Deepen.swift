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
    var known = KeyIndex()
    var nameOfKnown: [Symbol] = []
    func rename(_ symbol: inout Symbol) {
      let place = known.place(of: UInt64(symbol.index))
      if place == nameOfKnown.count {
        nameOfKnown.append(index.symbol(of: findings.name(symbol, in: store), in: &names))
      }
      symbol = nameOfKnown[place]
    }
    attributes.reserveCapacity(attributes.count + findings.attributes.count)
    for var row in findings.attributes {
      rename(&row.service)
      rename(&row.attribute)
      rename(&row.value)
      attributes.append(row)
    }
  }
}
