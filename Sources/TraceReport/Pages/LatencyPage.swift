import TraceAnalysis
import TraceModel

/// `latency.html`: where the time goes, entry point by entry point.
enum LatencyPage {
  /// Entry points shown in full.
  private static let mostShown = 12
  /// Entry points in the table; each of them has a place that links lead to.
  static let mostListed = 500

  static func render(_ context: ReportContext, shell: PageShell) throws -> ByteBuilder {
    let page = Page(.latency, in: context)
    let entries = context.conclusions.entryPoints
    let shown = chosen(context.conclusions)
    return try page.render(title: "Latency", crumbs: [Crumb("Latency")], in: shell) {
      page.latencyVerdict()
      page.section(
        "entry-points", "Entry points",
        "Where requests enter: service and operation of root spans. \(NumberFormat.grouped(shown.count)) of "
          + "\(NumberFormat.grouped(entries.count)) are shown in full below: those in findings, then the busiest."
      ) {
        page.entryTable(Array(entries.prefix(mostListed)), shown: Set(shown))
        if entries.count > mostListed {
          page.note(
            "\(mostListed) of \(NumberFormat.grouped(entries.count)) are listed; all are in report.json.")
        }
      }
      for index in shown { page.entrySection(entries[index]) }
    }
  }

  /// Those that findings speak of, then the busiest, in the order of the table.
  private static func chosen(_ conclusions: Conclusions) -> [Int] {
    let entries = conclusions.entryPoints
    var chosen: [Int] = []
    for finding in conclusions.findings where chosen.count < mostShown {
      let index = entries.firstIndex {
        $0.service == finding.entryService && $0.operation == finding.entryOperation
      }
      if let index, !chosen.contains(index) { chosen.append(index) }
    }
    for index in entries.indices where chosen.count < mostShown && !chosen.contains(index) {
      chosen.append(index)
    }
    return chosen.sorted()
  }
}

extension Page {
  fileprivate func latencyVerdict() {
    let entries = conclusions.entryPoints
    let finding = conclusions.findings.first {
      $0.page.hasPrefix("latency.html") && ($0.severity == .high || $0.severity == .medium)
    }
    let slowest = entries.max { $0.latency.p95 < $1.latency.p95 }
    let busiest = entries.first
    verdict(
      latencySentence(finding, slowest: slowest),
      kicker: {
        if let finding {
          severity(finding.severity)
          text(" ")
        }
        text("Latency")
      },
      lead: {
        if let finding {
          text(finding.proof.joined(separator: " "))
        } else if let slowest {
          text(
            "Half of its \(NumberFormat.counted(slowest.latency.count, "request")) take up to "
              + "\(DurationFormat.text(slowest.latency.p50)), the longest took "
              + "\(DurationFormat.text(slowest.latency.greatest)).")
        } else {
          text("There is nothing to measure.")
        }
      },
      numbers: [
        slowest.map {
          KeyNumber(
            "Slowest, p95: " + $0.operation.cut(40), duration: UInt64(max(0, $0.latency.p95.rawValue)),
            strong: "p50 " + DurationFormat.text($0.latency.p50),
            context: "n " + NumberFormat.grouped($0.latency.count))
        },
        busiest.map {
          KeyNumber(
            "Busiest, p95: " + $0.operation.cut(40), duration: UInt64(max(0, $0.latency.p95.rawValue)),
            strong: NumberFormat.counted($0.latency.count, "request"), context: "")
        },
        KeyNumber(
          "Entry points", NumberFormat.grouped(entries.count),
          context: "of " + NumberFormat.counted(conclusions.services.count, "service")),
      ].compactMap { $0 })
  }

  private func latencySentence(_ finding: Finding?, slowest: EntryPointResult?) -> String {
    if let finding { return finding.title.hasSuffix(".") ? finding.title : finding.title + "." }
    guard let slowest else { return "No request with a root span was found." }
    return
      "\(slowest.operation.cut(80)) is the slowest entry point: p95 \(DurationFormat.text(slowest.latency.p95))."
  }

