import ArgumentParser
import SpanArchive
import TraceAnalysis
import TraceModel
import TraceReport

/// `tracebook search`: the traces that fulfil a query.
struct SearchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "search",
    abstract: "Print the traces that fulfil a query, or write them as a new archive.",
    usage: "tracebook search <archive> ... <query> [options]",
    discussion: """
      The last word is the query; an empty one ('') matches every trace. All terms must hold, those about spans on \
      one and the same span:

        service:payment  operation:"POST /orders"  kind:client  status:error  http.route=/orders
        duration>500ms (the trace)  span.duration>=1s  spans>100  trace:4bf9…  root:gateway  word  !word

        tracebook search archives/ 'service:payment status:error'
        tracebook search archives/ 'duration>2s' --format otlp-json | gzip > slow.jsonl.gz
        tracebook search archives/ 'trace:4bf9' --format perfetto > trace.json
      """)

  @OptionGroup var input: InputOptions
  @OptionGroup var assembly: AssemblyArguments

  @Option(
    help: """
      text (a table), json (a line a trace), or a new archive: otlp-json, jaeger-json, zipkin-json, or perfetto for the \
      viewers of Perfetto and Chrome.
      """)
  var format: SearchFormat = .text

  enum SearchFormat: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
    case otlpJSON = "otlp-json"
    case jaegerJSON = "jaeger-json"
    case zipkinJSON = "zipkin-json"
    case perfetto

    /// The format of the archive to be written; nil for what is no archive.
    var archive: TraceArchiveFormat? { TraceArchiveFormat(rawValue: rawValue) }
  }

  func validate() throws {
    guard input.archives.count >= (input.config == nil ? 2 : 1) else {
      throw ValidationError("Missing expected argument '<query>': name archives, then the query ('' for all)")
    }
    _ = try query()
  }

  private func query() throws -> TraceQuery {
    do {
      return try TraceQuery(input.archives.last ?? "")
    } catch {
      throw ValidationError("the query is not understood: \(error.message)")
    }
  }

  func run() throws {
    let query = try query()
    var input = input
    input.archives.removeLast()
    _ = try input.configure()
    let log = input.stageLog()
    let store = try input.read(log)
    let walk = try input.group(store, input.rules(assembly), log)
    let order = log.stage("search") { OrderedTraces(walk) { query.matches($0, in: store) } }
    try print(order, of: walk, in: store)
    if store.status != .done { throw ExitCode(store.status.rawValue) }
  }

  private func print(_ order: OrderedTraces, of walk: TraceWalk, in store: SpanStore) throws {
    if let archive = format.archive { return try write(order, of: walk, as: archive) }
    let output = StandardOutput()
    var writer = JSONWriter()
    let stamps = StampFormat(try input.window.zone())
    if format == .text { try output.write(SearchTable.head(stamps)) }
    try walk.assemble(traceIDs: order) { trace in
      if format == .text { return try output.write(SearchTable.line(of: trace, in: store, stamps)) }
      writer.removeAll()
      InspectLine.append(trace, in: store, detailed: false, to: &writer)
      writer.endLine()
      try output.write(writer.bytes)
    }
    try output.flush()
  }

  private func write(_ order: OrderedTraces, of walk: TraceWalk, as format: TraceArchiveFormat) throws {
    let output = StandardOutput()
    var writer = JSONWriter(givingPiecesTo: output.take)
    var archive = TraceArchiveWriter(format, store: walk.store)
    archive.begin(&writer)
    try walk.assemble(traceIDs: order) { trace in
      archive.append(trace, to: &writer)
      try output.write(writer.bytes)
      writer.removeAll()
    }
    archive.end(&writer)
    try output.write(writer.bytes)
    try output.flush()
  }
}
