import ArgumentParser
import SpanArchive
import TraceAnalysis
import TraceModel
import TraceReport

/// `tracebook simulate`: what sampling policies would keep, cost and lose.
struct SimulateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate",
    abstract: "Replay sampling policies: what they keep, cost and lose.",
    discussion: """
      A policy is a piece of OpenTelemetry Collector configuration with a tail_sampling or a probabilistic_sampler \
      section, as it stands in your collector, or a client library's sampler by trace id. Several are compared.

        tracebook simulate archives/ --policy collector.yaml --decisions
        tracebook simulate archives/ --sampler go:0.1 --sampler java:0.1 --decisions
      """)

  @OptionGroup var input: InputOptions
  @OptionGroup var assembly: AssemblyArguments

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

  @Flag(help: "Print a line of JSON for each trace and policy: what was decided, and by which rule.")
  var decisions = false

  func validate() throws {
    if policyFiles.isEmpty, samplers.isEmpty {
      throw ValidationError("name what to replay: --policy FILE or --sampler NAME:RATIO")
    }
    for text in samplers where SamplingPolicy.sampler(text) == nil {
      throw ValidationError(
        "--sampler \(text): a name and a ratio from 0 to 1 are needed, such as go:0.1, or zipkin:0.1:SALT, "
          + "ratelimiting:10, adaptive:1")
    }
  }

  func run() throws {
    let policies = try PolicyFiles.read(policyFiles) + samplers.compactMap(SamplingPolicy.sampler)
    let store = try input.read()
    let walk = TraceWalk(store, options: try assembly.options(), threads: input.threadCount)
    let simulation = SimulationInput(walk, policies: policies)
    var output = StandardOutput()
    try DecisionLines(simulation).write { try output.write($0) }
    try output.flush()
    if store.status != .done { throw ExitCode(store.status.rawValue) }
  }
}

/// Files of collector configuration.
enum PolicyFiles {
  /// Reads the policies of files, named after them; what is wrong with one is an error of use.
  static func read(_ paths: [String]) throws -> [SamplingPolicy] {
    try paths.map { path in
      SamplingPolicy(
        name: name(path), kind: .collector(try ConfigurationFile.parse(path, CollectorPolicyReader.read)))
    }
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
        status: .wrongUse, message: "\(path):\(error.place.line):\(error.place.column): \(error.message)")
    }
  }
}
