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
    let whatIfs = Mutex<[WhatIfRow]>([])
    let attributes = Mutex(AttributeProber(plan, walk.store))
    ParallelLoop.run(slices, threads: walk.threadCount) {
      WhatIfProber(plan, digest, walk.store)
    } body: { prober, slice in
      let range = slice * ids.count / slices..<(slice + 1) * ids.count / slices
      walk.assemble(traceIDs: ids[range], withWarnings: false) { trace in
        guard let wish = plan.wishes[trace.id], !trace.spans.isEmpty else { return }
        if wish.entryPoint >= 0, trace.spans.count <= ProbePlan.largestTrace {
          prober.look(at: trace, of: wish.entryPoint, weight: wish.weight)
        }
        let sets = plan.sets(of: wish, isHealthy: trace.errorCount == 0)
        if !sets.isEmpty { attributes.withLock { $0.look(at: trace, for: sets) } }
      }
    } finish: { prober in
      let rows = prober.rows()
      whatIfs.withLock { $0 += rows }
    }
    // In any order: what is counted is added up, and rows are ordered by the texts of their names in the end.
    self.whatIfs += whatIfs.withLock { $0 }
    attributes.withLock { take($0) }
    canonicalise()
  }

  /// Takes over rows of attributes, and gives these names.
  private mutating func take(_ prober: borrowing AttributeProber) {
    let rows = prober.rows()
    var index = NameIndex(names)
    var known = KeyIndex()
    var nameOfKnown: [Symbol] = []
    func rename(_ symbol: inout Symbol) {
      let place = known.place(of: UInt64(symbol.index))
      if place == nameOfKnown.count {
        nameOfKnown.append(index.symbol(of: prober.name(symbol), in: &names))
      }
      symbol = nameOfKnown[place]
    }
    attributes.reserveCapacity(attributes.count + rows.count)
    for var row in rows {
      rename(&row.service)
      rename(&row.attribute)
      rename(&row.value)
      attributes.append(row)
    }
  }
}
