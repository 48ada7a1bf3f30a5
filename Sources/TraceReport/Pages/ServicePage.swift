import TraceAnalysis
import TraceModel

/// `services/NAME.html`: one service, what it answers, whom it calls and who calls it.
enum ServicePage {
  static func render(_ service: ServiceResult, context: ReportContext, shell: PageShell) throws -> ByteBuilder
  {
    let page = Page(.service, in: context)
    let name = service.name.isEmpty ? "(no service name)" : service.name
    return try page.render(
      title: name.cut(80),
      crumbs: [Crumb("Services", page.link("index.html", fragment: "services")), Crumb(name.cut(80))],
      in: shell
    ) {
      page.serviceVerdict(service, name: name)
      page.operations(of: service)
      page.serviceLatency(service)
      page.neighbours(of: service)
      page.serviceErrors(service)
      page.instances(of: service)
      page.serviceTraces(service)
    }
  }
}

extension Page {
  fileprivate func serviceVerdict(_ service: ServiceResult, name: String) {
    let share = PercentFormat.share(
      UInt64(max(0, service.requestErrors)), of: UInt64(max(0, service.requestCount)))
    let finding = conclusions.findings.first { $0.service == service.name && $0.severity <= .medium }
    verdict(
      finding.map { $0.title.hasSuffix(".") ? $0.title : $0.title + "." }
        ?? "\(name.cut(60)) answered \(NumberFormat.counted(service.requestCount, "request")), "
        + "\(service.requestErrors == 0 ? "none failed" : share + " failed"), p95 \(DurationFormat.text(service.latency.p95)).",
      kicker: {
        if let finding {
          severity(finding.severity)
          text(" ")
        }
        text("Service ")
        self.service(service.name, isLinked: false)
      },
      lead: {
        if let finding {
          text(finding.proof.joined(separator: " ") + " ")
          if let address = link(of: finding) {
            anchor("See where and why", to: address)
            text(".")
          }
        } else {
          text(
            "It takes part in \(NumberFormat.counted(service.traceCount, "trace")) with "
              + "\(NumberFormat.counted(service.spanCount, "span")); \(NumberFormat.counted(service.errorOrigins, "failure")) began here."
          )
        }
      },
      numbers: [
        KeyNumber(
          "Failed requests", NumberFormat.grouped(service.requestErrors), strong: share,
          context: "of " + NumberFormat.counted(service.requestCount, "request")),
        KeyNumber(
          "p95 of its requests", duration: UInt64(max(0, service.latency.p95.rawValue)),
          strong: "p50 " + DurationFormat.text(service.latency.p50),
          context: "n " + NumberFormat.grouped(service.latency.count)),
        KeyNumber(
          "Of all critical paths", PercentFormat.digits(service.criticalPathShare), "%",
          strong: DurationFormat.text(service.criticalPathTime), context: "in all complete traces"),
      ])
  }

  fileprivate func operations(of service: ServiceResult) {
    let operations = conclusions.operations[context.services.operations(of: service.name)]
      .sorted { left, right in
        left.criticalPathTime == right.criticalPathTime
          ? (left.operation, left.kind.rawValue) < (right.operation, right.kind.rawValue)
          : left.criticalPathTime > right.criticalPathTime
      }
    guard !operations.isEmpty else { return }
    let shown = Array(operations.prefix(300))
    let unit = DurationUnit.column(longest: UInt64(max(0, shown.map(\.latency.p99.rawValue).max() ?? 0)))
    section(
      "operations", "Operations", "Ordered by their time on critical paths. Self time is without children."
    ) {
      table(
        "Operations", id: "operation-table",
        columns: [
          .text("Operation"), .text("Kind"), .number("Spans"), .number("Errors"), .number("p50", unit.symbol),
          .number("p95", unit.symbol), .number("p99", unit.symbol), .number("mean self", unit.symbol),
          .number("of its path", "%"), .text("Traces", isSortable: false),
        ] + estimateColumns, rows: shown.count
      ) { row, index in
        let one = shown[index]
        row.head { text(one.operation.isEmpty ? "(no name)" : one.operation.cut(90)) }
        row.cell(one.kind.name.lowercased())
        row.count(one.latency.count)
        row.cell(class: one.errors == 0 ? "r zero" : "r") { errorCount(one.errors, of: one.latency.count) }
        for value in [one.latency.p50, one.latency.p95, one.latency.p99] {
          row.duration(value.rawValue, in: unit)
        }
        row.duration(one.selfTime.rawValue / Int64(max(1, one.latency.count)), in: unit)
        row.number(
          PercentFormat.digits(
            UInt64(max(0, one.criticalPathTime.rawValue)),
            of: UInt64(max(0, service.criticalPathTime.rawValue))))
        row.cell(class: "nw") {
          for example in one.examples.prefix(2) {
            trace(example.evidence)
            text(" ")
          }
        }
        estimateCells(one.estimated, row)
      }
      noteEstimates()
      note(shown: shown.count, of: operations.count, "operations")
    }
  }

