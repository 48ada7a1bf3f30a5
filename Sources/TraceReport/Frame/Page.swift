import TraceAnalysis
import TraceModel

/// A page being written: its markup, and where it stands in the report, so that links can be relative.
final class Page {
  /// The pages that the navigation names, in its order.
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

    var label: String {
      switch self {
      case .overview: "Overview"
      case .latency: "Latency"
      case .errors: "Errors"
      case .dependencies: "Dependencies"
      case .compare: "Compare"
      case .sampling: "Sampling"
      case .service: "Services"
      case .trace: "Traces"
      case .quality: "Quality"
      }
    }

    var target: (path: String, fragment: String?) {
      switch self {
      case .overview: ("index.html", nil)
      case .latency: ("latency.html", nil)
      case .errors: ("errors.html", nil)
      case .dependencies: ("dependencies.html", nil)
      case .compare: ("compare.html", nil)
      case .sampling: ("sampling.html", nil)
      case .service: ("index.html", "services")
      case .trace: ("search.html", nil)
      case .quality: ("quality.html", nil)
      }
    }
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

  /// A page that stands alone.
  init(single context: ReportContext) {
    kind = .overview
    self.context = context
    depth = 0
  }

  init(search context: ReportContext) {
    kind = .trace
    self.context = context
    depth = 0
  }

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
    if let `class` {
      markup.element(tag, .class(`class`), content: content)
    } else {
      markup.element(tag, content: content)
    }
  }

  func leaf(_ tag: Tag, _ class: String? = nil, _ text: String) {
    if let `class` {
      markup.leaf(tag, .class(`class`), text: text)
    } else {
      markup.leaf(tag, text: text)
    }
  }

  func anchor(_ text: String, to link: SiteLink, class: String? = nil) {
    if let `class` {
      markup.leaf(.a, .href(link), .class(`class`), text: text)
    } else {
      markup.leaf(.a, .href(link), text: text)
    }
  }
}
