import TraceAnalysis
import TraceModel

/// The sections of a trace's page beside the waterfall.
extension Page {
  /// The critical path, divided among the services that were on it.
  func timeByService(_ view: TraceView) {
    let path = view.pathByService()
    var parts = path.services.map {
      StackedPart(service: $0.service, name: $0.service, value: UInt64(max(0, $0.time.rawValue)))
    }
    if path.further.count > 0 {
      let words = NumberFormat.counted(path.further.count, "further service")
      parts.append(
        StackedPart(
          service: words, name: words, value: UInt64(max(0, path.further.time.rawValue)), isFurther: true))
    }
    let total = parts.reduce(UInt64(0)) { $0 &+ $1.value }
    guard total > 0 else { return }
    let lead =
      "What the caller waited for: the critical path, \(DurationFormat.text(total)), divided among the services on it."
    section("path", "Time by service", lead) {
      stackedBar(parts, label: "Critical path by service")
      pathTwin(view)
    }
  }

  private func pathTwin(_ view: TraceView) {
    let sections = view.trace.criticalPath
    let shown = min(sections.count, 120)
    twin("the critical path, step by step (\(NumberFormat.counted(sections.count, "step")))") {
      table(
        "Critical path", class: "tight",
        columns: [
          .number("from", view.unit.symbol), .number("length", view.unit.symbol), .text("Service"),
          .text("Operation"),
        ], rows: shown
      ) { row, index in
        let section = sections[index]
        row.head(class: "r") {
          text(DurationFormat.figure(view.offset(section.start), in: view.unit))
        }
        row.duration(section.length.rawValue, in: view.unit)
        row.cell(view.serviceName(of: Int(section.span)))
        row.cell(view.operation(of: Int(section.span)).cut(80))
      }
      if shown < sections.count {
        note("The first \(shown) of \(NumberFormat.grouped(sections.count)) steps.")
      }
    }
  }

  func traceWarnings(_ view: TraceView) {
    let warnings = view.trace.warnings
    guard !warnings.isEmpty else { return }
    section("warnings", "Warnings", "What was repaired or looks odd in this trace.") {
      element(.ul, "warns") {
        for warning in warnings.prefix(100) {
          element(.li) {
            element(.span, "sev c-warn") {
              mark(.warning, .warn)
              text(" " + warning.code.rawValue)
            }
            element(.span) {
              text(warning.message + " ")
              if let place = warning.span {
                leaf(.span, "mute", view.serviceName(of: place) + " · " + view.operation(of: place).cut(80))
              }
            }
          }
        }
      }
      note(shown: 100, of: warnings.count, "warnings", isInReportJSON: false)
    }
  }

  /// The services of this trace and their calls.
  func traceGraph(_ view: TraceView) {
    var places: [CallPair: Int] = [:]
    var links: [LinkResult] = []
    var counts: [Symbol: Int] = [:]
    var linked: Set<Symbol> = []
    for span in view.trace.spans {
      counts[span.service, default: 0] += 1
      guard span.parent >= 0 else { continue }
      let parent = view.trace.spans[Int(span.parent)]
      guard parent.service != span.service else { continue }
      let place = places[CallPair(from: parent.service, to: span.service), default: links.count]
      if place == links.count {
        linked.insert(parent.service)
        linked.insert(span.service)
        // Too many to be drawn.
        guard linked.count <= ServiceGraph.mostNodes else { return }
        var link = LinkResult()
        link.parent = view.serviceName(parent.service)
        link.child = view.serviceName(span.service)
        places[CallPair(from: parent.service, to: span.service)] = place
        links.append(link)
      }
      links[place].callCount += 1
      if span.isError { links[place].errorCount += 1 }
      links[place].latency.p95 = max(links[place].latency.p95, span.duration)
      if parent.record.kind == .producer { links[place].connectionType = .messagingSystem }
    }
    guard !links.isEmpty else { return }
    links.sort { ($0.parent, $0.child) < ($1.parent, $1.child) }
    var graph = ServiceGraph(
      links: links, nodes: serviceNodes(counts.keys.map { view.serviceName($0) }, view))
    for (service, count) in counts {
      graph.setCaption(NumberFormat.counted(count, "span"), of: view.serviceName(service))
    }
    // The entry may have no link.
    guard graph.nodes.count <= ServiceGraph.mostNodes else { return }
    section(
      "graph", "Services", "Who called whom in this trace; the number at an arrow is the longest call.",
      isWide: true
    ) {
      serviceGraph(graph, label: "Services of this trace")
    }
  }

