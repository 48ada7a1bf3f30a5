import TraceAnalysis
import TraceModel

/// `dependencies.html`: who calls whom, as a graph, a matrix, trees and a table of edges.
enum DependenciesPage {
  static func render(_ context: ReportContext, shell: PageShell) throws -> ByteBuilder {
    let page = Page(.dependencies, in: context)
    let graph = ServiceGraph(of: context)
    return try page.render(title: "Dependencies", crumbs: [Crumb("Dependencies")], in: shell) {
      page.dependenciesVerdict(graph)
      page.graphSection(graph)
      page.matrix(graph)
      page.trees()
      page.edgeTable()
    }
  }
}

extension Page {
  fileprivate func dependenciesVerdict(_ graph: ServiceGraph) {
    let calls = graph.edges.reduce(0) { $0 + $1.calls }
    let failed = graph.edges.reduce(0) { $0 + $1.errors }
    let worst = graph.edges.filter { $0.errors > 0 && Double($0.errors) > 0.005 * Double($0.calls) }
      .max { ($0.errors, $1.from, $1.to) < ($1.errors, $0.from, $0.to) }
    let services = graph.nodes.filter { $0.kind == .service }.count
    verdict(
      dependenciesSentence(graph, worst: worst),
      kicker: { text("Dependencies") },
      lead: {
        let busiest = graph.edges.max { ($0.calls, $1.from, $1.to) < ($1.calls, $0.from, $0.to) }
        if let busiest {
          text(
            "The busiest call is \(graph.nodes[busiest.from].name) → \(graph.nodes[busiest.to].name): "
              + "\(NumberFormat.grouped(busiest.calls)) times, "
              + "\(PercentFormat.share(UInt64(max(0, busiest.calls)), of: UInt64(max(1, calls)))) of all calls between nodes."
          )
        } else {
          text("No span of one service was called by a span of another.")
        }
      },
      numbers: [
        KeyNumber(
          "Services", NumberFormat.grouped(services),
          strong: "+ " + NumberFormat.grouped(graph.nodes.count - services),
          context: "stores, brokers and outside systems"),
        KeyNumber(
          "Calls on \(NumberFormat.counted(graph.edges.count, "edge"))", NumberFormat.compact(calls),
          strong: NumberFormat.thousandths(
            NumberFormat.rounded(
              UInt64(max(0, calls)), times: 1000, per: UInt64(max(1, conclusions.traceCount)))),
          context: "in a trace"),
        KeyNumber(
          "Failing calls", NumberFormat.grouped(failed),
          strong: PercentFormat.share(UInt64(max(0, failed)), of: UInt64(max(0, calls))), context: "of calls"),
      ])
  }

  private func dependenciesSentence(_ graph: ServiceGraph, worst: ServiceGraph.Edge?) -> String {
    if graph.edges.isEmpty { return "No calls between services were seen." }
    guard let worst else {
      return
        "\(NumberFormat.counted(graph.nodes.count, "node")), \(NumberFormat.counted(graph.edges.count, "edge")): "
        + "no call fails more than once in 200."
    }
    let share = PercentFormat.share(UInt64(max(0, worst.errors)), of: UInt64(max(1, worst.calls)))
    return "\(share) of calls from \(graph.nodes[worst.from].name) to \(graph.nodes[worst.to].name) fail: "
      + "\(NumberFormat.grouped(worst.errors)) of \(NumberFormat.grouped(worst.calls))."
  }

  fileprivate func graphSection(_ graph: ServiceGraph) {
    guard !graph.edges.isEmpty else { return }
    let isWhole = graph.nodes.count <= ServiceGraph.mostNodes && graph.edges.count <= Self.mostEdges
    let drawn = isWhole ? graph : graph.mostTelling(nodes: Self.mostNodesOfMany, edges: Self.mostEdgesOfMany)
    section(
      "graph", "Service graph",
      (isWhole
        ? ""
        : "\(drawn.edges.count) of \(NumberFormat.grouped(graph.edges.count)) edges and \(drawn.nodes.count) of "
          + "\(NumberFormat.grouped(graph.nodes.count)) nodes are drawn: failing calls first, then the busiest. "
          + "The page of each service shows all its neighbours. ")
        + "Left to right: who calls whom. Point at a service, or move to it with the tab key, to see only its edges.",
      isWide: true
    ) {
      serviceGraph(drawn, label: "Service graph")
      graphKey()
    }
  }

  /// With more edges than this a picture is a carpet.
  private static let mostEdges = 140
  /// A picture of a part must be easier to read than one of the whole: nobody knows what is missing.
  private static let mostNodesOfMany = 24
  private static let mostEdgesOfMany = 40

