/// What the user chose about a report, and what it says about how it was made.
public struct ReportOptions: Sendable {
  /// What the report is about, such as `shop, production`.
  public var title = "Tracebook"
  /// The command that made it, without the output folder, threads and the like, which may differ between equal runs.
  public var command = "tracebook report"
  /// The version of Tracebook.
  public var version = ""
  /// The rules that were used, in the reader's words, such as `critical path: inclusive`.
  public var rules: [String] = []
  /// Steps of the palette, from 1 to 20, that services are to have whatever their place among the names.
  public var colours: [String: Int] = [:]
  /// The page stands by itself: nothing leads to other pages.
  public var isSinglePage = false
  /// The report is one of a history, so its pages lead to the index of that.
  public var isNight = false
  /// The largest page, in bytes; what does not fit is left out and said.
  public var largestPage = 5_000_000

  /// The defaults.
  public init() {}
}
