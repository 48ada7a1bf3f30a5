import ArgumentParser
import SpanArchive
import TraceAnalysis
import TraceModel
import TraceReport

/// `tracebook inspect`: every reconstructed trace as a line of JSON.
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Print every reconstructed trace as a line of JSON.",
    discussion: """
      Ordered by start and trace id: spans in display order with repaired times, self times, the critical path, and \
      what was repaired.

        tracebook inspect archives/ --trace 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01 | jq .
      """)

  @OptionGroup var input: InputOptions
  @OptionGroup var assembly: AssemblyArguments

  @Option(help: "Which of two touching siblings counts: inclusive (both) or strict (as Jaeger UI).")
  var criticalPath: CriticalPathRule = .inclusive

  @Option(
    name: .customLong("trace"),
    help: ArgumentHelp("Only these traces: 1 to 32 hex digits, or a traceparent.", valueName: "id"))
  var traces: [String] = []

  @Option(help: "Only json is known here.")
  var format: InspectFormat = .json

  enum InspectFormat: String, ExpressibleByArgument, CaseIterable {
    case json
  }

  func validate() throws { _ = try TraceSelection.ids(traces) }

  mutating func run() throws {
    let wanted = try TraceSelection.ids(traces)
    _ = try input.configure()
    let log = input.stageLog()
    let store = try input.read(log)
    let walk = try input.group(store, input.rules(assembly, criticalPath: criticalPath), log)
    let order = wanted.isEmpty ? OrderedTraces(walk) : OrderedTraces(wanted, in: walk)
    let output = StandardOutput()
    var writer = JSONWriter(givingPiecesTo: output.take)
    try walk.assemble(traceIDs: order) { trace in
      writer.removeAll()
      InspectLine.append(trace, in: store, to: &writer)
      writer.endLine()
      try output.write(writer.bytes)
    }
    try output.flush()
    if store.status != .done { throw ExitCode(store.status.rawValue) }
  }
}

/// Ids of traces as the command line takes them.
enum TraceSelection {
  static func ids(_ texts: [String]) throws -> [TraceID] {
    try texts.map { text in
      if let id = TraceParent(text)?.traceID ?? TraceID(hex: text) { return id }
      throw ValidationError("--trace \(text): 1 to 32 hex digits or a W3C traceparent are needed")
    }
  }
}
