import TraceModel

/// Finds repeated calls, retries, calls in sequence and stretches without spans (analysis, section 5).
///
///     gateway  |=====================|
///      query    |=||=||=||=||=||=|        repeated, in sequence
///
///     gateway  |=====================|
///      charge   |==x |==x |===|           retry: all but the last failed
///
///     gateway  |=====================|
///      query    |=|              |=|      gap: nothing runs for a long stretch
struct PatternAnalysis: Analysis, ~Copyable {
  /// So many calls of one operation below one parent are repeated calls.
  static let repeatedCalls = 5
  /// A gap is at least this long, and this part of the request.
  static let shortestGap: Int64 = 10_000_000
  static let gapShare = 0.3
  /// So many calls to other services one after the other, taking this part of the request, are calls in sequence.
  static let sequentialCalls = 3
  static let sequentialShare = 0.5

  private struct Key: Hashable {
    var kind: Int
    var entryPoint: Int32
    var operation: Int32
    var child: Int32
  }

  private struct Cell {
    var row: PatternRow
    var lastTrace = 0
  }

  /// The children of one operation below the parent at hand.
  private struct Group: BitwiseCopyable {
    var count: Int32 = 0
    var failed: Int32 = 0
    var isOverlapping = false
    var lastFailed = false
    /// The one service that the calls reach; −1 before any, −2 when there are several.
    var callee: Int32 = -1
    var time: Int64 = 0
    var longest: Int64 = 0
    var firstStart: Int64 = 0
    var lastStart: Int64 = 0
    var end: Int64 = 0
  }

  private var cells: [Key: Cell] = [:]
  /// By the operation of the called side where it is known, and by that of the calling side.
  private var calls = Column<Group>()
  private var tries = Column<Group>()
  private var touchedCalls = Column<Int32>()
  private var touchedTries = Column<Int32>()
  private var traceNumber = 0

  init() {}

  mutating func observe(_ trace: Trace, _ spans: Span<TraceSpan>, _ seen: inout Observed) {
    guard seen.isMeasured else { return }
    traceNumber += 1
    while calls.count < seen.operations.count {
      calls.append(Group())
      tries.append(Group())
    }
    for place in seen.primary {
      let count = spans[place].childCount
      guard count > 0 else { continue }
      if count > 1 { observeChildren(trace, spans, place, &seen) }
      let selfTime = spans[place].selfTime.rawValue
      if selfTime >= Self.shortestGap, Double(selfTime) >= Self.gapShare * Double(seen.rootTime) {
        observeGap(trace, spans, place, &seen)
      }
    }
  }

  private mutating func observeChildren(
    _ trace: Trace, _ spans: Span<TraceSpan>, _ parent: Int, _ seen: inout Observed
  ) {
    touchedCalls.removeAll()
    touchedTries.removeAll()
    let calls = self.calls.mutableElements
    let tries = self.tries.mutableElements
    var sequence = Group()
    var child = parent + 1
    let end = Int(spans[parent].subtreeEnd)
    while child < end {
      let callee = seen.soleCallee(spans, child)
      // Clients often name all their calls alike; the answering side tells them apart.
      let called = Int(callee >= 0 ? seen.operation[child + 1] : seen.operation[child])
      let tried = Int(seen.operation[child])
      if calls[called].count == 0 { touchedCalls.append(Int32(truncatingIfNeeded: called)) }
      if tries[tried].count == 0 { touchedTries.append(Int32(truncatingIfNeeded: tried)) }
      Self.add(spans, child, callee, to: &calls[called])
      Self.add(spans, child, callee, to: &tries[tried])
      if callee >= 0 || seen.service[child] != seen.service[parent] {
        Self.add(spans, child, callee, to: &sequence)
      }
      child = Int(spans[child].subtreeEnd)
    }
    let kinds = touchedCalls.count
    countRepeated(trace, spans, parent, &seen)
    countRetries(trace, spans, parent, &seen)
    if Int(sequence.count) >= Self.sequentialCalls, !sequence.isOverlapping, kinds > 1,
      Double(sequence.time) >= Self.sequentialShare * Double(seen.rootTime)
    {
      let own = seen.operation[parent]
      count(.sequential, sequence, saving: sequence.time - sequence.longest, trace, spans, parent, own, &seen)
    }
  }

