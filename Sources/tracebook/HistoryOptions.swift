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

extension NightHistory {
  /// The names of nights among words that name a baseline, as their folders: `2026-11-14`.
  func resolvingNights(_ words: [String]) -> [String] {
    words.map { word in NightDate(word).flatMap { path(of: $0) } ?? word }
  }
}
