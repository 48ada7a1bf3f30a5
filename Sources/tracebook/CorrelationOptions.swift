import ArgumentParser
import SpanArchive
import TraceModel
import TraceReport

/// What is read along with the spans: logs and metrics.
struct CorrelationOptions: ParsableArguments {
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Log archives (JSON lines or OTLP JSON, plain, gzip or zstd) whose records are shown on the pages of their "
        + "traces; every word up to the next option or --.", valueName: "archive"))
  var logs: [String] = []

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Files of OpenMetrics text whose exemplars, or trace_id labels, are linked with the pages of their traces.",
      valueName: "file"))
  var metrics: [String] = []

  /// Takes from a file of configuration what the command line does not say.
  mutating func complete(with configuration: ReportConfiguration) {
    if logs.isEmpty { logs = configuration.logs }
    if metrics.isEmpty { metrics = configuration.metrics }
  }

  /// Reads what was asked for, as far as it belongs to the given traces.
  func read(of traces: [TraceID], in walk: TraceWalk, _ input: ReadingOptions) throws -> Correlation {
    var correlation = Correlation()
    if !logs.isEmpty { correlation.logs = try readLogs(of: traces, in: walk, input) }
    if !metrics.isEmpty {
      let paths = ArchiveDiscovery.paths(of: metrics)
      let read = OpenMetricsSet(inputs: paths.map { .file($0) }).read(targets: targets(traces, walk))
      for file in read.files {
        if let error = file.error { FailureReport.say("tracebook: \(file.path): \(error)") }
      }
      correlation.metrics = read
    }
    return correlation
  }

  private func targets(_ traces: [TraceID], _ walk: TraceWalk) -> LogTargets {
    LogTargets(traces) { id in
      // A logger may know 128 bits of an id of which the spans have 64.
      walk.partitions.find(id) != nil || walk.partitions.find(TraceID(high: 0, low: id.low)) != nil
    }
  }

  private func readLogs(of traces: [TraceID], in walk: TraceWalk, _ input: ReadingOptions) throws
    -> CorrelatedLogs
  {
    let paths = ArchiveDiscovery.paths(of: logs)
    guard !paths.isEmpty else {
      throw CommandFailure(
        status: .failed,
        message: "no log archives in \(logs.joined(separator: ", ")); name a file or a folder that holds logs"
      )
    }
    let read = LogArchiveSet(inputs: paths.map { .file($0) }).read(
      threads: input.threadCount, targets: targets(traces, walk))
    for archive in read.archives {
      if let error = archive.error { FailureReport.say("tracebook: \(archive.path): \(error)") }
    }
    return read
  }
}

extension Correlation {
  /// 3 when something could not be read whole, else 0.
  var status: ExitStatus {
    let isDamaged =
      (logs?.archives.contains { $0.error != nil } ?? false)
      || (metrics?.files.contains { $0.error != nil } ?? false)
    return isDamaged ? .incomplete : .done
  }
}