  func graphKey() {
    element(.ul, "key") {
      markup.fragment(
        """
        <li><svg width="26" height="12" aria-hidden="true"><path d="M0 6h12" stroke="#83847d" class="k-faint"/>\
        <path d="M12 6h14" stroke="#83847d" class="k-faint" stroke-width="7"/></svg>width: calls, by square root</li>\
        <li><svg width="26" height="12" aria-hidden="true"><path d="M0 6h26" stroke="#b3261e" class="k-bad" \
        stroke-width="2"/></svg>✕ more than 0.5 % fail</li>\
        <li><svg width="26" height="12" aria-hidden="true"><path d="M0 6h26" stroke="#83847d" class="k-faint" \
        stroke-width="2" stroke-dasharray="6 4"/></svg>message; the number is the wait in the queue</li>\
        <li>number at an arrow: p95 of the call, as the caller saw it</li>\
        <li><svg width="26" height="14" aria-hidden="true"><rect x="1" y="1" width="24" height="12" fill="none" \
        stroke="#83847d" class="k-faint"/><rect x="3.5" y="3.5" width="19" height="7" fill="none" stroke="#83847d" \
        class="k-faint"/></svg>outside</li>\
        <li><svg width="26" height="14" aria-hidden="true"><rect x="1" y="1" width="24" height="12" rx="4" \
        fill="#f3f3ef" stroke="#83847d" class="f-band k-faint"/></svg>store or broker, seen through its callers</li>
        """)
    }
  }

  // MARK: - Matrix

  private static let mostMatrixNodes = 40

  fileprivate func matrix(_ graph: ServiceGraph) {
    let callers = Set(graph.edges.map(\.from))
    let callees = Set(graph.edges.map(\.to))
    guard !callers.isEmpty, callers.count <= Self.mostMatrixNodes, callees.count <= Self.mostMatrixNodes
    else { return }
    let order = { (place: Int) -> String in
      (graph.nodes[place].kind == .service ? "0" : "1") + graph.nodes[place].name
    }
    let rows = callers.sorted { order($0) < order($1) }
    let columns = callees.sorted { order($0) < order($1) }
    let edges = Dictionary(
      graph.edges.map { (EdgeKey(from: $0.from, to: $0.to), $0) }, uniquingKeysWith: { first, _ in first })
    let most = Double(graph.edges.map(\.calls).max() ?? 1)
    section(
      "matrix", "Matrix",
      "Calls from row to column. Darker: more calls. Framed and marked: more than 0.5 % fail."
    ) {
      markup.element(.div, .class("scroll"), .role("region"), .label("Matrix of calls"), .focusable) {
        element(.table, "mx") {
          leaf(.caption, "vh", "Calls from row to column")
          element(.thead) {
            element(.tr) {
              markup.leaf(.th, .scope("col"), .class("first"), text: "caller ↓ callee →")
              for column in columns {
                markup.element(.th, .scope("col")) { leaf(.span, nil, graph.nodes[column].name.cut(24)) }
              }
            }
          }
          element(.tbody) {
            for row in rows {
              element(.tr) {
                markup.element(.th, .scope("row")) { service(graph.nodes[row].name) }
                for column in columns { matrixCell(edges[EdgeKey(from: row, to: column)], most: most) }
              }
            }
          }
        }
      }
    }
  }

  private func matrixCell(_ edge: ServiceGraph.Edge?, most: Double) {
    guard let edge, edge.calls > 0 else {
      markup.fragment("<td></td>")
      return
    }
    let share = (Double(edge.calls) / most).squareRoot()
    var classes = share > 0.66 ? "q3" : share > 0.33 ? "q2" : "q1"
    let isFailing = Double(edge.errors) > 0.005 * Double(edge.calls)
    if isFailing { classes += " er" }
    markup.element(
      .td, .class(classes),
      .title("\(NumberFormat.grouped(edge.calls)) calls, \(NumberFormat.grouped(edge.errors)) failed")
    ) {
      if isFailing {
        mark(.error, .bad)
        text(" ")
      }
      text(NumberFormat.compact(edge.calls))
    }
  }

  // MARK: - Trees

  private static let mostTreeRows = 1_200

  fileprivate func trees() {
    let trees = conclusions.callTrees.filter { $0.rows.count > 1 }
    guard !trees.isEmpty else { return }
    section(
      "trees", "Trees",
      "What each entry needs to answer, with all that lies below. Counts are those of the edge."
    ) {
      var left = Self.mostTreeRows
      var shown = 0
      element(.ul, "tree trees") {
        for tree in trees where left > 0 {
          let rows = tree.rows.prefix(min(left, 300))
          element(.li) { treeOrFold(Array(rows)) }
          left -= rows.count
          shown += 1
        }
      }
      let all = trees.reduce(0) { $0 + $1.rows.count }
      if all > Self.mostTreeRows - left {
        note(
          "\(NumberFormat.grouped(Self.mostTreeRows - left)) of \(NumberFormat.grouped(all)) lines are shown, "
            + "of \(NumberFormat.grouped(shown)) of \(NumberFormat.counted(trees.count, "tree")).")
      }
    }
  }

