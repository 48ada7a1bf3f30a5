import TraceAnalysis
import TraceModel

/// A page being written: its markup, and where it stands in the report, so that links can be relative.
final class Page {
  /// The kinds of pages; each knows what it needs of style and script.
  enum Kind: CaseIterable, Sendable {
    case overview
    case latency
    case errors
    case dependencies
    case compare
    case sampling
    case service
    case trace
    case quality
    case search
    case incident
    case nights
    case nightSearch

    /// What its style and script have besides what all pages have.
    var parts: [PagePart] {
      switch self {
      case .overview: [.charts, .findings]
      case .latency: [.charts, .latency]
      case .errors: [.charts, .errors]
      case .dependencies: [.charts, .graph, .dependencies]
      case .compare: [.charts, .findings, .latency]
      case .sampling: [.charts, .sampling]
      case .service: [.charts, .graph]
      case .trace: [.charts, .fields, .waterfall, .graph]
      case .quality: []
      case .search: [.fields, .rows]
      case .incident: [.charts, .findings, .fields, .waterfall, .errors, .graph]
      case .nights: [.charts, .findings]
      case .nightSearch: [.fields, .nights]
      }
    }

    /// The kind under whose name the navigation has this one.
    var named: Kind { self == .search ? .trace : self }
  }

  /// A place that the navigation names.
  struct Place: Sendable {
    let kind: Kind
    let label: String
    let path: String
    var fragment: String?

    /// All of them, in the order of the navigation.
    static let all = [
      Place(kind: .overview, label: "Overview", path: "index.html"),
      Place(kind: .latency, label: "Latency", path: "latency.html"),
      Place(kind: .errors, label: "Errors", path: "errors.html"),
      Place(kind: .dependencies, label: "Dependencies", path: "dependencies.html"),
      Place(kind: .compare, label: "Compare", path: "compare.html"),
      Place(kind: .sampling, label: "Sampling", path: "sampling.html"),
      Place(kind: .service, label: "Services", path: "index.html", fragment: "services"),
      Place(kind: .trace, label: "Traces", path: "search.html"),
      Place(kind: .quality, label: "Quality", path: "quality.html"),
    ]
  }

  let markup = MarkupWriter()
  let context: ReportContext
  let kind: Kind
  /// Folders between the report's root and this page.
  let depth: Int

  init(_ kind: Kind, in context: ReportContext) {
    self.kind = kind
    self.context = context
    depth = kind == .service || kind == .trace ? 1 : 0
  }

  /// The swatches that stand on the page so far, by `ServicePalette.Swatch.number`: others only point to them.
  var shownSwatches: UInt64 = 0

  /// On a page that stands alone, the prefixes of the anchors of its traces.
  var inlineTraces: [TraceID: String] = [:]

  var conclusions: Conclusions { context.conclusions }

  var stamps: StampFormat { context.stamps }

  func link(_ path: String, fragment: String? = nil) -> SiteLink {
    .page(path, fragment: fragment, fromDepth: depth)
  }

  /// The address of a trace, and of a span on it, when it has a page.
  func link(to id: TraceID, span: SpanID? = nil) -> SiteLink? {
    if context.isSinglePage {
      return inlineTraces[id].map { prefix in
        .fragment(prefix + (span.flatMap { $0.isAbsent ? nil : Anchor.span($0) } ?? "trace"))
      }
    }
    return context.tracePath(id).map { path in
      link(path, fragment: span.flatMap { $0.isAbsent ? nil : Anchor.span($0) })
    }
  }

  // Short forms: pages are mostly text and elements.
  func text(_ text: String) { markup.text(text) }

  func element(_ tag: Tag, _ class: String? = nil, content: () -> Void) {
    markup.element(tag, `class`.map { .class($0) }, content: content)
  }

  func leaf(_ tag: Tag, _ class: String? = nil, _ text: String) {
    markup.leaf(tag, `class`.map { .class($0) }, text: text)
  }

  func anchor(_ text: String, to link: SiteLink, class: String? = nil) {
    markup.leaf(.a, .href(link), `class`.map { .class($0) }, text: text)
  }
}
