import Synchronization
import TraceModel

/// Tracebook's own rule with exact percentiles.
enum TracebookLinks {
  static func links(of walk: TraceWalk) -> SortedLinks {
    let store = walk.store
    let shared = SharedLedger(store)
    let outcome = walk.walk {
      Worker(store, shared)
    } body: { worker, trace in
      worker.observe(trace)
    }
    for worker in outcome.states { worker.handOver() }
    return shared.sortedLinks(threads: walk.threadCount)
  }

  /// One thread's share of the work; only that thread touches it until the walk is over.
  private final class Worker: @unchecked Sendable {
    private let store: SpanStore
    private let shared: SharedLedger
    private var seen: Observed
    private var dependencies = DependencyAnalysis(keepsCalls: true)

    init(_ store: SpanStore, _ shared: SharedLedger) {
      self.store = store
      self.shared = shared
      seen = Observed(store: store)
    }

    func observe(_ trace: Trace) {
      guard !trace.spans.isEmpty else { return }
      let spans = trace.spans.span
      seen.begin(trace, spans)
      dependencies.observe(trace, spans, &seen)
      if dependencies.isFull || seen.isCrowded { handOver() }
    }

    /// Hands over what was met, and forgets it.
    func handOver() {
      shared.take(dependencies, seen.texts)
      dependencies = DependencyAnalysis(keepsCalls: true)
      seen = Observed(store: store)
    }
  }
}

/// What several observers keep together; one at a time may hand something over.
private final class SharedLedger: @unchecked Sendable {
  private let lock = Mutex(())
  private var ledger: CallLedger
  private var messages: MessageLedger
  private let names: LinkNames

  init(_ store: SpanStore) {
    ledger = CallLedger(store)
    names = ledger.names
    messages = MessageLedger(names)
  }

  /// Takes up what was found out, with the observer's own texts.
  func take(_ found: borrowing DependencyAnalysis, _ texts: borrowing OwnTexts) {
    lock.withLock { _ in
      var own: [UInt32: Symbol] = [:]
      for place in 0..<found.calls.count {
        var call = found.calls[place]
        if texts.isOwn(call.parent) || texts.isOwn(call.child) {
          call = call.between(
            names.symbol(call.parent, of: texts, &own), names.symbol(call.child, of: texts, &own))
        }
        ledger.add(call)
      }
      for row in found.producers {
        messages.add(
          MessageLedger.Producer(
            row, service: names.symbol(row.service, of: texts, &own),
            peer: names.symbol(row.peer, of: texts, &own)))
      }
      for row in found.consumers {
        messages.add(
          MessageLedger.Consumer(
            row, service: names.symbol(row.service, of: texts, &own),
            peer: names.symbol(row.peer, of: texts, &own)), links: row.links)
      }
    }
  }

  /// The links once all is there.
  func sortedLinks(threads: Int) -> SortedLinks {
    messages.settle(into: &ledger, threads: threads)
    return ledger.sortedLinks(threads: threads)
  }
}
