import SpanArchive
import TraceAnalysis
import TraceModel
import TraceReport

/// Writes the traces that a policy keeps as new archives: gzipped OTLP JSON, one trace a line, weights recorded.
///
///     DIR/kept-00000.jsonl.gz, kept-00001.jsonl.gz, …       about 64 MB of JSON in each
///
/// Each span gets the attribute `sampling.adjusted_count`: how many it stands for; none where a budget decided.
enum ThinnedArchives {
  private static let bytesPerFile = 64 << 20

  /// Writes into a folder that is new or empty; gives the number of files.
  static func write(_ thinning: PolicyThinning, of walk: TraceWalk, to folder: String) throws -> Int {
    do {
      try NewFolder.prepare(folder)
      var archive = OTLPTraceLine(store: walk.store)
      var writer = JSONWriter()
      var files = 0
      func finish() throws {
        guard !writer.bytes.isEmpty else { return }
        try FilePublisher.publish(
          try GzipWriter.pack(writer.bytes), to: "\(folder)/kept-\(padded(files)).jsonl.gz")
        files += 1
        writer.removeAll()
      }
      // One after another, so that equal input gives equal files.
      var counts = thinning.kept.makeIterator()
      try walk.assemble(traceIDs: thinning.kept.lazy.map(\.id)) { trace in
        archive.adjustedCount = counts.next()?.adjustedCount
        archive.append(trace, to: &writer)
        writer.endLine()
        if writer.bytes.count >= bytesPerFile { try finish() }
      }
      try finish()
      return files
    } catch let error as ReportError {
      throw CommandFailure(status: .failed, message: error.description)
    }
  }

  private static func padded(_ number: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 5 - digits.utf8.count)) + digits
  }
}
