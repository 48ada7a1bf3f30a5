package import TraceModel

extension Digest {
  /// Looks at every trace of a store once, on the threads of the walk.
  ///
  /// The result does not depend on the number of threads.
  ///
  /// - Complexity: O(spans).
  package init(observing walk: TraceWalk) {
    let store = walk.store
    let outcome = walk.walk {
      ObserverBox(store)
    } body: { box, trace in
      box.observer.observe(trace)
    }
    self.init(merging: outcome.states.map { $0.takeDigest() })
  }
}

/// Holds one thread's observer; only that thread touches it until the walk is over.
private final class ObserverBox: @unchecked Sendable {
  var observer: TraceObserver
  private let store: SpanStore

  init(_ store: SpanStore) {
    self.store = store
    observer = TraceObserver(store: store)
  }

  /// What the observer found out; it starts anew.
  func takeDigest() -> Digest {
    var taken = TraceObserver(store: store)
    swap(&taken, &observer)
    return taken.finish()
  }
}
