import TraceAnalysis

/// The service graph as a picture: who calls whom, from left to right.
extension Page {
  private static let margin = (x: 4.0, y: 14.0)

  /// Draws the graph. `highlighted` is the node a page is about.
  func serviceGraph(_ graph: ServiceGraph, label: String, highlighted: String? = nil) {
    guard !graph.nodes.isEmpty else { return }
    markup.element(.div, .class("scroll graph"), .role("region"), .label(label), .focusable) {
      serviceGraphPicture(graph, label: label, highlighted: highlighted)
    }
  }

  /// The picture alone. In a file of its own it brings its style along and has no links.
  func serviceGraphPicture(
    _ graph: ServiceGraph, label: String, highlighted: String? = nil, isOwnFile: Bool = false
  ) {
    var degree = Array(repeating: (into: 0, out: 0, perEntry: 22), count: graph.nodes.count)
    for edge in graph.edges {
      degree[edge.from].out += 1
      degree[edge.to].into += 1
      // A failing call has two labels at its arrow.
      if isMarked(edge.errors, edge.calls) { degree[edge.to].perEntry = 31 }
    }
    let layout = GraphLayout(
      nodes: graph.nodes.indices.map { place in
        let node = graph.nodes[place]
        let lines = node.errors > 0 && isMarked(node.errors, node.calls) ? 3.0 : 2.0
        let ports = Double(max(degree[place].into * degree[place].perEntry, degree[place].out * 16))
        return .init(
          height: max(22 + lines * 15, ports + 10), isLast: node.kind == .database, isEntry: node.isEntry)
      }, edges: graph.edges.map { ($0.from, $0.to) })
    let width = layout.width + Self.margin.x * 2
    let height = layout.height + Self.margin.y * 2
    let size: MarkupAttribute = .viewBox("0 0 \(Int(width)) \(Int(height))")
    markup.open(
      .svg, .class("dep"), .width("\(Int(width))"), .height("\(Int(height))"),
      more: [size, .role("group"), .label(label)] + (isOwnFile ? [.svgNamespace] : []))
    markup.leaf(
      .title,
      text: "\(label): \(NumberFormat.counted(graph.nodes.count, "node")), "
        + NumberFormat.counted(graph.edges.count, "edge"))
    // Colours are attributes already: only the ground and the face of the letters are missing.
    if isOwnFile {
      markup.fragment(
        """
        <style>svg{background:#fdfdfb}text{font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,\
        'Noto Sans','Liberation Sans',sans-serif}\
        text.halo{paint-order:stroke;stroke:#fdfdfb;stroke-width:3px}</style>
        """)
    }
    edges(graph, layout)
    for place in graph.nodes.indices {
      node(
        graph.nodes[place], number: place, box: layout.boxes[place],
        ownCalls: graph.ownCalls[place] ?? 0, isHighlighted: graph.nodes[place].name == highlighted,
        isLinked: !isOwnFile)
    }
    markup.close(.svg)
  }

  private func isMarked(_ errors: Int, _ calls: Int) -> Bool {
    Double(errors) > 0.005 * Double(calls)
  }

  private func edges(_ graph: ServiceGraph, _ layout: GraphLayout) {
    let most = Double(max(graph.edges.map(\.calls).max() ?? 1, 1))
    // Thick edges first, so that thin ones stay in sight; failing ones last.
    let order = graph.edges.indices.sorted { left, right in
      let a = graph.edges[left]
      let b = graph.edges[right]
      let failing = (isMarked(a.errors, a.calls), isMarked(b.errors, b.calls))
      if failing.0 != failing.1 { return failing.1 }
      return a.calls == b.calls ? left < right : a.calls > b.calls
    }
    for index in order {
      let edge = graph.edges[index]
      edgePath(
        edge, graph: graph, route: layout.routes[index],
        width: 1 + (most < 100 ? 1.5 : 7) * (Double(edge.calls) / most).squareRoot())
    }
  }

