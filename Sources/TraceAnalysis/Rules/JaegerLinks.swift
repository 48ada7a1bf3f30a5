import TraceModel

/// What Jaeger's Badger and memory stores count: spans whose parent belongs to another service, one call each.
enum JaegerLinks {
  private struct Pair: Hashable {
    var parent: Symbol
    var child: Symbol
  }

  private final class Worker: @unchecked Sendable {
    var counts: [Pair: Int] = [:]
  }

  static func links(of walk: TraceWalk) -> [LinkResult] {
    let outcome = walk.walk {
      Worker()
    } body: { worker, trace in
      for span in trace.spans where span.parent >= 0 {
        let parent = trace.spans[Int(span.parent)].service
        guard parent != span.service, !parent.isEmpty, !span.service.isEmpty else { continue }
        worker.counts[Pair(parent: parent, child: span.service), default: 0] += 1
      }
    }
    var counter = LinkCounter()
    for worker in outcome.states {
      for (pair, count) in worker.counts {
        counter.add(
          walk.store.symbols.text(pair.parent), walk.store.symbols.text(pair.child), calls: count)
      }
    }
    return counter.links
  }
}
