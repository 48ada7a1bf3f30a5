import Synchronization

/// Results of numbered pieces of work, put down by whichever thread has done a piece.
package final class Slots<Value: Sendable>: Sendable {
  private let slots: Mutex<[Value?]>

  /// Makes room for so many results.
  package init(count: Int) { slots = Mutex(Array(repeating: nil, count: count)) }

  /// Puts down the result of a piece.
  package func set(_ number: Int, _ value: Value) { slots.withLock { $0[number] = value } }

  /// The results by number, of those pieces that have one.
  package var values: [Value] { slots.withLock { $0.compactMap(\.self) } }
}
