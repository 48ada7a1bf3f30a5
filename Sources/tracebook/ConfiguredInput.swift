import ArgumentParser
import TraceAnalysis
import TraceModel
import TraceReport

/// Which archives are read and how, by the command line or else by a file of configuration.
struct ConfiguredInput: ParsableArguments {
  @Argument(help: ArchiveArgument.help)
  var archives: [String] = []

  @Option(
    help: ArgumentHelp(
      "Configuration (YAML): inputs, output, title, logs, baseline, links to other tools and more; the command line "
        + "overrides it.", valueName: "file"))
  var config: String?

  @OptionGroup var reading: ReadingOptions

  func validate() throws {
    if archives.isEmpty, config == nil { throw ArchiveArgument.missing }
  }

  /// The arguments as they were given, for the line that says how a page was made.
  var words: [String] { (config.map { ["--config", $0] } ?? []) + archives }

  /// Reads the file of configuration, if one is given, and takes the archives from it that the command line leaves out.
  mutating func configure() throws -> ReportConfiguration {
    guard let config else { return ReportConfiguration() }
    let configuration = try ConfigurationFile.parse(config) { bytes throws(ConfigurationError) in
      try ReportConfigurationReader.read(bytes, at: config)
    }
    if archives.isEmpty { archives = configuration.inputs }
    guard !archives.isEmpty else {
      throw CommandFailure(
        status: .wrongUse, message: "\(config) names no inputs, and the command line no archives; name some")
    }
    return configuration
  }

  /// Logs how long the stages of a run take.
  func stageLog() -> StageLog { reading.stageLog() }

  /// The number of threads to use.
  var threadCount: Int { reading.threadCount }

  /// Reads all archives; see `ReadingOptions.read`.
  func read() throws -> SpanStore { try reading.read(archives) }
}
