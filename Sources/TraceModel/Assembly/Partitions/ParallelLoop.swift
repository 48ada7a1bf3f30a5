import Dispatch
import Synchronization

/// Runs numbered pieces of work on several threads; a thread that is done takes the next piece.
///
/// Pieces may be taken in any order by any thread, so nothing that is printed may depend on which thread took what.
package enum ParallelLoop {
  /// Runs `body` once for each number below `count`.
  package static func run(_ count: Int, threads: Int, body: @Sendable (Int) -> Void) {
    run(count, threads: threads, makeState: {}, body: { _, number in body(number) }, finish: { _ in })
  }

  /// Runs `body` once for each number below `count`; each thread has a state of its own, which it hands to `finish`.
  package static func run<State: ~Copyable>(
    _ count: Int, threads: Int, makeState: @Sendable () -> State, body: @Sendable (inout State, Int) -> Void,
    finish: @Sendable (consuming State) -> Void
  ) {
    let next = Atomic(0)
    DispatchQueue.concurrentPerform(iterations: max(1, min(threads, count))) { _ in
      var state = makeState()
      while true {
        let number = next.wrappingAdd(1, ordering: .relaxed).oldValue
        if number >= count { break }
        body(&state, number)
      }
      finish(state)
    }
  }
}