  private mutating func countRepeated(
    _ trace: Trace, _ spans: Span<TraceSpan>, _ parent: Int, _ seen: inout Observed
  ) {
    for index in 0..<touchedCalls.count {
      let operation = touchedCalls[index]
      let group = calls[Int(operation)]
      calls[Int(operation)] = Group()
      if Int(group.count) >= Self.repeatedCalls {
        count(.repeated, group, saving: group.time - group.longest, trace, spans, parent, operation, &seen)
      }
    }
  }

  private mutating func countRetries(
    _ trace: Trace, _ spans: Span<TraceSpan>, _ parent: Int, _ seen: inout Observed
  ) {
    for index in 0..<touchedTries.count {
      let operation = touchedTries[index]
      let group = tries[Int(operation)]
      tries[Int(operation)] = Group()
      let needed = group.count - (group.lastFailed ? 0 : 1)
      if group.count > 1, group.failed > 0, group.failed == needed, group.callee > -2 {
        count(
          .retry, group, saving: group.lastStart - group.firstStart, trace, spans, parent, operation, &seen)
      }
    }
  }

  @inline(__always)
  private static func add(
    _ spans: Span<TraceSpan>, _ child: Int, _ callee: Int32, to group: inout Group
  ) {
    let start = spans[child].start.rawValue
    let length = spans[child].duration.rawValue
    if group.count == 0 {
      group.firstStart = start
    } else if start < group.end {
      group.isOverlapping = true
    }
    if callee >= 0 { group.callee = group.callee == -1 || group.callee == callee ? callee : -2 }
    group.count &+= 1
    group.lastFailed = spans[child].isError
    group.failed &+= group.lastFailed ? 1 : 0
    group.time = group.time.saturatingSum(length)
    group.longest = max(group.longest, length)
    group.lastStart = start
    group.end = max(group.end, spans[child].end.rawValue)
  }

  /// The longest stretch of a span in which none of its children runs.
  private mutating func observeGap(
    _ trace: Trace, _ spans: Span<TraceSpan>, _ parent: Int, _ seen: inout Observed
  ) {
    var cursor = spans[parent].start
    var longest: Int64 = 0
    var child = parent + 1
    while child < Int(spans[parent].subtreeEnd) {
      longest = max(longest, (min(spans[child].start, spans[parent].end) - cursor).rawValue)
      cursor = max(cursor, spans[child].end)
      child = Int(spans[child].subtreeEnd)
    }
    longest = max(longest, (spans[parent].end - cursor).rawValue)
    guard longest >= Self.shortestGap, Double(longest) >= Self.gapShare * Double(seen.rootTime) else {
      return
    }
    var group = Group()
    group.time = longest
    group.count = spans[parent].childCount
    count(.gap, group, saving: longest, trace, spans, parent, seen.operation[parent], &seen)
  }

  private mutating func count(
    _ kind: PatternRow.Kind, _ group: Group, saving: Int64, _ trace: Trace, _ spans: Span<TraceSpan>,
    _ parent: Int, _ child: Int32, _ seen: inout Observed
  ) {
    let key = Key(
      kind: kind.rawValue, entryPoint: Int32(truncatingIfNeeded: seen.entryPoint),
      operation: seen.operation[parent], child: child)
    var cell = cells[key] ?? Cell(row: PatternRow())
    if cell.lastTrace != traceNumber {
      cell.lastTrace = traceNumber
      cell.row.traces += 1
    }
    cell.row.parents += 1
    cell.row.children += Int(group.count)
    cell.row.inSequence += group.isOverlapping ? 0 : 1
    cell.row.time = cell.row.time.saturatingSum(group.time)
    cell.row.saving = cell.row.saving.saturatingSum(max(saving, 0))
    let value = kind == .repeated || kind == .retry ? Int64(group.count) : group.time
    if cell.row.example.offer(value, trace.id, spans[parent].record.spanID) { seen.wasChosen = true }
    cells[key] = cell
  }

  var rowBytes: Int {
    PatternRow.bytes(cells.count)
  }

  mutating func report(to digest: inout Digest, _ seen: inout Observed) {
    for (key, cell) in cells {
      var row = cell.row
      row.kind = PatternRow.Kind(rawValue: key.kind) ?? .repeated
      row.entryPoint = key.entryPoint
      row.operation = key.operation
      row.child = key.child
      digest.patterns.append(row)
    }
  }
}
