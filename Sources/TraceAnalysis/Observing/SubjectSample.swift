/// A bounded sample of what was met, from which the most frequent can be told.
///
/// Each event has a lot, a number that its span determines and that is as good as random. Those with small lots are kept:
///
///     lots   0 ─────────────── 2^62 ─────────────── 2^63 ─────────────────────────────────── 2^64
///            all are kept while there is room; then those below 2^63; then those below 2^62 …
///
/// So what is kept depends on the events alone, however they are dealt out and in which order: it is all of them below
/// the largest bound that leaves no more than `limit`.
struct SubjectSample: Sendable {
  /// The most events that are kept: a service with one event in a thousand has about 60 of them.
  static let limit = 1 << 16

  private struct Event: BitwiseCopyable {
    var thing: UInt64
    var lot: UInt64
  }

  private var events: [Event] = []
  /// Lots have so many zero bits in front.
  private(set) var halvings = 0

  /// True when what has such a lot is kept for now.
  func takes(_ lot: UInt64) -> Bool { lot.leadingZeroBitCount >= halvings }

  /// Takes up that a thing was met.
  mutating func add(_ thing: UInt64, lot: UInt64) {
    guard takes(lot) else { return }
    events.append(Event(thing: thing, lot: lot))
    halve()
  }

  /// Takes up another sample.
  mutating func merge(_ other: SubjectSample) {
    halvings = max(halvings, other.halvings)
    events += other.events
    events.removeAll { $0.lot.leadingZeroBitCount < halvings }
    halve()
  }

  private mutating func halve() {
    while events.count > Self.limit, halvings < 64 {
      halvings += 1
      events.removeAll { $0.lot.leadingZeroBitCount < halvings }
    }
  }

  /// The things by how often they are in the sample, most frequent first; equally frequent ones by their numbers.
  func ranked() -> [UInt64] {
    var things = events.map(\.thing)
    things.sort()
    var counts: [(thing: UInt64, count: Int)] = []
    for thing in things {
      if counts.last?.thing == thing {
        counts[counts.count - 1].count += 1
      } else {
        counts.append((thing, 1))
      }
    }
    counts.sort { $0.count != $1.count ? $0.count > $1.count : $0.thing < $1.thing }
    return counts.map(\.thing)
  }
}