  private func edgePath(
    _ edge: ServiceGraph.Edge, graph: ServiceGraph, route: GraphLayout.Route, width: Double
  ) {
    guard var previous = route.points.first, let end = route.points.last else { return }
    let failing = isMarked(edge.errors, edge.calls)
    let ink: Ink = failing ? .bad : .faint
    let data = PathData()
    data.move(previous.x + Self.margin.x, previous.y + Self.margin.y)
    for (index, point) in route.points.enumerated().dropFirst() {
      // The head of the arrow stands before the box, or behind it for an edge that closes a cycle.
      let isEnd = index == route.points.count - 1
      let x = point.x + Self.margin.x - (isEnd && !route.isReversed ? 6 : 0)
      let y = point.y + Self.margin.y
      if index % 2 == 0 {
        data.line(x, y)
      } else {
        let middle = (previous.x + Self.margin.x + x) / 2
        data.curve(middle, previous.y + Self.margin.y, middle, y, to: x, y)
      }
      previous = point
    }
    let out = markup.output
    out.append("<g class=\"e n")
    out.append(decimal: edge.from)
    out.append(" n")
    out.append(decimal: edge.to)
    out.append("\"><title>")
    text(edgeTitle(edge, graph))
    out.append("</title>")
    markup.path(
      data, stroke: ink, widthPixels: width, opacity: failing ? nil : ".7",
      dash: edge.isMessaging ? .dashed : .solid)
    let head = route.isReversed ? (route.points.first ?? end) : end
    arrowHead(x: head.x + Self.margin.x, y: head.y + Self.margin.y, ink: ink, pointsLeft: route.isReversed)
    if !route.isReversed {
      edgeLabels(edge, x: end.x + Self.margin.x - 9, y: end.y + Self.margin.y, isFailing: failing)
    }
    out.append("</g>")
  }

  private func arrowHead(x: Double, y: Double, ink: Ink, pointsLeft: Bool) {
    let data = PathData()
    let back = pointsLeft ? x + 7 : x - 7
    data.move(x, y)
    data.line(back, y - 4)
    data.line(back, y + 4)
    data.close()
    markup.path(data, fill: ink)
  }

  private func edgeLabels(_ edge: ServiceGraph.Edge, x: Double, y: Double, isFailing: Bool) {
    if isFailing {
      let share = PercentFormat.share(UInt64(max(0, edge.errors)), of: UInt64(max(1, edge.calls)))
      markup.label("✕ " + share, pixelX: x, y: y - 5, anchor: .end, ink: .bad, hasHalo: true, isBold: true)
      if edge.p95 > 0 {
        markup.label(DurationFormat.text(edge.p95), pixelX: x, y: y + 12, anchor: .end, hasHalo: true)
      }
    } else if edge.p95 > 0 {
      markup.label(DurationFormat.text(edge.p95), pixelX: x, y: y - 4, anchor: .end, hasHalo: true)
    }
  }

  private func edgeTitle(_ edge: ServiceGraph.Edge, _ graph: ServiceGraph) -> String {
    var title =
      "\(graph.nodes[edge.from].name) → \(graph.nodes[edge.to].name): "
      + "\(NumberFormat.counted(edge.calls, "call")), \(NumberFormat.grouped(edge.errors)) failed"
    if edge.p95 > 0 { title += ", p95 " + DurationFormat.text(edge.p95) }
    return title + (edge.isMessaging ? " in the queue" : "")
  }

  private func node(
    _ node: ServiceGraph.Node, number: Int, box: GraphLayout.Box, ownCalls: Int, isHighlighted: Bool,
    isLinked: Bool
  ) {
    let path = isLinked ? context.servicePath(node.name) : nil
    if let path {
      markup.open(
        .a, .href(link(path)), .class("node n\(number)"), .id(Anchor.node(node.name) + "-\(number)"))
    } else {
      markup.open(.g, .class("node n\(number)"))
    }
    let x = box.x + Self.margin.x
    let y = box.y + Self.margin.y
    markup.leaf(.title, text: nodeTitle(node, ownCalls: ownCalls))
    outline(node, x: x, y: y, height: box.height, isHighlighted: isHighlighted)
    nodeText(node, x: x + 15, y: y, height: box.height, ownCalls: ownCalls)
    markup.close(path == nil ? .g : .a)
  }

