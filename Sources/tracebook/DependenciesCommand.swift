import ArgumentParser
import SpanArchive
import TraceAnalysis
import TraceModel
import TraceReport

extension DependencyRule: ExpressibleByArgument {}

/// `tracebook dependencies`: who calls whom.
struct DependenciesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dependencies",
    abstract: "Print the service graph.",
    discussion: """
      Calls, failures as the callee and as the caller saw them, and, by Tracebook's own rule, latency. The other rules \
      give exactly what Zipkin, the OpenTelemetry Collector's service graph connector, and Jaeger count.

        tracebook dependencies archives/
        tracebook dependencies archives/ --format dot | dot -Tsvg > graph.svg
        tracebook dependencies archives/ --format json --rule zipkin
      """)

  @OptionGroup var input: InputOptions
  @OptionGroup var assembly: AssemblyArguments

  @Option(help: "Whose counting rule: tracebook, zipkin, servicegraph or jaeger.")
  var rule: DependencyRule = .tracebook

  @Option(help: "json, text (trees), dot (Graphviz), csv, or svg (a picture, by Tracebook's own rule).")
  var format: LinkFormat = .json

  enum LinkFormat: String, ExpressibleByArgument, CaseIterable {
    case json
    case text
    case dot
    case csv
    case svg
  }

  func validate() throws {
    if format == .svg, rule != .tracebook {
      throw ValidationError("--format svg: only --rule tracebook is drawn; use --format dot for other rules")
    }
  }

  mutating func run() throws {
    _ = try input.configure()
    let log = input.stageLog()
    let store = try input.read(log)
    let walk = try input.group(store, input.rules(assembly), log)
    let output = StandardOutput()
    try write(walk, to: output)
    try output.flush()
    if let cause = store.spill?.failure { log.note("not all calls fitted into temporary files (\(cause))") }
    if store.status != .done { throw ExitCode(store.status.rawValue) }
  }

  private func write(_ walk: TraceWalk, to output: StandardOutput) throws {
    switch format {
    case .json: try write(.json, walk, to: output)
    case .dot: try write(.dot, walk, to: output)
    case .csv: try write(.csv, walk, to: output)
    case .text:
      try LinkTree(rule.links(of: walk)).write { try output.write($0) }
    case .svg: try output.write(try GraphPicture.svg(Digest(observing: walk).conclude()))
    }
  }

  private func write(_ form: LinkLines.Form, _ walk: TraceWalk, to output: StandardOutput) throws {
    var lines = LinkLines(form, rule: rule)
    try output.write(lines.begin())
    for link in rule.links(of: walk) { try output.write(lines.line(link)) }
    try output.write(lines.end())
  }
}
