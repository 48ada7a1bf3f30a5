import Synchronization

/// How far a long piece of work is: counted by whoever does it, on any thread, and looked at by whoever shows it.
///
/// Work is counted in large pieces (a buffer of bytes, a partition of spans, a page), so that counting costs nothing.
package final class ProgressCounter: Sendable {
  /// What is counted.
  package enum Unit: Int, Sendable {
    case bytes
    case spans
    case pages
  }

  private let done = Atomic(0)
  private let total = Atomic(0)
  private let unit = Atomic(Unit.bytes.rawValue)

  /// Starts with nothing to do.
  package init() {}

  /// Begins a new piece of work; a total of 0 is one that is not known.
  package func begin(_ total: Int, _ unit: Unit) {
    done.store(0, ordering: .relaxed)
    self.unit.store(unit.rawValue, ordering: .relaxed)
    self.total.store(total, ordering: .relaxed)
  }

  /// Counts a part that is done.
  package func add(_ count: Int) { done.wrappingAdd(count, ordering: .relaxed) }

  /// How much is done, of how much, counted in what.
  package var state: (done: Int, total: Int, unit: Unit) {
    (
      done.load(ordering: .relaxed), total.load(ordering: .relaxed),
      Unit(rawValue: unit.load(ordering: .relaxed)) ?? .bytes
    )
  }
}
