import Logging
import TraceModel

/// Says what a run is at: the time of each stage to the log, for people who wonder where it goes, and a bar to the
/// terminal, for people who wait.
struct StageLog {
  private var logger = Logger(label: "tracebook", factory: { StreamLogHandler.standardError(label: $0) })
  private let clock = ContinuousClock()
  private let bar: ProgressBar?

  init(level: Logger.Level, showsProgress: Bool) {
    bar = showsProgress ? ProgressBar.ifWatched() : nil
    logger.logLevel = level
  }

  /// Counts for the bar; nil when there is none.
  var progress: ProgressCounter? { bar?.counter }

  /// Logs a remark at level `info`.
  func note(_ remark: String) { logger.info("\(remark)") }

  /// Runs a stage and logs its time at level `info`.
  func stage<Result>(_ name: String, _ body: () throws -> Result) rethrows -> Result {
    let start = clock.now
    bar?.begin(name)
    defer {
      bar?.end()
      logger.info("\(name): \(clock.now - start)")
    }
    return try body()
  }

  /// Logs what was read of each archive, at level `debug`.
  func archives(_ archives: [ArchiveSummary]) {
    for archive in archives {
      logger.debug(
        "\(archive.path): \(archive.format), \(archive.compression), \(archive.bytes) bytes, \(archive.spansRead) spans, \(archive.spansQuarantined) quarantined"
      )
    }
  }
}
