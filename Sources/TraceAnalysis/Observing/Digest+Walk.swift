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
  ///
  /// If rows take more than `sizeLimit`, the rarest things are no longer told apart.
  ///
  /// - Parameter whenWalked: called when all traces were looked at, maybe several times; what was found out is then put
  ///   together on one thread, and another one has time.
  package init(
    observing walk: TraceWalk, totals: inout AssemblyTotals, deepens: Bool = true,
    sampling: SamplingDeclaration = SamplingDeclaration(), sizeLimit: Int = Digest.sizeLimit,
    whenWalked: () -> Void = {}
  ) {
    self = withoutActuallyEscaping(whenWalked) { whenWalked in
      let observation = WalkObservation(
        walk: walk, sampling: sampling, sizeLimit: sizeLimit, whenWalked: whenWalked)
      return Self.bounded(observation, &totals)
    }
    if deepens { deepen(with: walk) }
  }
}

/// How the traces of a walk are looked at.
private struct WalkObservation {
  let walk: TraceWalk
  let sampling: SamplingDeclaration
  let sizeLimit: Int
  let whenWalked: () -> Void

  /// What all traces show; nil when rows took too much. When some service had far too many names, it is what was seen
  /// before.
  func digest(_ distinctions: Distinctions, sizeLimit: Int? = nil, _ totals: inout AssemblyTotals) -> Digest?
  {
    let pool = DigestPool(sizeLimit: sizeLimit ?? self.sizeLimit)
    let outcome = walk.walk { [store = walk.store, sampling] in
      DigestCollector(store, sampling, distinctions, pool)
    } body: { collector, trace in
      collector.observe(trace)
    }
    totals = outcome.totals
    if pool.isTooLarge { return nil }
    let found = Digest.digests(of: outcome.states)
    whenWalked()
    let digest = Digest(merging: [pool.take()] + found)
    return digest.rowBytes <= pool.sizeLimit ? digest : nil
  }
}

extension Digest {
  /// What all traces show. Is looked at as often as it takes until rows are few enough: usually once.
  private static func bounded(_ observation: WalkObservation, _ totals: inout AssemblyTotals) -> Digest {
    var distinctions = Distinctions()
    if let digest = observation.digest(distinctions, &totals), !digest.hasTooManyNames { return digest }
    let store = observation.walk.store
    let joinedNames = JoinedNames(store)
    if !joinedNames.services.isEmpty {
      distinctions.joinedNames = joinedNames
      if var digest = observation.digest(distinctions, &totals) {
        digest.note(joinedNames, of: store)
        return digest
      }
    }
    let census = Census(observation.walk, joinedNames)
    for (place, limits) in Distinctions.Limits.levels.enumerated() {
      distinctions = Distinctions(census, limits, joinedNames)
      let isLast = place == Distinctions.Limits.levels.count - 1
      if var digest = observation.digest(distinctions, sizeLimit: isLast ? .max : nil, &totals) {
        digest.note(joinedNames, of: store, census.joined(by: distinctions))
        return digest
      }
    }
    return Digest()
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

  /// Says which services had their names joined, and how many things of which other subjects were.
  private mutating func note(
    _ joinedNames: JoinedNames, of store: SpanStore, _ others: [(subject: Subject, count: Int)] = []
  ) {
    var symbols = NameIndex(names)
    for (service, count) in joinedNames.services {
      var row = SightingRow()
      row.sign = .joinedNames
      row.service = symbols.symbol(of: store.symbols.name(service), in: &names)
      row.count = count
      sightings.append(row)
    }
    for (subject, count) in others {
      var row = SightingRow()
      row.sign = .joinedThings
      row.operation = symbols.symbol(of: subject.words, in: &names)
      row.count = count
      sightings.append(row)
    }
    canonicalise()
  }

  /// What several observers found out, each summed up on a thread of its own.
  fileprivate static func digests(of collectors: [DigestCollector]) -> [Digest] {
    let digests = Mutex<[Digest]>([])
    ParallelLoop.run(collectors.count, threads: collectors.count) { number in
      let digest = collectors[number].takeRest()
      // In any order: merging does not look at it.
      digests.withLock { $0.append(digest) }
    }
    return digests.withLock { $0 }
  }
}

/// One thread's observer of a walk that other work shares; only that thread may touch it until the walk is over.
private final class DigestCollector: @unchecked Sendable {
  private var observer: TraceObserver
  /// Spans since it was last asked for its size.
  private var spans = 0
  /// The memory of its rows and names then.
  private var bytes = 0
  private let store: SpanStore
  private let sampling: SamplingDeclaration
  private let distinctions: Distinctions
  private let pool: DigestPool

  init(
    _ store: SpanStore, _ sampling: SamplingDeclaration, _ distinctions: Distinctions, _ pool: DigestPool
  ) {
    self.store = store
    self.sampling = sampling
    self.distinctions = distinctions
    self.pool = pool
    observer = Self.observer(store, sampling, distinctions, pool)
  }

  private static func observer(
    _ store: SpanStore, _ sampling: SamplingDeclaration, _ distinctions: Distinctions, _ pool: DigestPool
  ) -> TraceObserver {
    TraceObserver(store: store, sampling: sampling, distinctions: distinctions, sizeLimit: pool.sizeLimit)
  }

  /// Takes up one trace; none any more once all together have met too much.
  func observe(_ trace: Trace) {
    guard !pool.isTooLarge else { return }
    observer.observe(trace)
    spans += trace.spans.count
    if spans > Self.spansBetweenLooks { lookAtSize() }
  }

  private static let spansBetweenLooks = 1 << 10

  private func lookAtSize() {
    spans = 0
    let rowBytes = observer.rowBytes
    let now = rowBytes + observer.nameBytes
    let room = pool.room(taking: now - bytes, ofOne: rowBytes)
    bytes = now
    if room == .none {
      // What was found out does not count any more, and takes memory.
      observer = Self.observer(store, sampling, distinctions, pool)
      bytes = 0
    } else if room == .little || observer.isFull {
      pool.add(takeRest(), instead: bytes)
      bytes = 0
    }
  }

  /// What was found out since something was last put into the pool.
  func takeRest() -> Digest {
    var taken = Self.observer(store, sampling, distinctions, pool)
    swap(&taken, &observer)
    return taken.finish()
  }
}
