import TraceModel

/// The panel below a row, opened by its address: all that was recorded about one span.
struct SpanDetail {
  private static let mostAttributes = 200
  private static let mostEvents = 100
  private static let mostLinks = 50
  private static let longestValue = 2_000

  let view: TraceView
  let page: Page
  /// Rows after so many have no panel: their numbers are in the span table.
  let mostPanels: Int
  /// Traces of more than a few spans list resources once, below, instead of in every panel.
  static let mostWithResources = 24
  private let listsResources: Bool

  init(_ view: TraceView, page: Page) {
    self.view = view
    self.page = page
    mostPanels = 800
    listsResources = view.trace.spans.count <= Self.mostWithResources
  }

  func write(_ place: Int, isOpen: Bool) {
    let span = view.trace.spans[place]
    let markup = page.markup
    let out = markup.output
    out.append(isOpen ? "<div class=\"sd shown\" id=\"" : "<div class=\"sd\" id=\"")
    view.appendAnchor(of: place, to: out)
    out.append("\"><h3>")
    page.swatch(view.service(span.service).name)
    view.appendService(span.service, to: markup)
    out.append(" · ")
    markup.text(view.store.symbols.bytes(span.record.name), limit: 500)
    out.append("</h3><a class=\"shut\" href=\"#")
    out.append(view.prefix)
    out.append("waterfall\">Close</a>")
    summary(place, span)
    identity(span)
    out.append("<div class=\"sdg\">")
    view.trace.withAttributes(of: span, in: view.store) { attributes in
      if !attributes.isEmpty { keyValues("Attributes", attributes, table: span.record.table) }
    }
    resource(span)
    out.append("</div>")
    events(span)
    logs(of: place, span)
    links(span)
    page.externalLinks(of: place, view)
    out.append("</div>")
  }

  private func summary(_ place: Int, _ span: TraceSpan) {
    let markup = page.markup
    let out = markup.output
    out.append("<p class=\"sum\"><b>")
    out.append(duration: view.length(span.duration))
    out.append("</b> from ")
    out.append(figure: view.offset(span.start), in: view.unit)
    out.append(" to ")
    out.append(figure: view.offset(span.end), in: view.unit)
    out.append("\u{00A0}")
    out.append(view.unit.symbol)
    out.append(" · self <b>")
    out.append(duration: view.length(span.selfTime))
    out.append("</b>")
    if span.criticalPathTime > .zero {
      out.append(" · on the critical path <b>")
      out.append(duration: view.length(span.criticalPathTime))
      out.append("</b>, ")
      markup.text(
        PercentFormat.share(
          view.length(span.criticalPathTime), of: max(1, view.length(view.trace.rootDuration)))
          + " of the root")
    }
    out.append(" · ")
    markup.text(span.record.kind.name.lowercased())
    if span.isError {
      markup.text(" · ")
      page.mark(.error, .bad)
      markup.output.append(" <b class=\"c-bad\">")
      let text = view.errorText(of: place)
      markup.text(text.isEmpty ? "error" : "error: " + text, limit: Self.longestValue)
      markup.output.append("</b>")
    } else {
      markup.text(span.record.status == .ok ? " · status ok" : " · status unset")
    }
    markup.output.append("</p>")
    for warning in view.trace.warnings where warning.span == place {
      markup.output.append("<p class=\"sum\">")
      page.mark(.warning, .warn)
      markup.text(" " + warning.code.rawValue + ": " + warning.message)
      markup.output.append("</p>")
    }
  }

  private func keyValues(
    _ title: StaticString, _ attributes: UnsafeBufferPointer<Attribute>, table: UInt16
  ) {
    let out = page.markup.output
    out.append("<div><h4>")
    out.append(title)
    out.append("</h4><dl class=\"kv\">")
    for attribute in attributes.prefix(Self.mostAttributes) {
      out.append("<dt>")
      page.markup.text(view.store.symbols.bytes(attribute.key), limit: 200)
      out.append("</dt><dd>")
      value(attribute, table: table)
      out.append("</dd>")
    }
    out.append("</dl>")
    page.note(shown: Self.mostAttributes, of: attributes.count, "attributes", isInReportJSON: false)
    out.append("</div>")
  }

  func value(_ attribute: Attribute, table: UInt16) {
    let markup = page.markup
    switch attribute.type {
    case .text, .bytes:
      markup.text(view.store.symbols.bytes(Symbol(attribute.payload)), limit: Self.longestValue)
    case .array, .map:
      markup.text(
        OTLPValueText.plain(view.store.symbols.bytes(Symbol(attribute.payload))), limit: Self.longestValue)
    case .boolean: markup.text(attribute.payload != 0 ? "true" : "false")
    case .empty: markup.text("(empty)")
    case .smallInteger, .integer, .double:
      switch view.store.value(of: attribute, table: table) {
      case .integer(let number): markup.text(String(number))
      case .double(let number): markup.text(number.description)
      default: break
      }
    }
  }

