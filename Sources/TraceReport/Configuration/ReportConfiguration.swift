package import TraceAnalysis
package import TraceModel

/// What `tracebook.yaml` says about a nightly report: whatever the command line does not say.
///
/// Paths are as they are opened: those of the file that are relative begin at the file's folder.
package struct ReportConfiguration: Sendable {
  /// Span archives.
  package var inputs: [String] = []
  /// The first moment of the window, as `MomentText` reads it.
  package var since: String?
  /// The first moment after the window.
  package var until: String?
  /// The name of the time zone, and where it stands: only who has the database can say whether there is one.
  package var timeZone: (text: String, place: ConfigurationPlace)?
  /// The folder of the report.
  package var output: String?
  /// What the report is about.
  package var title: String?
  /// Log archives.
  package var logs: [String] = []
  /// Files of OpenMetrics text.
  package var metrics: [String] = []
  /// What to compare with.
  package var baseline: [String] = []
  /// The folder that keeps one report a night.
  package var history: String?
  /// How long nights are kept.
  package var keep: KeptDays?
  /// Files with sampling policies to replay.
  package var policies: [String] = []
  /// Head samplers to replay, as `NAME:RATIO`.
  package var samplers: [String] = []
  /// How the archives were sampled, where their spans do not say it.
  package var sampling = SamplingDeclaration()
  /// The most traces that get a page.
  package var maxTraces: Int?
  /// When the run ends with status 1.
  package var failOn: [FailCondition] = []
  /// From which shares on a finding is severe.
  package var thresholds = FindingThresholds()
  /// What money is reckoned with.
  package var costs = CostBasis()
  /// Steps of the palette by service.
  package var colours: [String: Int] = [:]
  /// Links to other tools.
  package var links: [LinkTemplate] = []
  /// What `incident` takes out beyond the defaults.
  package var redaction: [Redactor.Rule] = []

  /// A configuration that says nothing.
  package init() {}
}
