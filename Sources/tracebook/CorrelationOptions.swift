import ArgumentParser
import SpanArchive
import TraceModel
import TraceReport

/// What is read along with the spans: logs.
struct CorrelationOptions: ParsableArguments {
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Log archives (JSON lines or OTLP JSON, plain, gzip or zstd) whose records are shown on the pages of their "
        + "traces; every word up to the next option or --.", valueName: "archive"))
  var logs: [String] = []

  /// Reads what was asked for, as far as it belongs to the given traces.
  func read(of traces: [Trace], in walk: TraceWalk, _ input: InputOptions) throws -> Correlation {
    var correlation = Correlation()
    if !logs.isEmpty { correlation.logs = try readLogs(of: traces, in: walk, input) }
    return correlation
  }

  private func readLogs(of traces: [Trace], in walk: TraceWalk, _ input: InputOptions) throws
    -> CorrelatedLogs
  {
    let paths = ArchiveDiscovery.paths(of: logs)
    guard !paths.isEmpty else {
      throw CommandFailure(
        status: .failed,
        message: "no log archives in \(logs.joined(separator: ", ")); name a file or a folder that holds logs"
      )
    }
    let targets = LogTargets(traces.map(\.id)) { id in
      // A logger may know 128 bits of an id of which the spans have 64.
      walk.partitions.find(id) != nil || walk.partitions.find(TraceID(high: 0, low: id.low)) != nil
    }
    let read = LogArchiveSet(inputs: paths.map { .file($0) }).read(
      threads: input.threadCount, targets: targets)
    for archive in read.archives {
      if let error = archive.error { FailureReport.say("tracebook: \(archive.path): \(error)") }
    }
    return read
  }
}

extension Correlation {
  /// 3 when something could not be read whole, else 0.
  var status: ExitStatus {
    logs?.archives.contains { $0.error != nil } ?? false ? .incomplete : .done
  }
}
