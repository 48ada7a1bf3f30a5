/// What came out of one archive: the accounting that `report.json` prints.
///
/// `spansRead` counts every span met, but for those of traces outside the window that was asked for, `quarantined` those
/// refused; duplicates are found later, by assembly.
public struct ArchiveSummary: Sendable {
  /// The path as given on the command line, joined with the path below it for a folder.
  public var path: String
  /// The label of the format that gave most spans, such as `otlp-json`.
  public var format: String = "unknown"
  /// `none`, `gzip` or `zstd`.
  public var compression: String = "none"
  /// The size of the file.
  public var bytes: Int = 0
  /// The size after inflation.
  public var inflatedBytes: Int = 0
  /// Spans met, quarantined ones included, those outside the window left out.
  public var spansRead: Int = 0
  /// Spans of traces that begin outside the window.
  public var spansOutsideWindow: Int = 0
  /// Spans refused for their content.
  public var spansQuarantined: Int = 0
  /// The first damage, with its offset; nil when the archive was read whole.
  public var error: String?
  /// The file could not even be opened.
  public var isUnopened: Bool = false
  /// Blocks of a trace store, when the archive is their metadata.
  public var storedBlocks = StoredBlocks()
  /// What was noticed, by code.
  public var diagnostics = DiagnosticCounts()

  /// Starts the summary of an archive.
  public init(path: String) { self.path = path }
}
