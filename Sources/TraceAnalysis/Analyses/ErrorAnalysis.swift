import TraceModel

/// Where failures begin, whom they are to blame on, how far they get, and which of them are alike.
///
/// A failed span is an *origin* if none of its children failed. Is only asked about traces that hold a failure.
struct ErrorAnalysis: Analysis, ~Copyable {
  private struct Key: Hashable {
    var blamed: UInt32
    var operation: Int32
    var type: UInt32
    var peer: UInt32
    var message: UInt32
    var asksForCallee: Bool
  }

  private struct PathKey: Hashable {
    var group: Int32
    var steps: [Int32]
  }

  private var groups: [Key: Int32] = [:]
  private var rows: [ErrorGroupRow] = []
  private var entries: [UInt64: ErrorEntryRow] = [:]
  private var paths: [PathKey: Int] = [:]
  private var reach: [UInt64: [Int32: Int]] = [:]
  private var reachCount = 0
  private var series = SeriesCounter()
  private var probes = BottomSample(size: ProbeRow.groupSize)
  private var reader = ErrorReader()
  // The trace at hand: the topmost failed span above each failed one, and the groups met.
  private var tops = Column<Int32>()
  private var met: [Int32: Met] = [:]

  /// What became of a group's failures in the trace at hand.
  private struct Met {
    var reachedRoot = false
    var wasSwallowed = false
    var span = SpanID.absent
    var message = Symbol.empty
    var start: Int64 = 0
  }

  init() {}

  mutating func observe(_ trace: Trace, _ spans: Span<TraceSpan>, _ seen: inout Observed) {
    findTops(spans)
    met.removeAll(keepingCapacity: true)
    for place in 0..<spans.count {
      if seen.isOver(place, rowBytes) { return }
      if spans[place].isError, !seen.marks[place].contains(.hasFailingChild) {
        observeOrigin(trace, spans, place, &seen)
      }
    }
    close(trace, spans, &seen)
  }

  private mutating func findTops(_ spans: Span<TraceSpan>) {
    tops.removeAll()
    for place in 0..<spans.count {
      let parent = Int(spans[place].parent)
      if !spans[place].isError {
        tops.append(-1)
      } else if parent >= 0, tops[parent] >= 0 {
        tops.append(tops[parent])
      } else {
        tops.append(Int32(truncatingIfNeeded: place))
      }
    }
  }

  private mutating func observeOrigin(
    _ trace: Trace, _ spans: Span<TraceSpan>, _ place: Int, _ seen: inout Observed
  ) {
    var failure = reader.read(trace, spans, place, &seen)
    guard let isToldApart = seen.tellsApart(failure, of: spans[place], in: trace) else { return }
    if isToldApart {
      failure.blamed = seen.end(failure.blamed)
      failure.peer = seen.end(failure.peer)
    } else {
      failure = Failure.rest(of: seen.serviceName(seen.service[place]), &seen)
    }
    let group = number(failure, seen.operation[place], &seen)
    let top = Int(tops[place])
    let start = spans[place].start.rawValue
    let isUnseen =
      spans[place].traits.contains(.nonBlocking)
      || (seen.primary.contains(place) && spans[place].start > spans[trace.primaryRoot].end)
    rows[Int(group)].count += 1
    rows[Int(group)].unseen += isUnseen ? 1 : 0
    rows[Int(group)].firstSeen = min(rows[Int(group)].firstSeen, start)
    rows[Int(group)].lastSeen = max(rows[Int(group)].lastSeen, start)
    series.add(
      Int(group), at: start, length: spans[place].duration.rawValue, failed: true)
    var state = met[group] ?? Met(span: spans[place].record.spanID, message: failure.rawMessage, start: start)
    if top == trace.primaryRoot { state.reachedRoot = true }
    if spans[top].parent >= 0 {
      if !state.wasSwallowed { rows[Int(group)].swallowedTime += pathTime(spans, top) }
      state.wasSwallowed = true
    }
    met[group] = state
    countPath(spans, place, top, group, &seen)
  }

  /// The number of the group of a failure.
  private mutating func number(
    _ failure: Failure, _ operation: Int32, _ seen: inout Observed
  ) -> Int32 {
    let key = Key(
      blamed: failure.blamed.index, operation: operation, type: failure.type.index,
      peer: failure.peer.index, message: failure.message.index, asksForCallee: failure.asksForCallee)
    if let known = groups[key] { return known }
    for name in [failure.blamed, failure.type, failure.peer, failure.message, failure.rawMessage] {
      seen.note(name: name)
    }
    var row = ErrorGroupRow()
    row.blamed = failure.blamed
    row.operation = operation
    row.type = failure.type
    row.peer = failure.peer
    row.message = failure.message
    row.asksForCallee = failure.asksForCallee
    rows.append(row)
    groups[key] = Int32(rows.count - 1)
    return Int32(rows.count - 1)
  }

