import TraceModel

extension Comparer {
  /// Fewer failed calls are chance.
  static let fewestFailures = 5

  /// Links then and now: those that only one side has, and those that got slower, faster or fail more, by (parent,
  /// child, connection type).
  func linkChanges(_ old: [LinkResult], _ new: [LinkResult]) -> [LinkChange] {
    struct Key: Hashable {
      var parent: String
      var child: String
      var connectionType: ConnectionType
    }
    var changes: [Key: LinkChange] = [:]
    for (links, isNew) in [(old, false), (new, true)] {
      for link in links {
        let key = Key(parent: link.parent, child: link.child, connectionType: link.connectionType)
        var change = changes[key] ?? LinkChange()
        change.parent = link.parent
        change.child = link.child
        change.connectionType = link.connectionType
        if isNew { change.after = side(link) } else { change.before = side(link) }
        changes[key] = change
      }
    }
    return changes.values.map(finished).filter(\.isTold).sorted {
      if $0.parent != $1.parent { return $0.parent < $1.parent }
      return $0.child != $1.child ? $0.child < $1.child : $0.connectionType < $1.connectionType
    }
  }

  private func side(_ link: LinkResult) -> LinkChange.Side {
    LinkChange.Side(
      calls: link.callCount, errors: max(link.errorCount, link.clientErrorCount), latency: link.latency)
  }

  private func finished(_ draft: LinkChange) -> LinkChange {
    var change = draft
    guard change.before.calls > 0, change.after.calls > 0 else {
      change.presence = change.before.calls == 0 ? .new : .gone
      return change
    }
    change.presence = .both
    let shift = DurationShift(change.before.latency, change.after.latency)
    change.z = shift.z
    change.direction = Self.direction(shift, change.before.latency, change.after.latency)
    let errorZ = Self.proportionZ(
      change.after.errors, change.after.calls, change.before.errors, change.before.calls)
    change.failsMore = errorZ > Self.significantZ && change.after.errors >= Self.fewestFailures
    return change
  }
}
