import SpanArchive
import TestSupport
import TraceModel
import TraceReport

/// A command of a case, run within the test process: some 600 processes would take minutes.
struct CommandRun {
  /// What `inspect` prints, a value a line.
  let traces: [JSONValue]
  /// What `search '' --format otlp-json` prints, a value a line.
  let archive: [JSONValue]
  /// What `report.json` says of the archives.
  let summaries: [ArchiveSummary]
  /// Exact copies that were dropped.
  let duplicateSpans: Int

  /// The status that the command ends with.
  var status: Int {
    if !summaries.isEmpty, summaries.allSatisfy(\.isUnopened) { return 4 }
    return summaries.contains { $0.error != nil } ? 3 : 0
  }

  /// The spans of all traces.
  var spans: [JSONValue] { traces.flatMap { $0["spans"].elements } }

  /// Runs the command of a case.
  init(_ test: ConformanceCase, _ key: String = "command") throws {
    var options = AssemblyOptions()
    var paths: [String] = []
    var words = test.command(key).dropFirst()
    while let word = words.popFirst() {
      switch word {
      case "--skew": options.skew = try Self.value(words.popFirst().flatMap(SkewRule.init))
      case "--max-skew":
        options.largestSkew = try Self.value(words.popFirst().flatMap(DurationParser.nanoseconds))
      case "--critical-path":
        options.criticalPath = try Self.value(words.popFirst().flatMap(CriticalPathRule.init))
      case "--strict-trace-id": options.strictTraceID = true
      case "--format", "": _ = word.isEmpty ? nil : words.popFirst()
      default: paths.append(test.folder + "/" + word)
      }
    }
    let store = ArchiveSet(paths: paths).read(threads: 1)
    summaries = store.archives
    let walk = TraceWalk(store, options: options, threads: 1)
    var (lines, archiveLines) = (JSONWriter(), JSONWriter())
    let outcome = walk.walk(withWarnings: true, makeState: { [Trace]() }) { $0.append($1) }
    duplicateSpans = outcome.totals.duplicateSpans
    let all = outcome.states.flatMap(\.self).sorted { ($0.start, $0.id) < ($1.start, $1.id) }
    for trace in all {
      InspectLine.append(trace, in: store, to: &lines)
      lines.endLine()
      OTLPTraceLine(store: store).append(trace, to: &archiveLines)
      archiveLines.endLine()
    }
    traces = try JSONValue.lines(Array(lines.bytes))
    archive = try JSONValue.lines(Array(archiveLines.bytes))
  }

  /// A case whose command is not understood is a fault of this test.
  struct UnknownArgument: Error {}

  private static func value<Value>(_ value: Value?) throws -> Value {
    guard let value else { throw UnknownArgument() }
    return value
  }
}

extension JSONValue {
  /// A decimal text or a number as an integer.
  var integer: Int? { text.flatMap { Int($0) } ?? number.flatMap { Int(exactly: $0) } }

  /// True for `true`; absent is false.
  var isTrue: Bool { self == true }
}