  private func outline(
    _ node: ServiceGraph.Node, x: Double, y: Double, height: Double, isHighlighted: Bool
  ) {
    let out = markup.output
    let width = GraphLayout.boxWidth
    let isStore = node.kind == .database || node.kind == .messaging
    let radius: StaticString = node.kind == .messaging ? "16" : node.kind == .database ? "8" : "2"
    out.append("<rect class=\"box ")
    out.append(isStore ? "f-band k-faint" : isHighlighted ? "f-ground k-ink" : "f-ground k-faint")
    out.append("\" fill=\"")
    out.append(isStore ? Ink.band.light : Ink.ground.light)
    out.append("\" stroke=\"")
    out.append(isHighlighted ? Ink.ink.light : Ink.faint.light)
    if isHighlighted { out.append("\" stroke-width=\"2") }
    out.append("\" rx=\"")
    out.append(radius)
    for (name, value) in [("x", x), ("y", y), ("width", width), ("height", height)] {
      out.append("\" ")
      out.append(name)
      out.append("=\"")
      out.append(pixels: value)
    }
    out.append("\"/>")
    switch node.kind {
    case .service:
      markup.rect(pixelX: x, width: 5, y: y, height: height, fill: context.palette[node.name].ink)
    case .outside:
      let data = PathData()
      data.move(x + 3, y + 3)
      data.horizontal(x + width - 3)
      data.vertical(y + height - 3)
      data.horizontal(x + 3)
      data.close()
      markup.path(data, stroke: .faint, width: "1")
    case .database, .messaging: break
    }
  }

  private func nodeText(_ node: ServiceGraph.Node, x: Double, y: Double, height: Double, ownCalls: Int) {
    let hasErrors = node.errors > 0 && isMarked(node.errors, node.calls)
    let top = y + height / 2 - (hasErrors ? 15 : 8)
    markup.nodeName(node.name.cut(18), x: x, y: top + 4)
    var line = NumberFormat.compact(node.calls)
    switch node.kind {
    case .service: if let p95 = node.p95, node.calls > 0 { line += " · p95 " + DurationFormat.text(p95) }
    case .database: line = "database · " + line
    case .messaging: line = "broker · " + line
    case .outside: line = "outside · " + line
    }
    markup.label((node.caption ?? line).cut(24), pixelX: x, y: top + 19)
    if hasErrors {
      let share = PercentFormat.share(UInt64(max(0, node.errors)), of: UInt64(max(1, node.calls)))
      markup.label("✕ " + share + " errors", pixelX: x, y: top + 34, ink: .bad, isBold: true)
    }
  }

  private func nodeTitle(_ node: ServiceGraph.Node, ownCalls: Int) -> String {
    var title =
      "\(node.name): \(NumberFormat.counted(node.calls, "call")), \(NumberFormat.grouped(node.errors)) failed"
    if ownCalls > 0 { title += "; calls itself \(NumberFormat.counted(ownCalls, "time"))" }
    return title
  }
}

extension MarkupWriter {
  /// The name in a node of the graph.
  fileprivate func nodeName(_ name: String, x: Double, y: Double) {
    output.append("<text class=\"nm\" font-size=\"13\" font-weight=\"600\" x=\"")
    output.append(pixels: x)
    output.append("\" y=\"")
    output.append(pixels: y)
    output.append("\">")
    text(name)
    output.append("</text>")
  }

  /// A path whose stroke has a computed width.
  func path(_ data: PathData, stroke: Ink, widthPixels: Double, opacity: StaticString?, dash: Dash) {
    output.append("<path d=\"")
    output.append(data.bytes)
    output.append("\" fill=\"none\" stroke=\"")
    output.append(stroke.light)
    output.append("\" class=\"k-")
    output.append(stroke.name)
    output.append("\" stroke-width=\"")
    output.append(pixels: widthPixels)
    if let opacity {
      output.append("\" stroke-opacity=\"")
      output.append(opacity)
    }
    if dash == .dashed { output.append("\" stroke-dasharray=\"6 4") }
    output.append("\"/>")
  }
}

extension String {
  /// The first characters, with `…` where something was cut.
  func cut(_ limit: Int) -> String {
    // No text has more characters than bytes.
    utf8.count > limit && count > limit ? String(prefix(limit - 1)) + "…" : self
  }
}
