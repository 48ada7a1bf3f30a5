import TraceModel

extension Concluder {
  /// The service to blame: for an unanswered call that nothing names, the one it usually reaches.
  func blamedService(_ row: ErrorGroupRow) -> String {
    guard row.asksForCallee else { return name(row.blamed) }
    let operation = digest.operations[Int(row.operation)]
    return usualCallee(row.operation) ?? name(operation.service)
  }

  /// The service that most calls of an operation reach, if more than 30 % of them reach it.
  private func usualCallee(_ operation: Int32) -> String? {
    var best: CalleeRow?
    let first = digest.callees.partitionPoint { $0.operation < operation }
    for row in digest.callees[first...].prefix(while: { $0.operation == operation })
    where row.count > best?.count ?? 0 {
      best = row
    }
    guard let best else { return nil }
    let calls = digest.operations[Int(operation)].durations.count
    return Self.share(best.count, of: calls) > 0.3 ? name(best.callee) : nil
  }

  func errorGroups() -> [ErrorGroup] {
    digest.errorGroups.indices.map(errorGroup).sorted {
      if $0.rootFailures != $1.rootFailures { return $0.rootFailures > $1.rootFailures }
      return $0.count != $1.count ? $0.count > $1.count : $0.id < $1.id
    }
  }

  private func errorGroup(_ number: Int) -> ErrorGroup {
    let row = digest.errorGroups[number]
    let operation = digest.operations[Int(row.operation)]
    var group = ErrorGroup()
    group.blamedService = blamedService(row)
    group.service = name(operation.service)
    group.operation = name(operation.name)
    group.kind = operation.kind
    group.type = name(row.type)
    group.peer = name(row.peer)
    group.message = name(row.message)
    group.exampleMessage = name(row.exampleMessage)
    group.consequence = name(row.consequence)
    // What tells rows apart tells ids apart: no kind and INTERNAL have one name, and an unanswered call may be
    // blamed on the same service as a failure with the same words.
    let ending = row.asksForCallee ? "\u{0}" : ""
    group.id = StableHash.digits(
      12, of: group.blamedService, group.service, group.operation, "\(group.kind.rawValue)", group.type,
      group.peer,
      group.message + ending)
    group.count = row.count
    group.traceCount = row.traces
    group.rootFailures = row.rootFailures
    group.swallowed = row.swallowed
    group.swallowedTime = Nanoseconds(row.swallowedTime)
    group.unseen = row.unseen
    group.firstSeen = UnixNanoseconds(row.firstSeen)
    group.lastSeen = UnixNanoseconds(row.lastSeen)
    group.series = series(.errorGroup, Int32(number))
    group.entryPoints = affected(number)
    group.path = path(number)
    group.notReached = digest.errorEntries[entriesOfGroup[number]].flatMap { notReached(by: $0, row.fullest) }
    group.shared = sharedValues(
      .errorGroup, number, against: .healthy,
      digest.errorEntries[entriesOfGroup[number]].map { Int($0.entryPoint) })
    group.examples = [row.fullest, row.shortest].compactMap { example($0) }
    return group
  }

  private func example(_ exemplar: Exemplar) -> ExampleTrace? {
    var example = exemplar.example("failing")
    if let place = traceLengths[exemplar.traceID] {
      example?.duration = Nanoseconds(digest.traces[place].length)
    }
    return example
  }

  private func affected(_ number: Int) -> [AffectedEntryPoint] {
    digest.errorEntries[entriesOfGroup[number]].map { row in
      let entry = digest.entryPoints[Int(row.entryPoint)]
      var affected = AffectedEntryPoint()
      affected.service = name(entry.service)
      affected.operation = name(entry.operation)
      affected.count = row.traces
      affected.rootFailures = row.rootFailures
      affected.total = entry.durations.count
      return affected
    }.sorted {
      if $0.rootFailures != $1.rootFailures { return $0.rootFailures > $1.rootFailures }
      if $0.count != $1.count { return $0.count > $1.count }
      return $0.service != $1.service ? $0.service < $1.service : $0.operation < $1.operation
    }
  }

  /// The most frequent way; of equally frequent ones the longest, then the first by names.
  private func path(_ number: Int) -> [PathStep] {
    let best = digest.errorPaths[pathsOfGroup[number]].max {
      if $0.count != $1.count { return $0.count < $1.count }
      return $0.steps.count != $1.steps.count ? $0.steps.count < $1.steps.count : $0.key > $1.key
    }
    return (best?.steps ?? []).map { step in
      let operation = digest.operations[Int(step)]
      return PathStep(
        service: name(operation.service), operation: name(operation.name), kind: operation.kind)
    }
  }

  /// A service counts as usual when so many healthy requests reach it.
  private static let usualShare = 0.95
  /// Fewer healthy requests say nothing.
  private static let fewestHealthy = 5

  /// Services that healthy requests reach and those that failed with a group do not.
  private func notReached(by entry: ErrorEntryRow, _ example: Exemplar) -> [NotReached] {
    guard entry.failed > 0 else { return [] }
    var seen: [Symbol: Int] = [:]
    for row in errorReach(entry.group, entry.entryPoint) { seen[row.service] = row.traces }
    return missing(Int(entry.entryPoint), failing: entry.failed, example) { seen[$0] ?? 0 }
  }

  private func errorReach(_ group: Int32, _ entry: Int32) -> ArraySlice<ErrorReachRow> {
    let wanted = RowKey(Int(group), Int(entry))
    let first = digest.errorReach.partitionPoint { RowKey(Int($0.group), Int($0.entryPoint)) < wanted }
    return digest.errorReach[first...].prefix { $0.group == group && $0.entryPoint == entry }
  }

  /// The same over all failing requests of an entry point.
  func notReached() -> [NotReached] {
    digest.entryPoints.indices.flatMap { number -> [NotReached] in
      let entry = digest.entryPoints[number]
      guard entry.failed > 0, let example = entry.failing.first else { return [] }
      var seen: [Symbol: Int] = [:]
      for row in digest.reach[reachOfEntry[number]] { seen[row.service] = row.failed }
      return missing(number, failing: entry.failed, example) { seen[$0] ?? 0 }
    }
  }

  private func missing(
    _ number: Int, failing: Int, _ example: Exemplar, seen: (Symbol) -> Int
  ) -> [NotReached] {
    let entry = digest.entryPoints[number]
    guard entry.healthy >= Self.fewestHealthy else { return [] }
    return digest.reach[reachOfEntry[number]].compactMap { row in
      let usual = Self.share(row.healthy, of: entry.healthy)
      let seen = seen(row.service)
      let expected = usual * Double(failing)
      guard usual >= Self.usualShare, !row.service.isEmpty, Double(seen) <= expected / 2 else { return nil }
      var result = NotReached()
      result.entryService = name(entry.service)
      result.entryOperation = name(entry.operation)
      result.service = name(row.service)
      result.usualShare = usual
      result.healthyCount = entry.healthy
      result.failingCount = failing
      result.seenCount = seen
      result.expectedCount = Int(expected.rounded())
      result.evidence = example.evidence
      return result
    }
  }
}
