package import TraceAnalysis

#if canImport(Glibc)
  import Glibc
#endif

/// A folder that keeps one report a night, and pages over all of them.
///
///     HISTORY/index.html       trends, findings new, continuing and solved, links to each night
///     HISTORY/search.html      search over all nights
///     HISTORY/history.json     marks the folder as ours
///     HISTORY/2026-11-21/      a whole report with its digest, `search/*.js` and `night.json`
///
/// Everything new is written aside and flushed before the first name changes: then the night is exchanged, then the
/// pages over all nights are renamed, then old nights go. A run that is killed leaves each of them as it was or as it
/// will be; in no moment does a page name a night that is not there.
package struct NightHistory: Sendable {
  /// How it is made and shown.
  package struct Options: Sendable {
    /// How many days back from its newest night are kept; nil for all.
    package var keptDays: Int?
    /// The version of Tracebook.
    package var version = ""
    /// What the nights are about.
    package var title = "Tracebook"
    /// Colours that the user chose for services.
    package var colours: [String: Int] = [:]

    /// The defaults.
    package init() {}
  }

  /// What became of old nights.
  package struct Outcome: Sendable {
    /// Nights that were removed.
    package var removed: [NightDate] = []
    /// Nights that were to be removed and hold something that is none of ours, with its path.
    package var spared: [(date: NightDate, foreign: String)] = []
  }

  /// Its path, without a slash at the end.
  package let folder: String
  private let options: Options

  private static let mark = "history.json"
  private static let markBytes = Array("{\"format\":\"tracebook-history\",\"schemaVersion\":1}\n".utf8)
  private static let pages = ["search.html", "index.html"]

  /// Names a history, which need not be there yet.
  package init(folder: String, options: Options = Options()) {
    var path = folder
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    self.folder = path
    self.options = options
  }

  /// Its nights, by date.
  package func nights() -> [NightSummary] { NightFolder.all(in: folder).map(\.summary) }

  /// The folder of a night that is there; nil for any other.
  package func path(of date: NightDate) -> String? {
    NightFolder(at: "\(folder)/\(date)", named: date)?.path
  }

  /// The night to compare another one with: the last one before it of the same weekday, else the last one before it.
  ///
  /// A night that is run again and was compared with one that is gone since has kept the digest of that.
  package func baseline(for date: NightDate) -> (date: NightDate, digest: String)? {
    var candidates = NightFolder.all(in: folder).map {
      (date: $0.summary.date, digest: $0.path + "/digest.json.gz")
    }
    if let again = NightFolder(at: "\(folder)/\(date)", named: date), let kept = again.summary.baseline,
      again.summary.files.contains(Self.baselineDigest), !candidates.contains(where: { $0.date == kept })
    {
      candidates.append((kept, again.path + "/" + Self.baselineDigest))
    }
    let before = candidates.filter { $0.date < date }.sorted { $0.date < $1.date }
    return before.last { $0.date.weekday == date.weekday } ?? before.last
  }

  private static let baselineDigest = "baseline.digest.json.gz"

  /// Throws when the folder cannot be a history, before anything is read or written.
  package func check() throws {
    switch FileSystem.kind(folder) {
    case .absent: return
    case .other:
      throw ReportError(
        code: .foreignFolder, message: "\(folder) is a file, not a folder.", remedy: "Name another folder.")
    case .folder: break
    }
    guard let names = FileSystem.names(folder), access(folder, W_OK | X_OK) == 0 else {
      throw FileSystem.failure("keep nights in", folder)
    }
    if names.contains("report.json") {
      throw ReportError(
        code: .foreignFolder, message: "\(folder) is a report, not a history of reports.",
        remedy: "Name a folder of its own.")
    }
    if !isMarked, let page = Self.pages.first(where: names.contains) {
      throw ReportError(
        code: .foreignFolder, message: "\(folder)/\(page) was not written by Tracebook.",
        remedy: "Name a folder of its own for the history.")
    }
  }

  /// Throws when a report is to be published at a folder that holds the history: it would be replaced with it.
  package func check(notWithin output: String) throws {
    let history = FileSystem.plannedPath(folder) + "/"
    let site = FileSystem.plannedPath(output) + "/"
    guard history.hasPrefix(site) else { return }
    throw ReportError(
      code: .foreignFolder,
      message: "The history \(folder) lies in the report \(output), which is replaced every time.",
      remedy: "Name a folder beside it.")
  }

  private var isMarked: Bool {
    FileSystem.head(folder + "/" + Self.mark, Self.markBytes.count) == Self.markBytes
  }

  /// Publishes a report as a night, replacing one of the same date, and the pages over all nights; removes old nights.
  ///
  /// - `index`: the traces that search finds.
  /// - `baseline`: the night that it was compared with; its digest is kept beside that of the night.
  package func publish(
    _ site: ReportSite, of date: NightDate, index: TraceIndex,
    baseline: (date: NightDate, digest: String)?, threads: Int
  ) throws -> Outcome {
    var night = site.asNight()
    if let baseline {
      // Read before anything is published: the night may be about to replace the one that holds it.
      let bytes = FileSystem.head(baseline.digest, .max)
      night.extraFiles.append((Self.baselineDigest, { bytes }))
    }
    let shards = SearchShards(index, paged: night.context.tracesWithPage)
    return try publish(date) { aside in
      try night.writeFiles(into: aside, threads: threads)
      try FileSystem.makeFolder(aside + "/search")
      for number in 0..<shards.count {
        try put(shards.file(number, of: date), to: aside + "/" + SearchShards.path(number))
      }
      var summary = NightSummary(date: date, night.context.conclusions)
      summary.shards = shards.shards
      summary.unsearchedKeys = shards.unsearchedKeys
      summary.baseline = baseline?.date
      return summary
    }
  }

  /// Publishes a night and the pages over all nights; removes old nights.
  ///
  /// - `write`: writes the night's files into a folder and gives what sums them up.
  func publish(_ date: NightDate, write: (String) throws -> NightSummary) throws -> Outcome {
    try check()
    try FileSystem.makeFolders(folder)
    let lock = try FolderLock(path: folder + "/.tracebook-lock")
    defer { withExtendedLifetime(lock) {} }
    NightFolder.sweep(folder)
    for name in Self.pages + [Self.mark] { unlink(staging(name)) }
    try checkPlace(of: date)
    let target = "\(folder)/\(date)"
    var plan = Plan()
    do {
      try SitePublisher.publish(to: target) { aside in
        var summary = try write(aside)
        summary.files = FileSystem.tree(aside)
        try put(summary.encoded(), to: aside + "/" + NightFolder.mark)
        plan = self.plan(with: summary)
        try putPages(plan.kept)
      }
      for name in [Self.mark] + Self.pages where rename(staging(name), "\(folder)/\(name)") != 0 {
        throw FileSystem.failure("publish", "\(folder)/\(name)")
      }
    } catch {
      for name in Self.pages + [Self.mark] { unlink(staging(name)) }
      throw error
    }
    FileSystem.flushNames(folder)
    return remove(plan.old)
  }

  // MARK: what is kept

  private struct Plan {
    var kept: [NightSummary] = []
    var old: [NightFolder] = []
  }

  /// Which nights stay beside a new one. Nights in which something foreign lies stay, and are listed.
  private func plan(with summary: NightSummary) -> Plan {
    var plan = Plan(kept: [summary])
    let others = NightFolder.all(in: folder).filter { $0.summary.date != summary.date }
    let newest = max(others.last?.summary.date ?? summary.date, summary.date)
    for night in others {
      let age = newest.day - night.summary.date.day
      if let days = options.keptDays, age >= days {
        plan.old.append(night)
        if night.firstForeign() == nil { continue }
      }
      plan.kept.append(night.summary)
    }
    plan.kept.sort { $0.date < $1.date }
    return plan
  }

  private func remove(_ nights: [NightFolder]) -> Outcome {
    var outcome = Outcome()
    for night in nights {
      if night.remove(from: folder) {
        outcome.removed.append(night.summary.date)
      } else {
        outcome.spared.append((night.summary.date, night.firstForeign() ?? "."))
      }
    }
    return outcome
  }

  /// Throws when the place of a night is taken by something else, or something else lies in it.
  private func checkPlace(of date: NightDate) throws {
    let path = "\(folder)/\(date)"
    if !FileSystem.isThere(path) { return }
    guard let night = NightFolder(at: path, named: date) else {
      throw ReportError(
        code: .foreignFolder, message: "\(path) is no night that Tracebook wrote.",
        remedy: "Move it away, or name another folder for the history.")
    }
    if let foreign = night.firstForeign() {
      throw ReportError(
        code: .foreignFolder,
        message: "\(path) is to be replaced and holds \(foreign), which is none of Tracebook's.",
        remedy: "Move that away.")
    }
  }

  // MARK: pages over all nights

  private func staging(_ name: String) -> String { "\(folder)/.\(name).tracebook-new" }

  private func putPages(_ nights: [NightSummary]) throws {
    let shell = PageShell(version: options.version)
    let view = HistoryView(nights: nights, title: options.title, colours: options.colours)
    try put(Self.markBytes, to: staging(Self.mark))
    try put(try HistoryIndexPage.render(view, shell: shell).bytes, to: staging("index.html"))
    try put(try HistorySearchPage.render(view, shell: shell).bytes, to: staging("search.html"))
  }

  private func put(_ bytes: [UInt8], to path: String) throws {
    try bytes.withUnsafeBufferPointer { try FileSystem.write($0, to: path) }
  }
}