  /// Critical-path time at and below a span; wide subtrees are cut short.
  private func pathTime(_ spans: Span<TraceSpan>, _ top: Int) -> Int64 {
    var time: Int64 = 0
    for place in top..<min(Int(spans[top].subtreeEnd), top + 1_000) {
      time = time.saturatingSum(spans[place].criticalPathTime.rawValue)
    }
    return min(time, 1 << 50)
  }

  private mutating func countPath(
    _ spans: Span<TraceSpan>, _ origin: Int, _ top: Int, _ group: Int32, _ seen: inout Observed
  ) {
    var steps: [Int32] = []
    var place = origin
    while steps.count < seen.distinctions.steps {
      steps.append(seen.operation[place])
      if place == top { break }
      place = Int(spans[place].parent)
    }
    paths[PathKey(group: group, steps: steps), default: 0] += 1
  }

  /// Books the trace on every group that was met in it.
  private mutating func close(_ trace: Trace, _ spans: Span<TraceSpan>, _ seen: inout Observed) {
    let length = min(spans[trace.primaryRoot].duration.rawValue, 1 << 50)
    for (group, state) in met {
      // Each failure reaches each service: these rows grow with the square of the trace.
      if seen.isOver(rowBytes) { return }
      let place = Int(group)
      rows[place].traces += 1
      probes.add(place, trace.id)
      rows[place].rootFailures += state.reachedRoot ? 1 : 0
      rows[place].swallowed += state.wasSwallowed && !state.reachedRoot ? 1 : 0
      // Connected traces whose root failed show most; among them the fullest and the shortest.
      let rank: Int64 = (trace.isComplete ? 1 << 52 : 0) + (state.reachedRoot ? 1 << 51 : 0)
      if rows[place].fullest.offer(rank + Int64(spans.count), trace.id, state.span) {
        rows[place].exampleMessage = state.message
        rows[place].consequence =
          state.reachedRoot ? reader.consequence(trace, spans[trace.primaryRoot], &seen) : .empty
        seen.wasChosen = true
      }
      if rows[place].shortest.offer(rank + (1 << 50) - length, trace.id, state.span) { seen.wasChosen = true }
      guard seen.isMeasured else { continue }
      let key = UInt64(group) << 32 | UInt64(seen.entryPoint)
      let failed = state.reachedRoot && trace.isComplete
      var entry = entries[key] ?? ErrorEntryRow()
      entry.traces += 1
      entry.rootFailures += state.reachedRoot ? 1 : 0
      entry.failed += failed ? 1 : 0
      entries[key] = entry
      guard failed else { continue }
      let known = reach[key]?.count ?? 0
      for index in 0..<seen.reached.count { reach[key, default: [:]][seen.reached[index], default: 0] += 1 }
      reachCount += (reach[key]?.count ?? 0) - known
    }
  }

  var rowBytes: Int {
    ErrorGroupRow.bytes(rows.count) + ErrorEntryRow.bytes(entries.count) + ErrorPathRow.bytes(paths.count)
      + ErrorReachRow.bytes(reachCount)
  }

  mutating func report(to digest: inout Digest, _ seen: inout Observed) {
    digest.errorGroups = rows
    for number in rows.indices {
      var probe = ProbeRow()
      probe.subject = .errorGroup
      probe.place = Int32(number)
      probe.traces = probes.traces(number)
      digest.probes.append(probe)
    }
    for (key, entry) in entries {
      var row = entry
      row.group = Int32(truncatingIfNeeded: key >> 32)
      row.entryPoint = Int32(truncatingIfNeeded: key)
      digest.errorEntries.append(row)
    }
    for (key, count) in paths {
      var row = ErrorPathRow()
      row.group = key.group
      row.steps = key.steps
      row.count = count
      digest.errorPaths.append(row)
    }
    for (key, services) in reach {
      for (service, count) in services {
        var row = ErrorReachRow()
        row.group = Int32(truncatingIfNeeded: key >> 32)
        row.entryPoint = Int32(truncatingIfNeeded: key)
        row.service = seen.serviceName(service)
        row.traces = count
        digest.errorReach.append(row)
      }
    }
    series.report(to: &digest, .errorGroup) { Int32($0) }
  }
}