  /// The attributes of a resource as a list.
  func keyValues(of resource: Resource) {
    keyValues("Attributes", view.store.attributes(of: resource), table: resource.table)
  }

  private func resource(_ span: TraceSpan) {
    guard listsResources else { return }
    let resource = view.store.resource(at: span.record.resource)
    let attributes = view.store.attributes(of: resource)
    if !attributes.isEmpty { keyValues("Resource", attributes, table: resource.table) }
  }

  /// Ids, exact start, scope and archive, in one line. Where in the archive is not said: it depends on the order of
  /// lines, on which nothing in a report depends.
  private func identity(_ span: TraceSpan) {
    let markup = page.markup
    let out = markup.output
    out.append("<p class=\"sum ident\">span <code>")
    out.append(hex: span.record.spanID.rawValue)
    out.append("</code> · ")
    if span.record.parentSpanID.isAbsent {
      out.append("root span")
    } else {
      out.append("parent <code>")
      out.append(hex: span.record.parentSpanID.rawValue)
      out.append("</code>")
      if span.traits.contains(.orphan) { out.append(", not in these archives") }
    }
    out.append(" · started ")
    page.stamps.append(iso: span.start.rawValue, to: out)
    if span.adjustedBy != .zero {
      markup.text(", moved by \(DurationFormat.signed(span.adjustedBy.rawValue)) for clock skew")
    }
    let scope = view.store.scope(at: span.record.scope)
    if !scope.name.isEmpty {
      out.append(" · scope ")
      markup.text(view.store.symbols.bytes(scope.name), limit: 200)
      out.append(" ")
      markup.text(view.store.symbols.bytes(scope.version), limit: 60)
    }
    let archive = Int(span.record.archive)
    if archive < view.store.archives.count {
      out.append(" · read from ")
      markup.text(view.store.archives[archive].path, limit: 300)
    }
    if !listsResources {
      out.append(" · <a href=\"#")
      out.append(view.prefix)
      out.append("resource-")
      out.append(decimal: view.resourceNumber(of: span))
      out.append("\">resource</a>")
    }
    out.append("</p>")
  }

  private func events(_ span: TraceSpan) {
    guard span.record.presence.contains(.events) else { return }
    let out = page.markup.output
    let events = view.trace.events(of: span, in: view.store)
    out.append(
      "<h4 class=\"evs\">Events</h4><table class=\"tle\" aria-label=\"Events\"><thead><tr><th scope=\"col\" class=\"r\">"
    )
    page.markup.text(view.unit.symbol)
    out.append(
      "</th><th scope=\"col\" class=\"r\">in span</th><th scope=\"col\">Name</th><th scope=\"col\">Attributes</th></tr></thead><tbody>"
    )
    for event in events.prefix(Self.mostEvents) {
      out.append("<tr><td class=\"r\">")
      page.markup.text(DurationFormat.figure(view.offset(event.time), in: view.unit))
      out.append("</td><td class=\"r\">")
      page.markup.text(DurationFormat.signedFigure((event.time - span.start).rawValue, in: view.unit))
      out.append("</td><td><span class=\"mono\">")
      page.markup.text(view.store.symbols.bytes(event.name), limit: 300)
      out.append("</span></td><td class=\"ea\">")
      for (index, attribute) in view.eventAttributes(event, of: span).prefix(Self.mostAttributes).enumerated()
      {
        if index > 0 { out.append("<br/>") }
        out.append("<span class=\"mute\">")
        page.markup.text(view.store.symbols.bytes(attribute.key), limit: 200)
        out.append("</span> ")
        value(attribute, table: span.record.table)
      }
      out.append("</td></tr>")
    }
    out.append("</tbody></table>")
    page.note(shown: Self.mostEvents, of: events.count, "events", isInReportJSON: false)
  }

  private func links(_ span: TraceSpan) {
    guard span.record.presence.contains(.links) else { return }
    let links = view.trace.links(of: span, in: view.store)
    page.leaf(.h4, "evs", "Links")
    for link in links.prefix(Self.mostLinks) {
      page.element(.p, "sum") {
        page.text(link.kind == .followsFrom ? "follows " : link.kind == .childOf ? "child of " : "linked to ")
        let name = "trace \(link.traceID) span \(link.spanID)"
        if let address = page.link(to: link.traceID, span: link.spanID) {
          page.anchor(name, to: address)
        } else {
          page.leaf(.span, "mono", name)
          page.text(", which has no page in this report")
        }
      }
    }
    page.note(shown: Self.mostLinks, of: links.count, "links", isInReportJSON: false)
  }
}
