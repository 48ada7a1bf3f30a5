/// The log records of one trace that are kept, in bounded memory.
///
/// Errors are kept before others, and the earliest of each. What is kept does not depend on the order of adding.
package struct TraceLogs: Sendable {
  /// The most records kept of a trace, and the most bytes.
  package static let mostRecords = 300
  package static let mostBytes = 512 << 10

  /// The records; by time once `settle` was called.
  package private(set) var records: [LogRecord] = []
  /// How many there were.
  package private(set) var count = 0
  private var bytes = 0

  /// Starts with none.
  package init() {}

  /// Takes up a record.
  package mutating func add(_ record: LogRecord) {
    count += 1
    keep(record)
  }

  /// Takes up what another one holds.
  package mutating func merge(_ other: TraceLogs) {
    count += other.count
    for record in other.records { keep(record) }
  }

  /// Drops what is too much, and puts the rest in the order of time.
  package mutating func settle() {
    trim()
    records.sort(by: LogRecord.isEarlier)
  }

  /// Changes every record that is kept.
  package mutating func change(_ body: (LogRecord) -> LogRecord) { records = records.map(body) }

  private mutating func keep(_ record: LogRecord) {
    records.append(record)
    bytes += record.byteCount
    if records.count > 2 * Self.mostRecords || bytes > 2 * Self.mostBytes { trim() }
  }

  /// Keeps the first ones of the order in which they matter. One that is dropped now would be dropped later, too:
  /// further records can only stand before it.
  private mutating func trim() {
    records.sort { left, right in
      if left.severity.isError != right.severity.isError { return left.severity.isError }
      return LogRecord.isEarlier(left, right)
    }
    var kept = 0
    bytes = 0
    for record in records {
      let size = record.byteCount
      guard kept < Self.mostRecords, kept == 0 || bytes + size <= Self.mostBytes else { break }
      kept += 1
      bytes += size
    }
    records.removeLast(records.count - kept)
  }
}
