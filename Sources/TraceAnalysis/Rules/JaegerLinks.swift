import Synchronization
import TraceModel

/// What Jaeger's Badger and memory stores count: spans whose parent belongs to another service, one call each.
enum JaegerLinks {
  static func links(of walk: TraceWalk) -> SortedLinks {
    let shared = SharedLedger(walk.store)
    let outcome = walk.walk {
      Worker(shared)
    } body: { worker, trace in
      worker.observe(trace)
    }
    for worker in outcome.states { worker.handOver() }
    return shared.ledger.sortedLinks(threads: walk.threadCount)
  }

  /// One thread's share of the work; only that thread touches it until the walk is over.
  private final class Worker: @unchecked Sendable {
    private struct Pair: Hashable {
      var parent: Symbol
      var child: Symbol
    }

    private var counts: [Pair: UInt32] = [:]
    private let shared: SharedLedger

    init(_ shared: SharedLedger) { self.shared = shared }

    func observe(_ trace: Trace) {
      for span in trace.spans where span.parent >= 0 {
        let parent = trace.spans[Int(span.parent)].service
        guard parent != span.service, !parent.isEmpty, !span.service.isEmpty else { continue }
        counts[Pair(parent: parent, child: span.service), default: 0] += 1
      }
      if counts.count >= 1 << 14 { handOver() }
    }

    /// Hands over what was counted, and forgets it.
    func handOver() {
      shared.lock.withLock { _ in
        for (pair, count) in counts {
          shared.ledger.count(CallLedger.Call(pair.parent, pair.child, .rpc, times: count))
        }
      }
      counts.removeAll(keepingCapacity: true)
    }
  }

  /// What several threads keep together.
  private final class SharedLedger: @unchecked Sendable {
    let lock = Mutex(())
    var ledger: CallLedger

    init(_ store: SpanStore) { ledger = CallLedger(store) }
  }
}
