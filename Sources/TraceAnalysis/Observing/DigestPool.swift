import Synchronization

/// Where the observers of one walk put together what they found out when their rows take much memory.
///
///     observer 1   ▓▓▓▓▓▓▓▓▓ ─┐ 0.8
///     observer 2   ▓▓▓▓▓▓▓   ─┴─▶ pool ▓▓▓▓▓▓▓▓▓▓ 0.9        all together more than 1.25 of the limit
///
/// Two observers mostly meet the same things, so together their rows may be few, although each has many. Whether they are
/// too many is certain only of rows that are merged, or of a single observer's. So the outcome does not depend on how
/// traces were dealt out.
final class DigestPool: Sendable {
  enum Room {
    case enough
    /// Rows should be merged.
    case little
    /// There are more rows than may be.
    case none
  }

  let sizeLimit: Int
  private let digest = Mutex(Digest())
  /// The memory of the rows of all observers and of the pool.
  private let taken = Atomic(0)
  private let isOver = Atomic(false)

  init(sizeLimit: Int) { self.sizeLimit = sizeLimit }

  /// True when there are certainly too many rows.
  var isTooLarge: Bool { isOver.load(ordering: .relaxed) }

  /// Notes that the rows of an observer and their names grew, and tells what room there is.
  ///
  /// - Parameter own: what all rows of the observer take for certain, when merged: names may be in several.
  func room(taking more: Int, ofOne own: Int) -> Room {
    let all = taken.add(more, ordering: .relaxed).newValue
    if own > sizeLimit { isOver.store(true, ordering: .relaxed) }
    if isTooLarge { return .none }
    return all / 5 > sizeLimit / 4 ? .little : .enough
  }

  /// Merges what an observer found out, whose rows took so much.
  func add(_ found: consuming Digest, instead bytes: Int) {
    let found = found
    digest.withLock {
      let before = $0.rowBytes
      $0.merge(found)
      let now = $0.rowBytes
      taken.add(now - before - bytes, ordering: .relaxed)
      if now > sizeLimit { isOver.store(true, ordering: .relaxed) }
    }
  }

  /// What was merged; afterwards it is empty.
  func take() -> Digest {
    digest.withLock {
      var all = Digest()
      swap(&all, &$0)
      return all
    }
  }
}
