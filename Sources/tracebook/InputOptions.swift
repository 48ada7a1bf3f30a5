import ArgumentParser
import TraceModel

/// Which archives are read and how; common to every command that needs some on its command line.
struct InputOptions: ParsableArguments {
  @Argument(help: ArchiveArgument.help)
  var archives: [String]

  @OptionGroup var reading: ReadingOptions

  func validate() throws {
    if archives.isEmpty { throw ArchiveArgument.missing }
  }

  /// True when nothing but errors is to be said.
  var quiet: Bool { reading.quiet }

  /// Logs how long the stages of a run take.
  func stageLog() -> StageLog { reading.stageLog() }

  /// The number of threads to use.
  var threadCount: Int { reading.threadCount }

  /// Reads all archives; see `ReadingOptions.read`.
  func read() throws -> SpanStore { try reading.read(archives) }
}

/// The argument ARCHIVE, wherever it stands.
enum ArchiveArgument {
  static let help = ArgumentHelp(
    "Files, folders, globs, or - for standard input.",
    discussion:
      "Formats are known by content: OTLP, Jaeger, Zipkin and native JSON, OTLP and Zipkin protobuf; "
      + "plain, gzip or zstd.",
    valueName: "archive")

  static var missing: ValidationError { ValidationError("Missing expected argument '<archive> ...'") }
}
