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
  /// Traces of many spans name the resource once, below, instead of in every panel.
  private let listsResources: Bool

  init(_ view: TraceView, page: Page) {
    self.view = view
    self.page = page
    mostPanels = 800
    listsResources = view.trace.spans.count <= 250
  }

  func write(_ place: Int, isOpen: Bool) {
    let span = view.trace.spans[place]
    let markup = page.markup
    let name = view.serviceName(of: place)
    let operation = view.operation(of: place)
    markup.open(
      .section,
      [
        .class(isOpen ? "sd shown" : "sd"), .id(view.anchor(of: place)),
        .label("Span " + name.cut(60) + " " + operation.cut(100)),
      ])
    markup.pending.append("<h3>")
    page.swatch(view.service(span.service).name)
    markup.text(name, limit: 200)
    markup.text(" · ")
    markup.text(operation, limit: 500)
    markup.pending.append("</h3><a class=\"shut\" href=\"#waterfall\">Close</a>")
    summary(place, span)
    markup.pending.append("<div class=\"sdg\"><div>")
    view.trace.withAttributes(of: span, in: view.store) { attributes in
      if !attributes.isEmpty { keyValues("Attributes", attributes, table: span.record.table) }
    }
    markup.pending.append("</div><div>")
    resource(span)
    identity(span)
    markup.pending.append("</div></div>")
    events(span)
    links(span)
    markup.close(.section)
  }

  private func summary(_ place: Int, _ span: TraceSpan) {
    let markup = page.markup
    markup.pending.append("<p class=\"sum\"><b>")
    markup.text(DurationFormat.text(span.duration))
    markup.pending.append("</b> from ")
    markup.text(DurationFormat.figure(view.offset(span.start), in: view.unit))
    markup.text(" to ")
    markup.text(DurationFormat.figure(view.offset(span.end), in: view.unit))
    markup.text(NumberFormat.space + view.unit.symbol + " · self ")
    markup.pending.append("<b>")
    markup.text(DurationFormat.text(span.selfTime))
    markup.pending.append("</b>")
    if span.criticalPathTime > .zero {
      markup.text(" · on the critical path ")
      markup.pending.append("<b>")
      markup.text(DurationFormat.text(span.criticalPathTime))
      markup.pending.append("</b>, ")
      markup.text(
        PercentFormat.share(
          UInt64(max(0, span.criticalPathTime.rawValue)), of: UInt64(max(1, view.trace.rootDuration.rawValue))
        )
          + " of the root")
    }
    markup.text(" · " + span.record.kind.name.lowercased())
    if span.isError {
      markup.text(" · ")
      page.mark(.error, .bad)
      markup.pending.append(" <b class=\"c-bad\">")
      let text = view.errorText(of: place)
      markup.text(text.isEmpty ? "error" : "error: " + text, limit: Self.longestValue)
      markup.pending.append("</b>")
    } else {
      markup.text(span.record.status == .ok ? " · status ok" : " · status unset")
    }
    markup.pending.append("</p>")
    for warning in view.trace.warnings where warning.span == place {
      markup.pending.append("<p class=\"sum\">")
      page.mark(.warning, .warn)
      markup.text(" " + warning.code.rawValue + ": " + warning.message)
      markup.pending.append("</p>")
    }
  }

  private func keyValues(
    _ title: StaticString, _ attributes: UnsafeBufferPointer<Attribute>, table: UInt16
  ) {
    let out = page.markup.pending
    out.append("<h4>")
    out.append(title)
    out.append("</h4><table class=\"kv\" aria-label=\"")
    out.append(title)
    out.append("\"><tbody>")
    for attribute in attributes.prefix(Self.mostAttributes) {
      out.append("<tr><th scope=\"row\">")
      page.markup.text(view.store.symbols.bytes(attribute.key), limit: 200)
      out.append("</th><td>")
      value(attribute, table: table)
      out.append("</td></tr>")
    }
    out.append("</tbody></table>")
    if attributes.count > Self.mostAttributes {
      page.note("\(Self.mostAttributes) of \(NumberFormat.grouped(attributes.count)) attributes are shown.")
    }
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

  private func resource(_ span: TraceSpan) {
    let resource = view.store.resources[Int(span.record.resource)]
    let attributes = view.store.attributes(of: resource)
    if listsResources {
      if !attributes.isEmpty { keyValues("Resource", attributes, table: resource.table) }
    } else if !attributes.isEmpty {
      page.markup.pending.append("<h4>Resource</h4><p class=\"sum\"><a href=\"#resource-")
      page.markup.pending.append(decimal: span.record.resource)
      page.markup.pending.append("\">")
      page.markup.text("\(attributes.count) attributes")
      page.markup.pending.append("</a></p>")
    }
  }

  private func identity(_ span: TraceSpan) {
    let out = page.markup.pending
    out.append(
      "<h4>Identity</h4><table class=\"kv\" aria-label=\"Identity\"><tbody><tr><th scope=\"row\">span id</th><td>"
    )
    page.markup.text(span.record.spanID.description)
    out.append("</td></tr><tr><th scope=\"row\">parent</th><td>")
    if span.record.parentSpanID.isAbsent {
      page.markup.text("none: root span")
    } else {
      page.markup.text(span.record.parentSpanID.description)
      if span.traits.contains(.orphan) { page.markup.text(" (not in these archives)") }
    }
    out.append("</td></tr>")
    row("start, UTC", StampFormat.iso(span.start.rawValue))
    if span.adjustedBy != .zero {
      row("moved by", DurationFormat.signed(span.adjustedBy.rawValue) + ", clock skew")
    }
    let scope = view.store.scopes[Int(span.record.scope)]
    if !scope.name.isEmpty {
      row("scope", view.store.symbols.text(scope.name) + " " + view.store.symbols.text(scope.version))
    }
    if Int(span.record.archive) < view.store.archives.count {
      row(
        "read from",
        view.store.archives[Int(span.record.archive)].path + ", byte \(span.record.archiveOffset)")
    }
    out.append("</tbody></table>")
  }

  private func row(_ name: StaticString, _ value: String) {
    let out = page.markup.pending
    out.append("<tr><th scope=\"row\">")
    out.append(name)
    out.append("</th><td>")
    page.markup.text(value)
    out.append("</td></tr>")
  }

  private func events(_ span: TraceSpan) {
    guard span.record.eventCount > 0 else { return }
    let out = page.markup.pending
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
    if events.count > Self.mostEvents {
      page.note("\(Self.mostEvents) of \(NumberFormat.grouped(events.count)) events are shown.")
    }
  }

  private func links(_ span: TraceSpan) {
    guard span.record.linkCount > 0 else { return }
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
    if links.count > Self.mostLinks {
      page.note("\(Self.mostLinks) of \(NumberFormat.grouped(links.count)) links are shown.")
    }
  }
}
