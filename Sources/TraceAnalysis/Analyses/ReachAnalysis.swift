import TraceModel

/// Which services the healthy and the failing requests of an entry point reach; connected traces only.
struct ReachAnalysis: Analysis, ~Copyable {
  private struct Cell: BitwiseCopyable {
    var healthy = 0
    var failed = 0
  }

  private var index = KeyIndex()
  private var cells = Column<Cell>()

  init() {}

  mutating func observe(_ trace: Trace, _ spans: Span<TraceSpan>, _ seen: inout Observed) {
    guard seen.isMeasured, trace.isComplete else { return }
    let isHealthy = seen.errorCount == 0
    let hasFailed = spans[trace.primaryRoot].isError
    guard isHealthy || hasFailed else { return }
    for place in 0..<seen.reached.count {
      let service = seen.reached[place]
      let number = index.place(of: UInt64(seen.entryPoint) << 32 | UInt64(service))
      if number == cells.count { cells.append(Cell()) }
      cells.mutableElements[number].healthy &+= isHealthy ? 1 : 0
      cells.mutableElements[number].failed &+= hasFailed ? 1 : 0
    }
  }

  var rowBytes: Int {
    ReachRow.bytes(cells.count)
  }

  mutating func report(to digest: inout Digest, _ seen: inout Observed) {
    for number in 0..<index.count {
      var row = ReachRow()
      row.entryPoint = Int32(truncatingIfNeeded: index.keys[number] >> 32)
      row.service = seen.serviceName(Int32(truncatingIfNeeded: index.keys[number]))
      row.healthy = cells[number].healthy
      row.failed = cells[number].failed
      digest.reach.append(row)
    }
  }
}
