import Synchronization
import TraceModel

/// Turns the rows of a digest into conclusions.
///
/// One extension a part of the report. Holds what several parts ask for: which rows belong to what, and the stretches
/// of time. A class, so that work that is handed to other threads does not copy all its tables.
final class Concluder: Sendable {
  let digest: Digest
  let options: ConclusionOptions
  let window: TimeWindow
  /// The length of the window in seconds; never zero.
  let seconds: Double
  /// Total duration of all measured requests.
  let requestTime: Int64
  let bandsOfEntry: [Range<Int>]
  let componentsOfEntry: [Range<Int>]
  let bandsOfComponent: [Range<Int>]
  let operationsOfEntry: [Range<Int>]
  let reachOfEntry: [Range<Int>]
  let entriesOfGroup: [Range<Int>]
  let pathsOfGroup: [Range<Int>]
  let pathRows: CallPathRows
  let traceLengths: [TraceID: Int]
  let whatIfsOfEntry: [Range<Int>]

  init(_ unsettled: Digest, _ options: ConclusionOptions) {
    var digest = unsettled
    digest.settle()
    self.digest = digest
    self.options = options
    window = digest.totals.window
    seconds = max(Double((window.end - window.start).rawValue) / 1e9, 1e-3)
    requestTime = digest.entryPoints.reduce(0) { $0.saturatingSum($1.durations.sum) }
    let entries = digest.entryPoints.count
    bandsOfEntry = Self.ranges(digest.durationBands, entries) { Int($0.entryPoint) }
    componentsOfEntry = Self.ranges(digest.components, entries) { Int($0.entryPoint) }
    bandsOfComponent = Self.ranges(digest.componentBands, digest.components.count) { Int($0.component) }
    operationsOfEntry = Self.ranges(digest.entryOperations, entries) { Int($0.entryPoint) }
    reachOfEntry = Self.ranges(digest.reach, entries) { Int($0.entryPoint) }
    entriesOfGroup = Self.ranges(digest.errorEntries, digest.errorGroups.count) { Int($0.group) }
    pathsOfGroup = Self.ranges(digest.errorPaths, digest.errorGroups.count) { Int($0.group) }
    pathRows = CallPathRows(digest)
    var lengths: [TraceID: Int] = [:]
    for (place, row) in digest.traces.enumerated() { lengths[row.id] = place }
    traceLengths = lengths
    whatIfsOfEntry = Self.ranges(digest.whatIfs, entries) { Int($0.entryPoint) }
  }

  /// The range of rows that belong to each owner; rows are ordered by owner.
  static func ranges<Row>(_ rows: [Row], _ owners: Int, _ owner: (Row) -> Int) -> [Range<Int>] {
    var ranges = [Range<Int>](repeating: 0..<0, count: owners)
    var start = 0
    while start < rows.count {
      let number = owner(rows[start])
      var end = start
      while end < rows.count, owner(rows[end]) == number { end += 1 }
      if number < owners { ranges[number] = start..<end }
      start = end
    }
    return ranges
  }

  func conclude() -> Conclusions {
    var conclusions = Conclusions()
    conclusions.window = window
    conclusions.input.spansAccepted = digest.totals.spans + digest.totals.fusedSpans
    conclusions.input.duplicateSpans = digest.totals.duplicateSpans
    conclusions.input.spansFused = digest.totals.fusedSpans
    conclusions.input.traces = digest.totals.traces
    conclusions.input.completeTraces = digest.totals.completeTraces
    concludeParts(&conclusions)
    conclusions.sharedOperations = SharedOperations(of: conclusions.entryPoints)
    conclusions.traceCount = digest.totals.traces
    conclude(sampling: &conclusions)
    scaleOperationsAndLinks(&conclusions)
    if let baseline = options.baseline {
      conclusions.comparison = comparison(with: baseline, conclusions)
    }
    conclusions.findings = findings(conclusions)
    conclusions.suspects = conclusions.comparison.map { suspects($0, conclusions) } ?? suspects(conclusions)
    conclusions.traces = traces(conclusions)
    return conclusions
  }

  /// The parts that need nothing but the digest, on all threads; those that take longest come first.
  private func concludeParts(_ conclusions: inout Conclusions) {
    let parts: [@Sendable () -> @Sendable (inout Conclusions) -> Void] = [
      part(\.entryPoints) { $0.entryPoints() }, part(\.errorGroups) { $0.errorGroups() },
      part(\.services) { $0.services() }, part(\.operations) { $0.operations() },
      part(\.links) { $0.links() }, part(\.nodes) { $0.nodes() }, part(\.callTrees) { $0.callTrees() },
      part(\.notReached) { $0.notReached() }, part(\.patterns) { $0.patterns() },
      part(\.timeline) { $0.timeline() }, part(\.heatMap) { $0.heatMap() }, part(\.quality) { $0.quality() },
    ]
    let all = Mutex(conclusions)
    ParallelLoop.run(parts.count, threads: options.threads) { number in
      let put = parts[number]()
      all.withLock { put(&$0) }
    }
    conclusions = all.withLock { $0 }
  }

  /// Work that makes one part, and gives what puts it in its place.
  private func part<Part: Sendable>(
    _ place: any WritableKeyPath<Conclusions, Part> & Sendable,
    _ make: @escaping @Sendable (Concluder) -> Part
  ) -> @Sendable () -> @Sendable (inout Conclusions) -> Void {
    {
      let made = make(self)
      return { $0[keyPath: place] = made }
    }
  }

  func name(_ symbol: Symbol) -> String { digest.name(symbol) }

  /// The result of a part of a whole; zero of nothing.
  static func share(_ part: Int64, of whole: Int64) -> Double { whole > 0 ? Double(part) / Double(whole) : 0 }

  static func share(_ part: Int, of whole: Int) -> Double { whole > 0 ? Double(part) / Double(whole) : 0 }
}
