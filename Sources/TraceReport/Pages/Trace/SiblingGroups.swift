import TraceModel

/// Children of one span that do the same over and over: equal service and operation, nothing below them, no failure.
///
/// The waterfall shows each group as one row that can be opened, at the place of its first member. One query asked
/// 1,000 times is then a row that says so, and not 1,000 rows.
///
/// - Complexity: O(*n*).
struct SiblingGroups {
  /// Fewer equal siblings than this are shown one by one.
  static let leastMembers = 5

  private var members: [Int: [Int]] = [:]
  private var isFolded: [Bool]

  /// - `kept`: a span that must stay a row of its own.
  init(_ trace: Trace, kept: Int?) {
    isFolded = Array(repeating: false, count: trace.spans.count)
    for (place, span) in trace.spans.enumerated() where Int(span.childCount) >= Self.leastMembers {
      var groups: [GroupKey: [Int]] = [:]
      for child in trace.children(of: place) where child != kept {
        let one = trace.spans[child]
        guard one.childCount == 0, !one.isError, one.record.kind != .consumer else { continue }
        groups[GroupKey(service: one.service, name: one.record.name), default: []].append(child)
      }
      for group in groups.values where group.count >= Self.leastMembers {
        guard let first = group.first else { continue }
        members[first] = group
        for child in group { isFolded[child] = true }
      }
    }
  }

  /// The members of the group that begins at a place, in the order of their starts.
  func group(beginningAt place: Int) -> [Int]? { members[place] }

  /// True for all members of all groups.
  func folds(_ place: Int) -> Bool { isFolded[place] }

  private struct GroupKey: Hashable {
    var service: Symbol
    var name: Symbol
  }
}
