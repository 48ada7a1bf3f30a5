import Synchronization
package import TraceModel

extension Digest {
  /// Looks at every trace of a store once, on the threads of the walk.
  ///
  /// The result does not depend on the number of threads. Afterwards a bounded number of traces is looked at more
  /// closely, unless this is left out: what is found out by that is about a sample, and merged digests hold the
  /// samples of all.
  ///
  /// - Complexity: O(spans).
  ///
  /// - Parameter sampling: what the user says of how the archives were sampled.
  package init(
    observing walk: TraceWalk, deepens: Bool = true, sampling: SamplingDeclaration = SamplingDeclaration()
  ) {
    var totals = AssemblyTotals(archives: 0)
    self.init(observing: walk, totals: &totals, deepens: deepens, sampling: sampling)
  }

  /// The same, and says what assembly dropped and joined.
  package init(
    observing walk: TraceWalk, totals: inout AssemblyTotals, deepens: Bool = true,
    sampling: SamplingDeclaration = SamplingDeclaration()
  ) {
    self = Self.observed(walk, sampling, nil, &totals)
    if hasTooManyNames {
      // Rare, so that all is looked at once more rather than each name twice.
      let joinedNames = JoinedNames(walk.store)
      self = Self.observed(walk, sampling, joinedNames, &totals)
      note(joinedNames, of: walk.store)
    }
    if deepens { deepen(with: walk) }
  }
}

extension Digest {
  /// What all traces of a walk show, or those that were observed before some service had far too many names.
  private static func observed(
    _ walk: TraceWalk, _ sampling: SamplingDeclaration, _ joinedNames: JoinedNames?,
    _ totals: inout AssemblyTotals
  ) -> Digest {
    let store = walk.store
    let outcome = walk.walk {
      DigestCollector(store, sampling, joinedNames)
    } body: { box, trace in
      box.observe(trace)
    }
    totals = outcome.totals
    return Digest(merging: digests(of: outcome.states))
  }

  /// True when some service has more names than are told apart.
  private var hasTooManyNames: Bool {
    var start = 0
    var names = 0
    for place in operations.indices {
      if operations[place].service != operations[start].service {
        start = place
        names = 0
      }
      // Ordered by service, then name.
      if place == start || operations[place].name != operations[place - 1].name { names += 1 }
      if names > JoinedNames.limit { return true }
    }
    return false
  }

  /// Says which services had their names joined.
  private mutating func note(_ joinedNames: JoinedNames, of store: SpanStore) {
    var symbols = NameIndex(names)
    for (service, count) in joinedNames.services {
      var row = SightingRow()
      row.sign = .joinedNames
      row.service = symbols.symbol(of: store.symbols.text(service), in: &names)
      row.count = count
      sightings.append(row)
    }
    canonicalise()
  }

  /// What several observers found out, each summed up on a thread of its own.
  private static func digests(of collectors: [DigestCollector]) -> [Digest] {
    let digests = Mutex<[Digest]>([])
    ParallelLoop.run(collectors.count, threads: collectors.count) { number in
      let digest = collectors[number].takeDigest()
      // In any order: merging does not look at it.
      digests.withLock { $0.append(digest) }
    }
    return digests.withLock { $0 }
  }
}

/// One thread's observer of a walk that other work shares; only that thread may touch it until the walk is over.
package final class DigestCollector: @unchecked Sendable {
  private var observer: TraceObserver
  private let store: SpanStore
  private let sampling: SamplingDeclaration
  private let joinedNames: JoinedNames?

  /// Starts looking at traces of a store.
  package convenience init(_ store: SpanStore, _ sampling: SamplingDeclaration = SamplingDeclaration()) {
    self.init(store, sampling, nil)
  }

  init(_ store: SpanStore, _ sampling: SamplingDeclaration, _ joinedNames: JoinedNames?) {
    self.store = store
    self.sampling = sampling
    self.joinedNames = joinedNames
    observer = TraceObserver(store: store, sampling: sampling, joinedNames: joinedNames)
  }

  /// Takes up one trace.
  package func observe(_ trace: Trace) { observer.observe(trace) }

  /// What was found out so far; it starts anew.
  package func takeDigest() -> Digest {
    var taken = TraceObserver(store: store, sampling: sampling, joinedNames: joinedNames)
    swap(&taken, &observer)
    return taken.finish()
  }
}
