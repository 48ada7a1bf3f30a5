import Synchronization
package import TraceAnalysis
package import TraceModel

/// A whole report: pages, `report.json`, `summary.md`, `metrics.prom` and what the command adds, written in one step.
///
/// Pages do not depend on each other, so they are made on all threads; their bytes depend on nothing but the
/// conclusions, the traces and the options.
package struct ReportSite: Sendable {
  let context: ReportContext
  private let traces: ChosenTraces
  private let store: SpanStore
  private let shell: PageShell
  /// The original spans of one of `traces`, as packed OTLP JSON, to be downloaded beside its page; nil for no downloads.
  package var packedSpans: (@Sendable (Trace) throws -> [UInt8])?
  /// Further files by name, such as `digest.json.gz`; made beside the pages, on whichever thread is free.
  package var extraFiles: [(name: String, make: @Sendable () throws -> [UInt8])] = []

  /// Called once the last page of a trace is written, on the thread that wrote it: nobody looks at a span any more.
  package var afterTraces: (@Sendable () -> Void)?

  /// Counts the files that are made.
  package var progress: ProgressCounter?

  /// - `traces`: those that get a page.
  /// - `correlation`: logs and metrics of those traces.
  package init(
    conclusions: Conclusions, traces: ChosenTraces, store: SpanStore, options: ReportOptions,
    correlation: Correlation = Correlation()
  ) {
    context = ReportContext(
      conclusions: conclusions, tracesWithPage: Set(traces.ids), options: options,
      correlation: correlation)
    self.traces = traces
    self.store = store
    shell = PageShell(version: options.version)
  }

  /// Throws when a report may not be written to a folder, so that this can be said before the archives are read.
  package static func check(folder: String) throws { try SitePublisher.check(folder) }

  /// Writes the report in the place of an older one, or throws and leaves the older one as it was.
  package func write(to folder: String, threads: Int) throws {
    try write(to: folder, threads: threads, beforePublishing: {})
  }

  /// The same, and the report is only published when something else succeeds after it is written.
  package func write(to folder: String, threads: Int, beforePublishing: () throws -> Void) throws {
    try SitePublisher.publish(to: folder) { staging in
      try writeFiles(into: staging, threads: threads)
      try beforePublishing()
    }
  }

  /// Writes all files into an empty folder.
  func writeFiles(into staging: String, threads: Int) throws {
    for name in ["services", "traces"] { try FileSystem.makeFolder(staging + "/" + name) }
    try run(jobs(in: staging), threads: threads)
  }

  /// The same report as one of a history.
  func asNight() -> ReportSite {
    var options = context.options
    options.isNight = true
    var night = ReportSite(
      conclusions: context.conclusions, traces: traces, store: store, options: options,
      correlation: context.correlation)
    night.packedSpans = packedSpans
    night.extraFiles = extraFiles
    night.progress = progress
    return night
  }

  /// One file each; the longest first, so that no thread is left with one at the end.
  private func jobs(in staging: String) -> [@Sendable () throws -> Void] {
    var jobs: [@Sendable () throws -> Void] = []
    jobs.append {
      let file = try PieceFile(staging + "/report.json")
      var json = JSONWriter(givingPiecesTo: file.take)
      ReportJSON.write(context.conclusions, context.correlation, to: &json)
      try file.finish(with: json.bytes)
    }
    for page in Self.fixedPages {
      jobs.append { try write(try page.render(context, shell), to: staging + "/" + page.path) }
    }
    if let comparison = context.conclusions.comparison {
      jobs.append {
        let page = try ComparePage.render(comparison, context: context, shell: shell)
        try write(page, to: staging + "/compare.html")
      }
    }
    if context.conclusions.hasSamplingPage {
      jobs.append {
        let page = try SamplingPage.render(context: context, shell: shell)
        try write(page, to: staging + "/sampling.html")
      }
    }
    let spans = traces.spanCounts
    let order = spans.indices.sorted { (spans[$1], $0) < (spans[$0], $1) }
    let countdown = Countdown(from: order.count)
    for place in order {
      jobs.append {
        try traces.withTrace(at: place) { try writeTrace($0, to: staging) }
        if countdown.isOver() { afterTraces?() }
      }
    }
    // Made elsewhere meanwhile, as a rule: whoever came first would wait for them.
    jobs += extraFiles.map { file in { try write(try file.make(), to: staging + "/" + file.name) } }
    for service in context.conclusions.services {
      jobs.append { try writeService(service, to: staging) }
    }
    jobs.append {
      let summary = SummaryMarkdown.document(context.conclusions, title: context.options.title)
      try write(summary, to: staging + "/summary.md")
      try write(PrometheusText.document(context.conclusions), to: staging + "/metrics.prom")
    }
    return jobs
  }

  private func run(_ jobs: [@Sendable () throws -> Void], threads: Int) throws {
    let firstError = Mutex<(any Error)?>(nil)
    progress?.begin(jobs.count, .pages)
    ParallelLoop.run(jobs.count, threads: threads) { number in
      guard firstError.withLock({ $0 == nil }) else { return }
      do {
        try jobs[number]()
        progress?.add(1)
      } catch {
        firstError.withLock { $0 = $0 ?? error }
      }
    }
    if let error = firstError.withLock({ $0 }) { throw error }
  }

  private struct FixedPage: Sendable {
    var path: String
    var render: @Sendable (ReportContext, PageShell) throws -> ByteBuilder
  }

  private static let fixedPages = [
    FixedPage(path: "index.html", render: { try OverviewPage.render($0, shell: $1) }),
    FixedPage(path: "latency.html", render: { try LatencyPage.render($0, shell: $1) }),
    FixedPage(path: "errors.html", render: { try ErrorsPage.render($0, shell: $1) }),
    FixedPage(path: "dependencies.html", render: { try DependenciesPage.render($0, shell: $1) }),
    FixedPage(path: "quality.html", render: { try QualityPage.render($0, shell: $1) }),
    FixedPage(path: "search.html", render: { try SearchPage.render($0, shell: $1) }),
  ]

  private func writeTrace(_ trace: Trace, to staging: String) throws {
    var download: (name: String, bytes: Int)?
    if let packedSpans {
      let packed = try packedSpans(trace)
      let name = trace.id.description + ".otlp.json.gz"
      try write(packed, to: staging + "/traces/" + name)
      download = (name, packed.count)
    }
    let page = try TracePage.render(trace, store: store, context: context, shell: shell, download: download)
    try write(page, to: staging + "/traces/" + trace.id.description + ".html")
    store.leaveMemory()
  }

  private func writeService(_ service: ServiceResult, to staging: String) throws {
    guard let path = context.servicePath(service.name) else { return }
    try write(try ServicePage.render(service, context: context, shell: shell), to: staging + "/" + path)
  }

  private func write(_ page: ByteBuilder, to path: String) throws {
    try page.withBytes { try FileSystem.write($0, to: path) }
  }

  private func write(_ bytes: [UInt8], to path: String) throws {
    try bytes.withUnsafeBufferPointer { try FileSystem.write($0, to: path) }
  }
}

/// Tells which of several pieces of work was the last to be done.
private final class Countdown: Sendable {
  private let left: Atomic<Int>

  init(from count: Int) { left = Atomic(count) }

  /// Counts a piece that is done; true for the last one.
  func isOver() -> Bool { left.wrappingSubtract(1, ordering: .acquiringAndReleasing).newValue == 0 }
}
