import ArgumentParser
import SpanArchive
import TraceAnalysis
import TraceReport

/// Which sampling policies are replayed; common to `simulate` and `report`.
struct SamplingArguments: ParsableArguments {
  @Option(
    name: .customLong("policy"),
    help: ArgumentHelp(
      "Collector configuration (YAML or JSON) with tail_sampling or probabilistic_sampler; may be repeated.",
      valueName: "file"))
  var policyFiles: [String] = []

  @Option(
    name: .customLong("sampler"),
    help: ArgumentHelp(
      "A head sampler; may be repeated. Names: go, java, python, js, dotnet, ruby, cpp, jaeger, consistent, php, "
        + "swift, jaeger-python; zipkin:RATIO:SALT; ratelimiting:RATE and adaptive:RATE in traces per second.",
      valueName: "name:ratio"))
  var samplers: [String] = []

  func validate() throws {
    for text in samplers where SamplingPolicy.sampler(text) == nil {
      throw ValidationError(
        "--sampler \(text): a name and a ratio from 0 to 1 are needed, such as go:0.1, or zipkin:0.1:SALT, "
          + "ratelimiting:10, adaptive:1")
    }
  }

  /// Takes from a file of configuration what the command line does not say.
  mutating func complete(with configuration: ReportConfiguration) {
    guard isEmpty else { return }
    policyFiles = configuration.policies
    samplers = configuration.samplers
  }

  /// True when nothing is to be replayed.
  var isEmpty: Bool { policyFiles.isEmpty && samplers.isEmpty }

  /// The arguments as they were given.
  var words: [String] { policyFiles.flatMap { ["--policy", $0] } + samplers.flatMap { ["--sampler", $0] } }

  /// The policies: those of files first, named after them; what is wrong with one is an error of use.
  func policies() throws -> [SamplingPolicy] {
    try policyFiles.map { path in
      let policy = try ConfigurationFile.parse(path, CollectorPolicyReader.read)
      return SamplingPolicy(name: Self.name(path), kind: .collector(policy))
    } + samplers.compactMap(SamplingPolicy.sampler)
  }

  /// The last part of a path, without the ending of YAML.
  private static func name(_ path: String) -> String {
    let last = path.split(separator: "/").last.map(String.init) ?? path
    for ending in [".yaml", ".yml", ".json"] where last.hasSuffix(ending) && last.count > ending.count {
      return String(last.dropLast(ending.count))
    }
    return last
  }
}

/// Files of configuration: what cannot be read or used is an error of use that names file and place.
enum ConfigurationFile {
  static func parse<Value>(
    _ path: String, _ read: ([UInt8]) throws(ConfigurationError) -> Value
  ) throws -> Value {
    let bytes: [UInt8]
    do {
      bytes = try WholeFile.read(path, largest: YAMLReader.Limits.bytes)
    } catch {
      throw CommandFailure(status: .wrongUse, message: error.message)
    }
    do {
      return try read(bytes)
    } catch {
      throw CommandFailure(
        status: .wrongUse,
        message: "\(path):\(error.place.line):\(error.place.column): \(visible(error.message))")
    }
  }

  /// Texts of a file cannot steer the terminal.
  private static func visible(_ message: String) -> String {
    String(
      String.UnicodeScalarView(
        message.unicodeScalars.map { $0.value < 0x20 || (0x7f...0x9f).contains($0.value) ? "\u{FFFD}" : $0 }))
  }
}
