import ArgumentParser
import TraceAnalysis
import TraceModel
import TraceReport

/// Where reports of many nights are kept, and for how long.
struct HistoryOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A folder that keeps one report a night, named by its date, with pages over all nights: trends, findings new and "
        + "solved, search. Without --baseline the night is compared with the last one of its weekday, else the last.",
      valueName: "folder"))
  var history: String?

  @Option(
    help: ArgumentHelp(
      "Remove nights that are so many days older than the newest, as in 7d; nothing else in the folder is touched.",
      valueName: "days"))
  var keep: String?

  func validate() throws {
    if let keep, KeptDays(keep) == nil {
      throw ValidationError("--keep \(keep): \(KeptDays.wanted) is needed")
    }
  }

  /// Takes from a file of configuration what the command line does not say.
  mutating func complete(with configuration: ReportConfiguration) throws {
    if history == nil { history = configuration.history }
    if keep == nil { keep = configuration.keep.map { "\($0.days)d" } }
    if keep != nil, history == nil {
      throw CommandFailure(
        status: .wrongUse, message: "--keep is about a history: name its folder (--history)")
    }
  }

  /// The history, checked to be one or to become one; nil when none is asked for.
  func open(beside output: String?, _ site: ReportOptions) throws -> NightHistory? {
    guard let history else { return nil }
    var options = NightHistory.Options()
    options.keptDays = keep.flatMap { KeptDays($0)?.days }
    options.version = ProgramVersion.text
    options.title = site.title
    options.colours = site.colours
    let nights = NightHistory(folder: history, options: options)
    do {
      try nights.check()
      if let output { try nights.check(notWithin: output) }
    } catch let error as ReportError {
      throw CommandFailure(status: .failed, message: error.description)
    }
    return nights
  }
}

/// A night that is being made for a history.
struct TonightsEntry {
  let history: NightHistory
  let date: NightDate
  /// The night that it is compared with, if the history has one and no other baseline is named.
  let baseline: (date: NightDate, digest: String)?
  private var index: TraceIndex

  /// Looks at all traces once more; nil when there is none that could name the night.
  ///
  /// The night is named by the day on which the window begins that was asked for, else by that of its traces.
  ///
  /// - Parameter hasBaseline: another baseline is named.
  init?(_ history: NightHistory, _ walk: TraceWalk, _ window: WindowOptions, hasBaseline: Bool) throws {
    index = TraceIndex(walk)
    guard let first = index.beginning else {
      FailureReport.say(
        "tracebook: there is no trace with a time, so no night is kept in \(history.folder)")
      return nil
    }
    self.history = history
    date = NightDate(of: try window.statement()?.since ?? first, in: try window.zone())
    baseline = hasBaseline ? nil : history.baseline(for: date)
  }

  /// Publishes the report as a night, and says which old ones could not be removed.
  mutating func publish(_ site: ReportSite, pages: [Trace], threads: Int) throws {
    index.add(pages)
    let outcome = try history.publish(site, of: date, index: index, baseline: baseline, threads: threads)
    for (date, foreign) in outcome.spared {
      FailureReport.say(
        "tracebook: the night \(date) in \(history.folder) is kept, since \(foreign) in it is none of Tracebook's"
      )
    }
  }
}

extension NightHistory {
  /// The names of nights among words that name a baseline, as their folders: `2026-11-14`.
  func resolvingNights(_ words: [String]) -> [String] {
    words.map { word in NightDate(word).flatMap { path(of: $0) } ?? word }
  }
}
