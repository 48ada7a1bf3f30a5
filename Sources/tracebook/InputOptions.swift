import ArgumentParser
import TraceAnalysis
import TraceModel
import TraceReport

/// Which archives are read and how, by the command line or else by a file of configuration; common to every command
/// that reads archives.
struct InputOptions: ParsableArguments {
  @Argument(help: ArchiveArgument.help, completion: .file())
  var archives: [String] = []

  @Option(
    help: ArgumentHelp(
      "Configuration (YAML): archives, window, logs, baseline, links to other tools and more; the command line overrides "
        + "it.", valueName: "file"), completion: .file(extensions: ["yaml", "yml", "json"]))
  var config: String?

  @OptionGroup var window: WindowOptions
  @OptionGroup var reading: ReadingOptions

  func validate() throws {
    if archives.isEmpty, config == nil { throw ArchiveArgument.missing }
  }

  /// The arguments as they were given, for the line that says how a page was made.
  var words: [String] { (config.map { ["--config", $0] } ?? []) + archives + window.words }

  /// True when nothing but errors is to be said.
  var quiet: Bool { reading.quiet }

  /// Reads the file of configuration, if one is given, and takes from it what the command line leaves out: archives and
  /// window.
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
    try window.complete(with: configuration, at: config)
    return configuration
  }

  /// The choices about reconstruction, with the window.
  func rules(_ assembly: AssemblyArguments, criticalPath: CriticalPathRule = .inclusive) throws
    -> AssemblyOptions
  {
    var rules = try assembly.options(criticalPath: criticalPath)
    rules.window = try window.requested()
    return rules
  }

  /// Logs how long the stages of a run take.
  func stageLog() -> StageLog { reading.stageLog() }

  /// The number of threads to use.
  var threadCount: Int { reading.threadCount }

  /// Reads all archives; see `ReadingOptions.read`.
  func read(_ log: StageLog) throws -> SpanStore {
    try log.stage("read") { try reading.read(archives, log) }
  }

  /// Groups the spans of a store by trace.
  func group(_ store: SpanStore, _ rules: AssemblyOptions, _ log: StageLog) throws -> TraceWalk {
    try log.stage("group") { try reading.walk(store, rules, log) }
  }
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
