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
    let store = walk.store
    let outcome = walk.walk {
      DigestCollector(store, sampling)
    } body: { box, trace in
      box.observe(trace)
    }
    totals = outcome.totals
    self.init(merging: Self.digests(of: outcome.states))
    if deepens { deepen(with: walk) }
  }
}

extension Digest {
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

  /// Starts looking at traces of a store.
  package init(_ store: SpanStore, _ sampling: SamplingDeclaration = SamplingDeclaration()) {
    self.store = store
    self.sampling = sampling
    observer = TraceObserver(store: store, sampling: sampling)
  }

  /// Takes up one trace.
  package func observe(_ trace: Trace) { observer.observe(trace) }

  /// What was found out so far; it starts anew.
  package func takeDigest() -> Digest {
    var taken = TraceObserver(store: store, sampling: sampling)
    swap(&taken, &observer)
    return taken.finish()
  }
}
