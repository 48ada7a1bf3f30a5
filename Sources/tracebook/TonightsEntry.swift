import TraceAnalysis
import TraceModel
import TraceReport

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
  mutating func publish(_ site: ReportSite, pages: ChosenTraces, threads: Int) throws {
    index.add(pages)
    let outcome = try history.publish(site, of: date, index: index, baseline: baseline, threads: threads)
    for (date, foreign) in outcome.spared {
      FailureReport.say(
        "tracebook: the night \(date) in \(history.folder) is kept, since \(foreign) in it is none of Tracebook's"
      )
    }
  }
}
