/// The window that a user asked for: a trace takes part, as a whole, when it begins in it.
///
/// A trace begins with the earliest reported start among its spans. So windows that follow one another share out the
/// traces of any archives, and none is in two of them or cut by one. Starts before 2000 or after 2100, of clocks that
/// were never set, count only where a trace has no other; a trace without any time begins in no window.
package struct RequestedWindow: Sendable, Equatable {
  /// The first moment of it; nil when it has no beginning.
  package var since: UnixNanoseconds?
  /// The first moment after it; nil when it has no end.
  package var until: UnixNanoseconds?

  /// Makes a window of its ends.
  package init(since: UnixNanoseconds? = nil, until: UnixNanoseconds? = nil) {
    self.since = since
    self.until = until
  }

  /// True for a moment in it.
  package func contains(_ moment: UnixNanoseconds) -> Bool {
    if let since, moment < since { return false }
    if let until, moment >= until { return false }
    return moment != .unknown
  }
}

/// The moment at which a trace begins, found by looking at its spans in any order.
struct TraceBeginning {
  private var plausible = Int64.max
  private var any = Int64.max

  mutating func add(_ start: UnixNanoseconds) {
    guard start != .unknown else { return }
    any = min(any, start.rawValue)
    // 2000-01-01 to 2100-01-01.
    if start.rawValue >= 946_684_800_000_000_000, start.rawValue < 4_102_444_800_000_000_000 {
      plausible = min(plausible, start.rawValue)
    }
  }

  var moment: UnixNanoseconds {
    if plausible != .max { return UnixNanoseconds(plausible) }
    return any == .max ? .unknown : UnixNanoseconds(any)
  }
}
