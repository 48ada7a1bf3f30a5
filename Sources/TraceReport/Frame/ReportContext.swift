import TraceAnalysis
import TraceModel

/// What all pages of one report share: the conclusions, the colours of services and the addresses of pages.
final class ReportContext: Sendable {
  let conclusions: Conclusions
  let options: ReportOptions
  /// Logs and metrics that were read along with the spans, and links to other tools.
  let correlation: Correlation
  let palette: ServicePalette
  /// How moments are told.
  let stamps: StampFormat
  /// The traces that have a page.
  let tracesWithPage: Set<TraceID>
  /// Everything stands on one page: there are no other pages to link to.
  let isSinglePage: Bool
  /// Where things about a service are.
  let services: ServiceIndex
  private let slugs: Slugs

  init(
    conclusions: Conclusions, tracesWithPage: Set<TraceID>, options: ReportOptions,
    correlation: Correlation = Correlation(), isSinglePage: Bool = false
  ) {
    self.isSinglePage = isSinglePage
    self.correlation = correlation
    self.conclusions = conclusions
    self.options = options
    self.tracesWithPage = tracesWithPage
    stamps = StampFormat(conclusions.zone)
    let names = conclusions.services.map(\.name)
    palette = ServicePalette(services: names, chosen: options.colours)
    services = ServiceIndex(conclusions, tracesWithPage: tracesWithPage)
    slugs = Slugs(names: services.withPage)
  }

  /// The path of a service's page from the report's root; nil for what has none.
  func servicePath(_ name: String) -> String? {
    isSinglePage ? nil : slugs[name].map { "services/" + $0 + ".html" }
  }

  /// The path of a trace's page from the report's root; nil when it has none.
  func tracePath(_ id: TraceID) -> String? {
    tracesWithPage.contains(id) ? "traces/" + id.description + ".html" : nil
  }

  /// The first digits of an id, as lists show it: those of the low half for ids of 64 bits.
  static func shortID(_ id: TraceID) -> String {
    let digits = id.description
    return String(id.is64Bit ? digits.suffix(16).prefix(8) : digits.prefix(8))
  }

  func isService(_ name: String) -> Bool { services.place(of: name) != nil }

  /// What is known about the service with a name; nil for what is none.
  func service(_ name: String) -> ServiceResult? { services.place(of: name).map { conclusions.services[$0] } }
}

/// The names of places on pages.
enum Anchor {
  /// The place of a span on its trace's page.
  static func span(_ id: SpanID, isShared: Bool = false, ordinal: Int32 = 0) -> String {
    "span-" + id.description + (isShared ? "-shared" : "") + (ordinal > 0 ? "-\(ordinal)" : "")
  }

  /// The place of an entry point on the latency page: the slug that findings name.
  static func entryPoint(_ slug: String) -> String { slug }

  /// The place of an error group on the errors page.
  static func errorGroup(_ id: String) -> String { "error-" + id }

  /// The place of a node on the dependencies page.
  static func node(_ name: String) -> String { "node-" + Slugs.word(name) }
}