  private func serviceNodes(_ names: [String], _ view: TraceView) -> [GraphNode] {
    let entry = view.serviceName(of: view.trace.primaryRoot)
    return names.sorted().map { name in
      var node = GraphNode()
      node.name = name
      node.entryCount = name == entry ? 1 : 0
      return node
    }
  }

  /// Resources, once each, where panels only point to them.
  func resources(_ view: TraceView) {
    guard view.trace.spans.count > SpanDetail.mostWithResources else { return }
    let detail = SpanDetail(view, page: self)
    section(
      view.prefix + "resources", "Resources", "What produced the spans, in the order in which they are shown."
    ) {
      for (number, place) in view.resources.prefix(100).enumerated() {
        let resource = view.store.resource(at: place)
        markup.element(.h3, .id(view.prefix + "resource-\(number)")) {
          service(view.store.symbols.text(resource.serviceName))
        }
        detail.keyValues(of: resource)
      }
    }
  }

  /// The waterfall as numbers.
  func spanTable(_ view: TraceView, _ selection: SpanSelection) {
    let places = view.trace.spans.indices.filter { selection.shows($0) }
    section("spans", "Span table", "The waterfall as numbers; also the place for searching this page.") {
      element(.details, "twin keep") {
        let what =
          places.count == view.trace.spans.count
          ? "all \(NumberFormat.counted(places.count, "span"))"
          : "\(NumberFormat.grouped(places.count)) of \(NumberFormat.counted(view.trace.spans.count, "span"))"
        leaf(.summary, nil, "Table: \(what) in display order")
        table(
          "Spans", class: "tight spt", id: "span-table",
          columns: [
            .text("Span"), .text("Service"), .text("Operation"), .text("Kind"), .number("Depth"),
            .number("from", view.unit.symbol), .number("length", view.unit.symbol),
            .number("self", view.unit.symbol),
            .number("on path", view.unit.symbol), .text("Status"),
          ], rows: places.count
        ) { row, index in spanRow(view, row, place: places[index]) }
      }
    }
  }

  private func spanRow(_ view: TraceView, _ row: TableRow, place: Int) {
    let span = view.trace.spans[place]
    let out = markup.output
    out.append("<th scope=\"row\">")
    out.append(hex: span.record.spanID.rawValue, digits: 8)
    out.append("</th><td>")
    view.appendService(span.service, to: markup)
    out.append("</td><td>")
    markup.text(view.store.symbols.bytes(span.record.name), limit: 200)
    out.append("</td><td>")
    out.append(span.record.kind.label)
    out.append("</td><td>")
    out.append(decimal: span.depth)
    out.append("</td><td>")
    out.append(figure: view.offset(span.start), in: view.unit)
    for length in [span.duration, span.selfTime, span.criticalPathTime] {
      out.append("</td><td>")
      out.append(figure: view.length(length), in: view.unit)
    }
    out.append(span.isError ? "</td><td>error" : span.record.status == .ok ? "</td><td>ok" : "</td><td>unset")
    out.append("</td>")
  }
}

extension SpanKind {
  /// The name in lower case, as tables show it.
  fileprivate var label: StaticString {
    switch self {
    case .unspecified, .internal: "internal"
    case .server: "server"
    case .client: "client"
    case .producer: "producer"
    case .consumer: "consumer"
    }
  }
}

/// A caller and its callee.
private struct CallPair: Hashable {
  var from: Symbol
  var to: Symbol
}
