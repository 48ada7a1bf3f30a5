import ArgumentParser
import SpanArchive
import TraceAnalysis
import TraceModel
import TraceReport

/// `tracebook incident`: one self-contained file about given traces.
struct IncidentCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "incident",
    abstract: "Write one self-contained HTML file about given traces, to attach to a ticket.",
    discussion: """
      Verdict, timeline, waterfalls beside a typical healthy trace, error groups, who calls whom, logs, and the spans \
      to download: at most 5 MB, offline, without JavaScript. Beside it lies the same as Markdown, for the ticket's \
      text. Passwords, tokens, cookies, authorization headers, literals in SQL and values in query strings are taken \
      out.

        tracebook incident archives/ --trace 4bf92f3577b34da6a3ce929d0e0e4736 -o incident.html
        tracebook incident archives/ --query 'service:payment status:error' --logs logs/ -o incident.html
      """)

  @OptionGroup var input: InputOptions
  @OptionGroup var assembly: AssemblyArguments
  @OptionGroup var correlation: CorrelationOptions

  @Option(
    name: .customLong("trace"),
    help: ArgumentHelp("The traces: 1 to 32 hex digits, or a traceparent.", valueName: "id"))
  var traces: [String] = []

  @Option(help: ArgumentHelp("The traces that fulfil a query, as search takes it.", valueName: "query"))
  var query: String?

  @Option(
    name: [.short, .customLong("output")],
    help: ArgumentHelp("The file to write; the Markdown twin lies beside it.", valueName: "file"))
  var output: String

  @Option(
    help: ArgumentHelp(
      "Take out more: key=PATTERN (values under such keys) or NAME=PATTERN (such values under one key); * and ? stand "
        + "for any characters.", valueName: "key=pattern"))
  var redact: [String] = []

  @Option(help: "Which of two touching siblings counts: inclusive (both) or strict (as Jaeger UI).")
  var criticalPath: CriticalPathRule = .inclusive

  @OptionGroup var appearance: AppearanceOptions

  /// The most traces that are looked at of those that fit a query.
  private static let mostTraces = 50

  func validate() throws {
    _ = try TraceSelection.ids(traces)
    if traces.isEmpty == (query == nil) { throw ValidationError("one of --trace and --query is needed") }
    _ = try parsedQuery()
    for rule in redact where Redactor.Rule(rule) == nil {
      throw ValidationError("--redact \(rule): key=PATTERN or NAME=PATTERN is needed")
    }
  }

  private func parsedQuery() throws -> TraceQuery? {
    guard let query else { return nil }
    do {
      return try TraceQuery(query)
    } catch {
      throw ValidationError("--query is not understood: \(error.message)")
    }
  }

  mutating func run() throws {
    var options = options
    let configuration = try input.configure()
    options.colours = appearance.colours(configuration)
    correlation.complete(with: configuration)
    try run(configuration, options)
  }

  private func run(_ configuration: ReportConfiguration, _ options: ReportOptions) throws {
    let wanted = try TraceSelection.ids(traces)
    let query = try parsedQuery()
    let log = input.stageLog()
    let store = try input.read(log)
    let rules = try input.rules(assembly, criticalPath: criticalPath)
    let walk = try input.group(store, rules, log)
    var conclusion = ConclusionOptions()
    conclusion.zone = try input.window.zone()
    let all = log.stage("assemble and observe") { Digest(observing: walk).conclude(conclusion) }
    let order =
      query.map { query in OrderedTraces(walk) { query.matches($0, in: store) } }
      ?? OrderedTraces(wanted, in: walk)
    var builder = IncidentBuilder(all: all, walk: walk, rules: rules, memory: input.reading.memory)
    builder.redactor.rules =
      redact.isEmpty ? configuration.redaction : redact.compactMap(Redactor.Rule.init)
    var incident = try log.stage("redact") {
      try builder.incident(about: Array(order.prefix(Self.mostTraces)), options)
    }
    incident.conclusions.input.complete(with: walk.archives)
    incident.conclusions.requestedWindow = try input.window.statement()
    incident.absent = wanted.filter { !walk.contains($0) }
    incident.omittedTraces = max(0, order.count - Self.mostTraces)
    let read = try log.stage("correlate") {
      try correlation.read(
        of: incident.traces.map(\.id) + (incident.typical.map { [$0.id] } ?? []), in: walk, input.reading)
    }
    incident.logs = read.logs.map(builder.redacted)
    incident.metrics = read.metrics
    incident.links = appearance.links(configuration)
    try log.stage("render and publish") { try write(incident) }
    let status = store.status == .done ? read.status : store.status
    if status != .done { throw ExitCode(status.rawValue) }
  }

  private func write(_ incident: Incident) throws {
    do {
      try FilePublisher.publish(try IncidentFiles.page(of: incident), to: output)
      try FilePublisher.publish(IncidentFiles.markdown(of: incident), to: markdownPath)
    } catch let error as ReportError {
      throw CommandFailure(status: .failed, message: error.description)
    }
  }

  /// `incident.html` → `incident.md`.
  private var markdownPath: String {
    for ending in [".html", ".htm"] where output.hasSuffix(ending) {
      return String(output.dropLast(ending.count)) + ".md"
    }
    return output + ".md"
  }

  private var options: ReportOptions {
    var options = ReportOptions()
    options.version = ProgramVersion.text
    let what = query.map { ["--query", $0] } ?? traces.flatMap { ["--trace", $0] }
    options.command = (["tracebook incident"] + input.words + what).joined(separator: " ")
    options.title = appearance.title ?? "Incident"
    options.rules = ["critical path: \(criticalPath.rawValue)", "clock skew: \(assembly.skew.rawValue)"]
    return options
  }
}
