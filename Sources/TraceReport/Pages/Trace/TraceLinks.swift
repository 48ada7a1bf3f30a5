import TraceModel

/// An address of another tool that a template made: no text of an archive can be one.
struct ExternalLink {
  let name: String
  let address: String

  init?(_ template: LinkTemplate, _ thing: LinkedThing) {
    guard let address = template.address(for: thing) else { return nil }
    name = template.name
    self.address = address
  }
}

extension Page {
  /// Links about the trace, its root's service, and where its failure began.
  func externalLinks(_ view: TraceView) {
    let templates = context.correlation.links
    guard !templates.isEmpty else { return }
    let root = view.thing(at: view.trace.primaryRoot, isSpan: false)
    let cause = view.firstRootCause.map { view.thing(at: $0, isSpan: true) }
    let links = templates.compactMap { template -> ExternalLink? in
      switch template.subject {
      case .trace, .service: ExternalLink(template, root)
      case .error: cause.flatMap { ExternalLink(template, $0) }
      case .span: nil
      }
    }
    write(links)
  }

  /// Links about a span.
  func externalLinks(of place: Int, _ view: TraceView) {
    let templates = context.correlation.links.filter { $0.subject == .span || $0.subject == .error }
    guard !templates.isEmpty else { return }
    let thing = view.thing(at: place, isSpan: true)
    let isError = view.trace.spans[place].isError
    write(templates.compactMap { $0.subject == .span || isError ? ExternalLink($0, thing) : nil })
  }

  private func write(_ links: [ExternalLink]) {
    guard !links.isEmpty else { return }
    element(.p, "ids") {
      for link in links {
        text(" ")
        element(.span) { markup.leaf(.a, .href(link), .foreign, text: link.name) }
      }
    }
  }
}

extension TraceView {
  /// A span, or the trace by its root, with the values that templates ask for.
  func thing(at place: Int, isSpan: Bool) -> LinkedThing {
    let span = trace.spans[place]
    var thing = LinkedThing()
    thing.traceID = trace.id
    if isSpan { thing.spanID = span.record.spanID }
    thing.service = service(span.service).name
    thing.operation = operation(of: place)
    // Raw times: other tools know nothing of corrected clocks.
    let shift = isSpan ? .zero - span.adjustedBy : Nanoseconds.zero
    thing.start = (isSpan ? span.start : trace.start) + shift
    thing.end = (isSpan ? span.end : trace.end) + shift
    trace.withAttributes(of: span, in: store) { attributes in
      for attribute in attributes {
        let value = text(of: attribute, table: span.record.table)
        if Redactor.isWhole(value) { thing.attributes[store.symbols.text(attribute.key)] = value }
      }
    }
    let resource = store.resource(at: span.record.resource)
    for attribute in store.attributes(of: resource) {
      let value = text(of: attribute, table: resource.table)
      if Redactor.isWhole(value) { thing.resources[store.symbols.text(attribute.key)] = value }
    }
    return thing
  }

  private func text(of attribute: Attribute, table: UInt16) -> String {
    switch store.value(of: attribute, table: table) {
    case .empty: ""
    case .text(let text), .bytes(let text), .array(let text), .map(let text): text
    case .boolean(let value): value ? "true" : "false"
    case .integer(let value): String(value)
    case .double(let value): value.description
    }
  }
}
