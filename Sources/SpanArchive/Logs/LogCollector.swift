import TraceModel

/// Takes up what one thread reads: counts every record, keeps those that are wanted.
struct LogCollector {
  let targets: LogTargets
  private(set) var counts = CorrelatedLogs.Counts()
  private(set) var byTrace: [TraceID: TraceLogs] = [:]
  /// The archive that is being read.
  var archive = 0
  /// Records met in it.
  var records = 0

  init(targets: LogTargets) { self.targets = targets }

  /// Counts a record with the ids it names; the trace to keep it for, if it is wanted.
  mutating func count(trace: TraceID, hasSpan: Bool) -> TraceID? {
    records += 1
    guard !trace.isAbsent else {
      counts.withoutTrace += 1
      return nil
    }
    switch targets.match(trace) {
    case .wanted(let id):
      counts.joined += 1
      if !hasSpan { counts.joinedWithoutSpan += 1 }
      return id
    case .known: counts.otherTraces += 1
    case .unknown: counts.unknownTraces += 1
    case .ambiguous: counts.ambiguous += 1
    }
    return nil
  }

  /// Keeps a record for a trace.
  mutating func keep(_ record: LogRecord, for trace: TraceID) {
    var record = record
    record.archive = archive
    byTrace[trace, default: TraceLogs()].add(record)
  }
}
