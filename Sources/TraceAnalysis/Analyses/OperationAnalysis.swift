import TraceModel

/// Counts, failures, lengths and self time of every operation, and whose calls its gaps are.
struct OperationAnalysis: Analysis, ~Copyable {
  /// What every span changes: one line of the cache.
  private struct Cell: BitwiseCopyable {
    var tally = DurationTally()
    var errors = 0
    var selfTime: Int64 = 0
    var pathTime: Int64 = 0
    var leaves = 0
  }

  /// What few spans change.
  private struct Rare: BitwiseCopyable {
    var leafSelfTime: Int64 = 0
    var slowest = Exemplar()
    var failing = Exemplar()
  }

  private struct Gap: BitwiseCopyable {
    var count = 0
    var time: Int64 = 0
  }

  private var cells = Column<Cell>()
  private var rare = Column<Rare>()
  private var histograms = Histograms(joining: 1)
  private var gapIndex = KeyIndex()
  private var gaps = Column<Gap>()

  init() {}

  /// Makes a row for each operation that was numbered.
  mutating func makeCells(_ seen: borrowing Observed) {
    while cells.count < seen.operations.count {
      cells.append(Cell())
      rare.append(Rare())
    }
  }

  mutating func observe(_ trace: Trace, _ spans: Span<TraceSpan>, _ seen: inout Observed) {
    makeCells(seen)
    let cells = self.cells.mutableElements
    let rare = self.rare.mutableElements
    for place in 0..<spans.count {
      let ahead = place &+ Observed.spansAhead
      if ahead < spans.count { self.cells.prefetch(Int(seen.operation[ahead])) }
      let operation = Int(seen.operation[place])
      let length = spans[place].duration.rawValue
      let selfTime = spans[place].selfTime.rawValue
      // As long as the longest so far: only then is the example looked at.
      if length >= cells[operation].tally.greatest,
        rare[operation].slowest.offer(length, trace.id, spans[place].record.spanID)
      {
        seen.wasChosen = true
      }
      cells[operation].tally.add(length)
      histograms.add(operation, length)
      cells[operation].selfTime = cells[operation].selfTime.saturatingSum(selfTime)
      if spans[place].isError {
        cells[operation].errors &+= 1
        if rare[operation].failing.offer(length, trace.id, spans[place].record.spanID) {
          seen.wasChosen = true
        }
      }
      if spans[place].childCount == 0 {
        cells[operation].leaves &+= 1
        rare[operation].leafSelfTime = rare[operation].leafSelfTime.saturatingSum(selfTime)
      } else {
        let callee = seen.soleCallee(spans, place)
        if callee >= 0 { addGap(operation, callee, selfTime) }
      }
    }
    guard seen.isMeasured else { return }
    for place in seen.primary {
      let operation = Int(seen.operation[place])
      cells[operation].pathTime = cells[operation].pathTime.saturatingSum(
        spans[place].criticalPathTime.rawValue)
    }
  }

  @inline(__always)
  private mutating func addGap(_ operation: Int, _ callee: Int32, _ time: Int64) {
    let place = gapIndex.place(of: UInt64(operation) << 32 | UInt64(callee))
    if place == gaps.count { gaps.append(Gap()) }
    gaps.mutableElements[place].count &+= 1
    gaps.mutableElements[place].time = gaps[place].time.saturatingSum(time)
  }

  var rowBytes: Int {
    OperationRow.bytes(cells.count) + CalleeRow.bytes(gaps.count)
  }

  mutating func report(to digest: inout Digest, _ seen: inout Observed) {
    let reader = histograms.reader()
    for number in 0..<seen.operations.count {
      let cell = cells[number]
      var row = OperationRow()
      row.service = seen.serviceName(seen.operations[number].service)
      row.name = seen.operations[number].name
      row.kind = seen.operations[number].kind
      row.errors = cell.errors
      row.selfTime = cell.selfTime
      row.pathTime = cell.pathTime
      row.durations = histograms.sketch(cell.tally, number, reader)
      row.leaves = cell.leaves
      row.leafSelfTime = rare[number].leafSelfTime
      row.slowest = rare[number].slowest
      row.failing = rare[number].failing
      digest.operations.append(row)
    }
    for place in 0..<gapIndex.count {
      var row = CalleeRow()
      row.operation = Int32(truncatingIfNeeded: gapIndex.keys[place] >> 32)
      row.callee = seen.serviceName(Int32(truncatingIfNeeded: gapIndex.keys[place]))
      row.count = gaps[place].count
      row.gap = gaps[place].time
      digest.callees.append(row)
    }
  }
}
