import TraceAnalysis

/// A link of a page's breadcrumb; without address it is the page itself.
struct Crumb {
  var text: String
  var link: SiteLink?
  var isCode: Bool

  init(_ text: String, _ link: SiteLink? = nil, isCode: Bool = false) {
    self.text = text
    self.link = link
    self.isCode = isCode
  }
}

extension Page {
  /// Writes head, content and footer, and puts them into the shell.
  func render(
    title: String, crumbs: [Crumb] = [], in shell: PageShell, content: () -> Void
  ) throws -> ByteBuilder {
    let frame = shell[kind]
    frame.appendHead(
      title: title == context.options.title ? title : title + " · " + context.options.title, to: markup.output
    )
    if !context.isSinglePage {
      writeHeader()
      writeCrumbs(crumbs)
    }
    markup.element(.main, .id("main"), .class("wrap"), content: content)
    writeFooter()
    let page = try markup.finish()
    frame.appendTail(to: page)
    return page
  }

  /// True for pages that this report has.
  private func isInReport(_ kind: Kind) -> Bool {
    switch kind {
    case .compare: conclusions.comparison != nil
    case .sampling: conclusions.hasSamplingPage
    default: true
    }
  }

  private func writeHeader() {
    // A page by itself has nothing to lead to.
    if context.options.isSinglePage { return }
    element(.header, "top") {
      element(.div, "wrap") {
        brand(link("index.html"))
        markup.element(.nav, .label("Report")) {
          element(.ul) {
            if context.options.isNight {
              // The index of the history that the report stands in.
              let nights = SiteLink.page("index.html", fromDepth: depth + 1)
              element(.li) { anchor("Nights", to: nights) }
            }
            for place in Place.all where isInReport(place.kind) {
              element(.li) {
                let address = link(place.path, fragment: place.fragment)
                if place.kind == kind.named {
                  markup.leaf(.a, .href(address), .current, text: place.label)
                } else {
                  markup.leaf(.a, .href(address), text: place.label)
                }
              }
            }
          }
        }
      }
    }
  }

  /// The sign of Tracebook, which leads to the first page.
  func brand(_ first: SiteLink) {
    markup.element(.a, .class("brand"), .href(first)) {
      markup.fragment(
        """
        <svg class="logo" width="18" height="14" viewBox="0 0 18 14" aria-hidden="true">\
        <path d="M0 1.5h18" class="k-ink" stroke="#1b1c1a" stroke-width="3"/>\
        <path d="M3 7h9" class="k-accent" stroke="#1b5a99" stroke-width="3"/>\
        <path d="M8 12.5h7" class="k-ink" stroke="#1b1c1a" stroke-width="3"/></svg> Tracebook
        """)
    }
  }

  private func writeCrumbs(_ crumbs: [Crumb]) {
    element(.div, "wrap crumbs") {
      markup.element(.nav, .label("Breadcrumb")) {
        element(.ol) {
          let isFirst = kind == .overview || context.options.isSinglePage
          let first = Crumb(context.options.title, isFirst ? nil : link("index.html"))
          for crumb in [first] + crumbs {
            element(.li) {
              if let link = crumb.link {
                anchor(crumb.text, to: link)
              } else {
                leaf(.span, crumb.isCode ? "mono" : nil, crumb.text)
              }
            }
          }
        }
      }
      let window = conclusions.window
      leaf(.p, nil, stamps.window(window.start.rawValue, window.end.rawValue))
    }
  }

  private func writeFooter() {
    markup.element(.footer, .class("wrap"), .labelledBy("made")) {
      element(.div, "made") {
        markup.leaf(.h2, .id("made"), text: "How this was made")
        element(.div) {
          element(.dl) {
            madeRow("Command") { leaf(.code, nil, context.options.command) }
            madeRow("Inputs") { text(inputsText) }
            let window = conclusions.window
            madeRow("Window") {
              text(
                stamps.stretch(window.start.rawValue, window.end.rawValue) + ", all times \(stamps.zoneName)")
            }
            if let requested = conclusions.requestedWindow {
              madeRow("Asked for") { text("Traces that begin \(requested.words)") }
            }
            if let comparison = conclusions.comparison {
              madeRow("Baseline") { text(baselineText(comparison)) }
            }
            madeRow("Accounting") { text(accountingText) }
            madeRow("Data quality") { text(qualityText) }
            if !context.options.rules.isEmpty {
              madeRow("Rules") { text(context.options.rules.joined(separator: "; ")) }
            }
          }
          let version = context.options.version.isEmpty ? "" : " " + context.options.version
          leaf(.p, "colophon", "Tracebook\(version). This page asks nothing of any network.")
        }
      }
    }
  }

  private func madeRow(_ name: String, content: () -> Void) {
    element(.div) {
      leaf(.dt, nil, name)
      element(.dd, content: content)
    }
  }

  private var inputsText: String {
    let archives = conclusions.input.archives
    let bytes = archives.reduce(UInt64(0)) { $0 &+ UInt64(max(0, $1.bytes)) }
    let inflated = archives.reduce(UInt64(0)) { $0 &+ UInt64(max(0, $1.inflatedBytes)) }
    let formats = Set(archives.map(\.format)).sorted().joined(separator: ", ")
    var text = NumberFormat.counted(archives.count, "archive")
    if !formats.isEmpty { text += ", " + formats }
    text += ": " + ByteCountFormat.text(bytes)
    if inflated > bytes { text += ", inflated " + ByteCountFormat.text(inflated) }
    let damaged = archives.filter { $0.error != nil }.count
    if damaged > 0 { text += "; \(NumberFormat.grouped(damaged)) could not be read whole" }
    return text
  }

  private func baselineText(_ comparison: ComparisonResult) -> String {
    let window = comparison.baselineWindow
    let requests = NumberFormat.counted(comparison.baselineRequests, "request")
    guard comparison.baselineRequests > 0 else { return requests }
    return stamps.window(window.start.rawValue, window.end.rawValue) + ", " + requests
  }

  private var accountingText: String {
    let input = conclusions.input
    return "\(NumberFormat.grouped(input.spansRead)) spans read = "
      + "\(NumberFormat.grouped(input.spansAccepted)) accepted + "
      + "\(NumberFormat.grouped(input.spansQuarantined)) quarantined + "
      + "\(NumberFormat.grouped(input.duplicateSpans)) duplicates; "
      + NumberFormat.counted(input.traces, "trace")
      + (input.spansOutsideWindow > 0
        ? "; \(NumberFormat.grouped(input.spansOutsideWindow)) more spans outside the window" : "")
  }

  private var qualityText: String {
    let input = conclusions.input
    var text =
      PercentFormat.share(UInt64(max(0, input.completeTraces)), of: UInt64(max(0, input.traces)))
      + " of traces complete"
    let repairs = conclusions.quality.warnings.reduce(0) { $0 + $1.count }
    if repairs > 0 {
      text += "; \(NumberFormat.counted(repairs, "warning")) about spans and traces"
    }
    return text + "."
  }
}
