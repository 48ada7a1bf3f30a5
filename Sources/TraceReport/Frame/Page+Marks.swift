import TraceAnalysis

/// Marks that stand beside words: severity, errors, changes, swatches.
extension Page {
  enum Mark {
    case high
    case medium
    case low
    case error
    case warning
    case up
    case down
    case event

    fileprivate var symbol: StaticString {
      switch self {
      case .high: "m-high"
      case .medium: "m-medium"
      case .low: "m-low"
      case .error: "m-error"
      case .warning: "m-warn"
      case .up: "m-up"
      case .down: "m-down"
      case .event: "m-event"
      }
    }
  }

  func mark(_ mark: Mark, _ ink: Ink) {
    let out = markup.output
    out.append("<svg class=\"mk c-")
    out.append(ink.name)
    out.append("\" color=\"")
    out.append(ink.light)
    out.append("\" width=\"12\" height=\"12\" aria-hidden=\"true\"><use href=\"#")
    out.append(mark.symbol)
    out.append("\"/></svg>")
  }

  func severity(_ severity: FindingSeverity) {
    let (kind, ink, word): (Mark, Ink, String) =
      switch severity {
      case .high: (.high, .bad, "High")
      case .medium: (.medium, .warn, "Medium")
      case .low: (.low, .mute, "Low")
      case .info: (.low, .mute, "Note")
      }
    element(.span, "sev c-" + ink.name) {
      mark(kind, ink)
      text(" " + word)
    }
  }

  /// A number of errors: marked from `share` on, grey when there are none.
  func errorCount(_ errors: Int, of total: Int) {
    let isMarked = errors > 0 && Double(errors) > 0.005 * Double(total)
    guard isMarked else {
      text(NumberFormat.grouped(errors))
      return
    }
    element(.span, "nw") {
      mark(.error, .bad)
      text(" " + NumberFormat.grouped(errors))
    }
  }

  /// The swatch of a service: drawn where it stands first, and used from there wherever it stands again.
  func swatch(_ service: String) {
    let swatch = context.palette[service]
    let out = markup.output
    out.append("<svg class=\"sw\" width=\"9\" height=\"9\" aria-hidden=\"true\"><")
    if shownSwatches >> UInt64(swatch.number) & 1 != 0 {
      out.append("use href=\"#sw")
      out.append(decimal: swatch.number)
    } else {
      shownSwatches |= 1 << UInt64(swatch.number)
      drawSwatch(swatch)
    }
    out.append("\"/></svg>")
  }

  private func drawSwatch(_ swatch: ServicePalette.Swatch) {
    let out = markup.output
    switch swatch.shape {
    case .square: out.append("rect width=\"9\" height=\"9\" rx=\"1.5\" class=\"f-")
    case .round: out.append("circle cx=\"4.5\" cy=\"4.5\" r=\"4.5\" class=\"f-")
    case .ring:
      out.append("circle cx=\"4.5\" cy=\"4.5\" r=\"3.2\" fill=\"none\" stroke-width=\"2.4\" class=\"k-")
    case .hollow:
      out.append(
        "rect x=\".75\" y=\".75\" width=\"7.5\" height=\"7.5\" rx=\"1\" fill=\"none\" stroke-width=\"1.5\" class=\"k-"
      )
    }
    out.append(swatch.ink.name)
    out.append("\" id=\"sw")
    out.append(decimal: swatch.number)
    switch swatch.shape {
    case .square, .round: out.append("\" fill=\"")
    case .ring, .hollow: out.append("\" stroke=\"")
    }
    out.append(swatch.ink.light)
  }

  /// A service or node by name with its swatch; a link to its page when it has one.
  func service(_ name: String, isLinked: Bool = true) {
    let shown = name.isEmpty ? "(no service name)" : name.cut(48)
    let path = isLinked ? context.servicePath(name) : nil
    let tag: Tag = path == nil ? .span : .a
    markup.open(
      tag, .class("nw"), shown.count < name.count ? .title(name.cut(500)) : nil, path.map { .href(link($0)) })
    swatch(name)
    text(shown)
    markup.close(tag)
  }

  /// A bar in a table: `part` of `whole`, with the meaning in its title.
  func bar(_ part: UInt64, of whole: UInt64, width: Double = 44, title: String? = nil) {
    let length = whole > 0 ? max(Double(part) / Double(whole) * width, part > 0 ? 1 : 0) : 0
    let out = markup.output
    out.append("<svg class=\"hb\" width=\"")
    out.append(pixels: width)
    out.append(title == nil ? "\" height=\"8\" aria-hidden=\"true\">" : "\" height=\"8\" role=\"img\">")
    if let title { markup.leaf(.title, text: title) }
    markup.rect(pixelX: 0, width: length, y: 0, height: 8, fill: .faint)
    out.append("</svg>")
  }

  /// A short list of traces with the reason each is shown.
  func examples(_ examples: [ExampleTrace], limit: Int = 4) {
    var isFirst = true
    for example in examples.prefix(limit) {
      if !isFirst { text(" ") }
      isFirst = false
      element(.span, "nw") {
        trace(example.evidence)
        text(" " + example.reason + ", " + DurationFormat.text(UInt64(max(0, example.duration.rawValue))))
      }
    }
  }

  /// A trace by its first 8 digits; a link when it has a page.
  func trace(_ evidence: Evidence) {
    let short = ReportContext.shortID(evidence.traceID)
    if let address = link(to: evidence.traceID, span: evidence.spanID) {
      markup.leaf(.a, .class("mono"), .href(address), .title(evidence.traceID.description), text: short)
    } else {
      markup.leaf(
        .span, .class("mono mute"), .title(evidence.traceID.description + ", no page in this report"),
        text: short)
    }
  }
}