  fileprivate func serviceLatency(_ service: ServiceResult) {
    guard service.latency.count > 0 else { return }
    section("latency", "Durations", "How long its requests took, and when.") {
      histogram(service.latency, of: service.name)
      if service.series.count > 1 {
        var timeline = Timeline()
        timeline.points = service.series
        timeline.step = service.series[1].start - service.series[0].start
        self.timeline(timeline)
      }
    }
  }

  fileprivate func neighbours(of service: ServiceResult) {
    let links = conclusions.links
    // A service may have a hundred thousand neighbours.
    let near = context.services.links(of: service.name)
    guard !near.isEmpty else { return }
    section(
      "neighbours", "Callers and callees", "One step around this service; durations as the caller saw them.",
      isWide: true
    ) {
      neighbourGraph(of: service, near)
      let callers = near.lazy.filter { links[$0].child == service.name && links[$0].parent != service.name }
      let callees = near.lazy.filter { links[$0].parent == service.name }
      if !callers.isEmpty {
        heading("Called by")
        self.links(callers.prefix(Self.mostLinks).map { links[$0] }, label: "Callers of " + service.name)
        note(shown: Self.mostLinks, of: callers.count)
      }
      if !callees.isEmpty {
        heading("Calls")
        self.links(callees.prefix(Self.mostLinks).map { links[$0] }, label: "Callees of " + service.name)
        note(shown: Self.mostLinks, of: callees.count)
      }
    }
  }

  private static var mostLinks: Int { 200 }

  /// The graph of a service's links, unless these lead to more neighbours than can be drawn.
  private func neighbourGraph(of service: ServiceResult, _ near: [Int]) {
    var names: Set<String> = []
    for place in near {
      names.insert(conclusions.links[place].parent)
      names.insert(conclusions.links[place].child)
      guard names.count <= ServiceGraph.mostNodes else { return }
    }
    let graph = ServiceGraph(
      links: near.map { conclusions.links[$0] },
      nodes: context.services.nodes(names).map { withoutEntries(conclusions.nodes[$0]) },
      service: context.service)
    serviceGraph(graph, label: "Callers and callees of " + service.name, highlighted: service.name)
  }

  /// Entries elsewhere would bring unconnected nodes into the picture.
  private func withoutEntries(_ node: GraphNode) -> GraphNode {
    var node = node
    node.entryCount = 0
    return node
  }

  fileprivate func serviceErrors(_ service: ServiceResult) {
    let groups = conclusions.errorGroups.filter {
      $0.service == service.name || $0.blamedService == service.name
    }
    guard !groups.isEmpty else { return }
    section("errors", "Errors", "Failures that began here or are blamed on it.") {
      table(
        "Errors of this service",
        columns: [
          .text("Error"), .text("Operation"), .number("Traces"), .number("Requests", "failed"),
          .text("Example", isSortable: false),
        ],
        rows: min(groups.count, Self.mostRows)
      ) { row, index in
        let group = groups[index]
        row.head {
          anchor(
            (group.message.isEmpty ? group.type : group.message).cut(100),
            to: link(
              "errors.html",
              fragment: conclusions.errorGroups.prefix(ErrorsPage.mostListed).contains { $0.id == group.id }
                ? Anchor.errorGroup(group.id) : "groups"))
        }
        row.cell(group.operation.cut(60) + (group.peer.isEmpty ? "" : " → " + group.peer.cut(40)))
        row.count(group.traceCount)
        row.count(group.rootFailures)
        row.cell { if let example = group.examples.first { trace(example.evidence) } }
      }
      note(shown: Self.mostRows, of: groups.count)
    }
  }

  private static var mostRows: Int { 50 }

  fileprivate func instances(of service: ServiceResult) {
    guard !service.versions.isEmpty || !service.instances.isEmpty else { return }
    section("instances", "Versions and instances", "As resources name them, by spans.") {
      element(.div, "cols2") {
        for (title, values) in [("Version", service.versions), ("Instance", service.instances)]
        where !values.isEmpty {
          element(.div, "col") {
            table(
              title + "s", class: "tight",
              columns: [.text(title), .number("Spans"), .number("of its spans", "%")],
              rows: min(values.count, Self.mostRows)
            ) { row, index in
              row.head { leaf(.span, "mono", values[index].value.cut(60)) }
              row.count(values[index].count)
              row.number(
                PercentFormat.digits(
                  UInt64(max(0, values[index].count)), of: UInt64(max(0, service.spanCount))))
            }
            note(shown: Self.mostRows, of: values.count, isInReportJSON: false)
          }
        }
      }
    }
  }

  fileprivate func serviceTraces(_ service: ServiceResult) {
    let traces = conclusions.traces
    let listed = context.services.traces(of: service.name)
    guard !service.examples.isEmpty || !listed.isEmpty else { return }
    section("traces", "Traces", "Those with a page that pass through this service; slowest first.") {
      if !service.examples.isEmpty { element(.p, "exs") { examples(service.examples, limit: 8) } }
      if !listed.isEmpty {
        let slowest = listed.sorted {
          (traces[$0].duration, traces[$1].id) > (traces[$1].duration, traces[$0].id)
        }
        let shown = slowest.prefix(15)
        traceTable(shown.map { traces[$0] }, label: "Traces through " + service.name)
        note(shown: shown.count, of: listed.count)
      }
    }
  }
}
