import Dispatch
import Synchronization
package import TraceModel

/// Reads any number of log archives for the records of chosen traces, on several threads.
package struct LogArchiveSet: Sendable {
  /// The archives in the order of the result.
  package let inputs: [ArchiveInput]
  /// How much a reader takes.
  package let limits: ReadingLimits

  /// Makes a set of archives wherever their bytes are.
  package init(inputs: [ArchiveInput], limits: ReadingLimits = ReadingLimits()) {
    self.inputs = inputs
    self.limits = limits
  }

  /// Reads all archives and joins their records to the targets; the result does not depend on the number of threads.
  ///
  /// - Complexity: O(bytes); memory grows with the targets, not with the archives.
  package func read(threads: Int, targets: LogTargets) -> CorrelatedLogs {
    let next = Atomic<Int>(0)
    let result = Mutex(CorrelatedLogs())
    result.withLock { $0.archives = inputs.map { CorrelatedLogs.Archive(path: $0.path) } }
    DispatchQueue.concurrentPerform(iterations: max(1, min(threads, inputs.count))) { _ in
      var logs = LogCollector(targets: targets)
      let pool = BufferPool()
      while true {
        let number = next.add(1, ordering: .relaxed).oldValue
        guard number < inputs.count else { break }
        logs.archive = number
        logs.records = 0
        let error = read(inputs[number], pool, into: &logs)
        let records = logs.records
        result.withLock {
          $0.archives[number].records = records
          $0.archives[number].error = error
        }
      }
      result.withLock { result in
        result.counts.merge(logs.counts)
        for (id, found) in logs.byTrace { result.byTrace[id, default: TraceLogs()].merge(found) }
      }
    }
    var logs = result.withLock { $0 }
    for id in logs.byTrace.keys { logs.byTrace[id]?.settle() }
    return logs
  }

  private func read(_ input: ArchiveInput, _ pool: BufferPool, into logs: inout LogCollector) -> String? {
    switch UnpackedArchive.open(input, pool: pool, limits: limits) {
    case .refused(let sentence): return sentence
    case .opened(let source, let head):
      guard !head.contains(0) else { return "no JSON text: logs are read as JSON lines or OTLP JSON" }
      var reader = LogArchiveReader(ByteWindow(source, limits: limits, pool: pool))
      let error = reader.read(into: &logs)
      let remark = source.remarks.first { $0.code.severity == .loss }
      return error ?? remark?.message
    }
  }
}