  /// A long tree opens on demand.
  private func treeOrFold(_ rows: [CallTree.Row]) {
    guard rows.count > 40, let root = rows.first else {
      treeRows(rows)
      return
    }
    element(.details, "twin") {
      leaf(.summary, nil, "\(root.name): \(NumberFormat.counted(rows.count, "line"))")
      treeRows(rows)
    }
  }

  /// Rows in display order as nested lists, with a stack instead of recursion; deeper than 24 levels go flat.
  private func treeRows(_ rows: [CallTree.Row]) {
    var open = 0
    for (index, row) in rows.enumerated() {
      let depth = min(row.depth, 24)
      while open > depth {
        markup.close(.ul)
        markup.close(.li)
        open -= 1
      }
      if index > 0 { markup.open(.li) }
      treeRow(row)
      let nextDepth = index + 1 < rows.count ? min(rows[index + 1].depth, 24) : 0
      if nextDepth > depth {
        markup.open(.ul)
        open = depth + 1
      } else if index > 0 {
        markup.close(.li)
      }
    }
    while open > 1 {
      markup.close(.ul)
      markup.close(.li)
      open -= 1
    }
    if open == 1 { markup.close(.ul) }
  }

  private func treeRow(_ row: CallTree.Row) {
    element(.span, "n") {
      element(.span) { service(row.name) }
      let isFailing = Double(row.errorCount) > 0.005 * Double(max(1, row.callCount))
      leaf(
        .span, "q",
        NumberFormat.compact(row.callCount) + (row.depth == 0 ? " requests" : " calls")
          + (row.isRepeated ? ", shown above" : ""))
      if isFailing, row.errorCount > 0 {
        element(.span, "sev c-bad") {
          mark(.error, .bad)
          text(
            " " + PercentFormat.share(UInt64(max(0, row.errorCount)), of: UInt64(max(1, row.callCount)))
              + " errors")
        }
      }
    }
  }

  // MARK: - Edges

  private static let mostTableEdges = 600

  fileprivate func edgeTable() {
    let count = conclusions.links.count
    guard count > 0 else { return }
    let links = conclusions.links.first(Self.mostTableEdges) { left, right in
      let a = max(left.errorCount, left.clientErrorCount)
      let b = max(right.errorCount, right.clientErrorCount)
      if a != b { return a > b }
      if left.callCount != right.callCount { return left.callCount > right.callCount }
      return (left.parent, left.child, left.connectionType) < (
        right.parent, right.child, right.connectionType
      )
    }
    section(
      "edges", "All edges", "The graph as a table; most errors first. Durations as the caller saw them."
    ) {
      self.links(links, label: "All edges", id: "edge-table")
      note(shown: links.count, of: count, "edges")
    }
  }

  /// Links with their figures, in the order given.
  func links(_ links: [LinkResult], label: String, id: String? = nil) {
    let most = UInt64(max(1, links.map(\.callCount).max() ?? 1))
    let unit = DurationUnit.column(longest: UInt64(max(0, links.map(\.latency.p99.rawValue).max() ?? 0)))
    table(
      label, class: "edges", id: id,
      columns: [
        .text("Caller → callee"), .text("By"), .number("Calls"), .picture("", class: "wide-only"),
        .number("Errors"),
        .number("%"), .number("seen by caller"), .number("p50", unit.symbol), .number("p95", unit.symbol),
        .number("p99", unit.symbol), .text("Traces", isSortable: false),
      ] + estimateColumns, rows: links.count
    ) { row, index in
      let link = links[index]
      row.head {
        service(link.parent)
        text(" → ")
        service(link.child)
      }
      row.cell(word(link.connectionType), class: "nw")
      row.count(link.callCount)
      row.cell(class: "wide-only") { bar(UInt64(max(0, link.callCount)), of: most) }
      row.cell(class: link.errorCount == 0 ? "r zero" : "r") {
        errorCount(link.errorCount, of: link.callCount)
      }
      row.number(PercentFormat.digits(UInt64(max(0, link.errorCount)), of: UInt64(max(0, link.callCount))))
      row.count(link.clientErrorCount)
      for value in [link.latency.p50, link.latency.p95, link.latency.p99] {
        if link.latency.count > 0 { row.duration(value.rawValue, in: unit) } else { row.number("–") }
      }
      row.cell(class: "nw") {
        for example in link.examples.prefix(2) {
          trace(example.evidence)
          text(" ")
        }
      }
      estimateCells(link.estimated, row)
    }
    noteEstimates()
  }

  private func word(_ type: ConnectionType) -> String {
    switch type {
    case .database: "database"
    case .messagingSystem: "message"
    case .rpc: "call"
    case .virtualNode: "call, outside"
    }
  }
}

/// A caller and its callee by their places in the graph.
private struct EdgeKey: Hashable {
  var from: Int
  var to: Int
}
