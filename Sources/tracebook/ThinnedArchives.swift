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
  /// JSON that waits to be packed.
  private static let bytesInMemory = 1 << 16

  /// Writes into a folder that is new or empty; gives the number of files.
  static func write(_ thinning: PolicyThinning, of walk: TraceWalk, to folder: String) throws -> Int {
    do {
      try NewFolder.prepare(folder)
      var archive = OTLPTraceLine(store: walk.store)
      var writer = JSONWriter()
      // One after another, so that equal input gives equal files.
      var rest = thinning.kept.makeIterator()
      var files = 0
      while true {
        var bytes = 0
        let packed = try GzipWriter.pack { take in
          func flush() throws {
            bytes += writer.bytes.count
            try writer.bytes.withUnsafeBufferPointer { try take($0) }
            writer.removeAll()
          }
          let ids = AnyIterator {
            bytes + writer.bytes.count < bytesPerFile ? rest.next() : nil
          }.lazy.map { kept in
            archive.adjustedCount = kept.adjustedCount
            return kept.id
          }
          try walk.assemble(traceIDs: ids) { trace in
            archive.append(trace, to: &writer)
            writer.endLine()
            if writer.bytes.count >= bytesInMemory { try flush() }
          }
          try flush()
        }
        if bytes == 0 { break }
        try FilePublisher.publish(packed, to: "\(folder)/kept-\(padded(files)).jsonl.gz")
        files += 1
      }
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
