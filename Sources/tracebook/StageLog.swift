import Logging

/// Logs each stage of a run with the time it took, for people who wonder where the time goes.
struct StageLog {
  private var logger = Logger(label: "tracebook", factory: { StreamLogHandler.standardError(label: $0) })
  private let clock = ContinuousClock()

  init(level: Logger.Level) { logger.logLevel = level }

  /// Runs a stage and logs its time at level `info`.
  func stage<Result>(_ name: String, _ body: () throws -> Result) rethrows -> Result {
    let start = clock.now
    defer { logger.info("\(name): \(clock.now - start)") }
    return try body()
  }
}