  fileprivate func entryTable(_ entries: [EntryPointResult], shown: Set<Int>) {
    let longest = entries.map(\.latency.p99.rawValue).max() ?? 0
    let unit = DurationUnit.column(longest: UInt64(max(0, longest)))
    table(
      "Entry points", class: "ents", id: "entry-table",
      columns: [
        .text("Entry point"), .number("Requests"), .number("a second"), .number("Failed", "%"),
        .number("p50", unit.symbol), .number("p95", unit.symbol), .number("p99", unit.symbol),
        .picture("p95 over time"), .text("Most of the path"),
      ] + estimateColumns, rows: entries.count
    ) { row, index in
      let one = entries[index]
      row.head {
        swatch(one.service)
        text(one.service + " ")
        if shown.contains(index) {
          anchor(one.operation.cut(70), to: .fragment(Anchor.entryPoint(one.slug)))
        } else {
          markup.leaf(.span, .id(Anchor.entryPoint(one.slug)), text: one.operation.cut(70))
        }
      }
      row.count(one.latency.count + one.incomplete)
      row.number(NumberFormat.thousandths(UInt64(min(max(one.rate, 0), 1e12) * 1000)))
      row.number(
        PercentFormat.digits(
          UInt64(max(0, one.errors)), of: UInt64(max(0, one.latency.count + one.incomplete))))
      for value in [one.latency.p50, one.latency.p95, one.latency.p99] {
        row.duration(value.rawValue, in: unit)
      }
      row.cell {
        sparkline(
          one.series.map { UInt64(max(0, $0.p95.rawValue)) }, title: "p95 of \(one.operation) over the window"
        )
      }
      row.cell(class: "nw") {
        if let top = one.profileByService.first {
          swatch(top.service)
          text(top.service + " " + PercentFormat.share(top.share))
        }
      }
      estimateCells(one.estimated, row)
    }
    noteEstimates()
  }

  fileprivate func entrySection(_ entry: EntryPointResult) {
    section(
      Anchor.entryPoint(entry.slug), entry.operation.isEmpty ? "(no name)" : entry.operation.cut(80),
      lead: {
        element(.p) {
          service(entry.service)
          text(
            ": \(NumberFormat.counted(entry.latency.count, "request")), p50 \(DurationFormat.text(entry.latency.p50)), "
              + "p95 \(DurationFormat.text(entry.latency.p95)), p99 \(DurationFormat.text(entry.latency.p99))."
          )
          if entry.incomplete > 0 {
            text(
              " \(NumberFormat.counted(entry.incomplete, "request")) more without their true root are left out of the durations."
            )
          }
        }
      }
    ) {
      histogram(entry.latency, of: entry.operation)
      let parts = entry.profileByService.map {
        StackedPart(service: $0.service, name: $0.service, value: UInt64(max(0, $0.mean.rawValue)))
      }
      if !parts.isEmpty {
        heading("Where the time goes")
        note("The mean of what the caller waited for, divided among services without rest.")
        stackedBar(parts, label: "Critical path of \(entry.operation) by service, mean")
        profileByService(entry)
        profileTwin(entry)
        gaps(entry)
      }
      icicle(
        entry.callPaths, count: max(1, entry.callPaths.first?.count ?? 1),
        label: "Critical path of \(entry.operation) by call path")
      if !entry.cohortRows.isEmpty, entry.slow.count > 0 {
        heading("Slow against typical")
        cohorts(entry)
        differenceIcicle(entry)
        slowShared(entry)
      }
      whatIf(entry)
      if !entry.examples.isEmpty {
        heading("Traces")
        element(.p, "exs") { examples(entry.examples, limit: 8) }
      }
    }
  }

  /// Time between a caller and its callee: network, queueing, connection set-up.
  private func gaps(_ entry: EntryPointResult) {
    let gaps = entry.gaps.prefix(30).filter { $0.mean > .zero }
    guard !gaps.isEmpty else { return }
    let unit = DurationUnit.column(longest: UInt64(max(0, gaps.map(\.mean.rawValue).max() ?? 0)))
    twin(
      "of it between caller and callee (\(PercentFormat.share(gaps.reduce(0) { $0 + $1.share })) of the path)"
    ) {
      table(
        "Time between caller and callee of \(entry.operation)", class: "tight",
        columns: [
          .text("Caller → callee"), .number("mean", unit.symbol), .number("of the path", "%"),
          .number("in requests", "%"),
        ],
        rows: gaps.count
      ) { row, index in
        row.head {
          service(gaps[index].service)
          text(" → ")
          service(gaps[index].callee)
        }
        row.duration(gaps[index].mean.rawValue, in: unit)
        row.number(PercentFormat.digits(gaps[index].share))
        row.number(PercentFormat.digits(gaps[index].occurrence))
      }
    }
  }

  private func profileTwin(_ entry: EntryPointResult) {
    let rows = entry.profileByOperation.prefix(60)
    let unit = DurationUnit.column(longest: UInt64(max(0, rows.map(\.mean.rawValue).max() ?? 0)))
    twin("critical path by operation") {
      table(
        "Critical path by operation", class: "tight",
        columns: [
          .text("Service"), .text("Operation"), .number("mean", unit.symbol), .number("of the path", "%"),
          .number("in requests", "%"), .text("Longest", isSortable: false),
        ], rows: rows.count
      ) { row, index in
        let one = rows[index]
        row.head { service(one.service) }
        row.cell(one.operation.cut(80))
        row.duration(one.mean.rawValue, in: unit)
        row.number(PercentFormat.digits(one.share))
        row.number(PercentFormat.digits(one.occurrence))
        row.cell { if let worst = one.worst { trace(worst.evidence) } }
      }
      if rows.count < entry.profileByOperation.count {
        note("The first \(rows.count) of \(NumberFormat.grouped(entry.profileByOperation.count)) operations.")
      }
    }
  }
}
