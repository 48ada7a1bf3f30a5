import ArgumentParser
import TraceAnalysis
import TraceModel
import TraceReport

/// Which traces take part, by the time at which they begin; common to every command that reads archives.
struct WindowOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Only traces that begin then or later: a day (2026-11-20, today, yesterday), a time (2026-11-20T03:00), a length "
        + "before now (36h, 7d) or @SECONDS.", valueName: "moment"))
  var since: String?

  @Option(help: ArgumentHelp("Only traces that begin before then; likewise.", valueName: "moment"))
  var until: String?

  @Option(
    help: ArgumentHelp(
      "Whose clocks days and times are of, such as Europe/Berlin or +01:00; UTC by default.",
      valueName: "zone"))
  var timezone: String?

  @Option(
    help: ArgumentHelp(
      "What yesterday, today and lengths are counted from, instead of the clock: to make up for a missed night.",
      valueName: "moment"))
  var now: String?

  func validate() throws {
    for (option, text) in [("--since", since), ("--until", until), ("--now", now)] {
      guard let text else { continue }
      guard let parsed = MomentText(text), option != "--now" || !parsed.needsClock else {
        throw ValidationError(
          "\(option) \(text): \(option == "--now" ? "a day or a time" : MomentText.forms) is needed")
      }
    }
    _ = try zone()
    _ = try requested()
  }

  /// Takes from a file of configuration what the command line does not say.
  mutating func complete(with configuration: ReportConfiguration, at path: String) throws {
    if since == nil { since = configuration.since }
    if until == nil { until = configuration.until }
    guard timezone == nil, let zone = configuration.timeZone else { return }
    do {
      _ = try TimeZoneDatabase.zone(named: zone.text)
    } catch {
      throw CommandFailure(
        status: .wrongUse, message: "\(path):\(zone.place.line):\(zone.place.column): \(error.message)")
    }
    timezone = zone.text
  }

  /// The time zone of days, times and what people read.
  func zone() throws -> TimeZoneRules {
    guard let timezone else { return .utc }
    do {
      return try TimeZoneDatabase.zone(named: timezone)
    } catch {
      throw ValidationError("--timezone: \(error.message)")
    }
  }

  /// The window; nil when all traces take part.
  func requested() throws -> RequestedWindow? {
    guard since != nil || until != nil else { return nil }
    let window = RequestedWindow(since: try moment(since, "--since"), until: try moment(until, "--until"))
    if let since = window.since, let until = window.until, until <= since {
      throw ValidationError(
        "--until \(self.until ?? "") is not after --since \(self.since ?? ""); a day stands for its first moment"
      )
    }
    return window
  }

  /// What pages and `report.json` say about the window; nil when all traces take part.
  func statement() throws -> WindowStatement? {
    guard let window = try requested() else { return nil }
    let zone = try zone()
    var words: [String] = []
    for (text, moment, word) in [(since, window.since, "from"), (until, window.until, "to before")] {
      guard let text, let moment else { continue }
      let isRelative = MomentText(text)?.isRelative == true
      words.append(
        "\(word) \(isRelative ? "\(text) before now" : StampFormat(zone).moment(moment.rawValue))")
    }
    return WindowStatement(
      since: told(since, window.since), until: told(until, window.until), words: words.joined(separator: " "))
  }

  /// The arguments as they were given.
  var words: [String] {
    [("--since", since), ("--until", until), ("--timezone", timezone)].flatMap { option, value in
      value.map { [option, $0.contains(" ") ? "'\($0)'" : $0] } ?? []
    }
  }

  private func told(_ text: String?, _ moment: UnixNanoseconds?) -> UnixNanoseconds? {
    text.flatMap(MomentText.init)?.isRelative == true ? nil : moment
  }

  private func moment(_ text: String?, _ option: String) throws -> UnixNanoseconds? {
    guard let text, let parsed = MomentText(text) else { return nil }
    let zone = try zone()
    let now = now.flatMap(MomentText.init)?.moment(in: zone) { .unknown }
    guard let moment = parsed.moment(in: zone, now: { now ?? SystemClock.now }) else {
      throw ValidationError("\(option) \(text): the years from 1678 to 2261 can be told")
    }
    return moment
  }
}
