import TraceAnalysis
import TraceModel

/// `index.html`: how was it, what stands out, which services, when, and which traces to look at.
enum OverviewPage {
  static func render(_ context: ReportContext, shell: PageShell) throws -> ByteBuilder {
    let page = Page(.overview, in: context)
    return try page.render(title: context.options.title, in: shell) {
      page.overviewVerdict()
      let found = context.conclusions.findings
      page.section("findings", "Findings", page.findingsLead(found)) {
        page.allFindings(found)
      }
      page.suspects()
      page.againstBaseline()
      page.section("services", "Services", page.servicesLead) { page.services() }
      page.section("traffic", "Traffic and failures", page.trafficLead) {
        page.timeline(context.conclusions.timeline)
      }
      page.section("heat", "Latency", "Each cell counts the traces of one stretch of time and duration.") {
        page.heatMap(context.conclusions.heatMap, id: "heat")
      }
      page.section("traces", "Slowest and failing", page.tracesLead) { page.traceTables() }
    }
  }
}

extension Page {
  fileprivate var requests: Int {
    conclusions.entryPoints.reduce(0) { $0 + $1.latency.count + $1.incomplete }
  }

  fileprivate var failures: Int { conclusions.entryPoints.reduce(0) { $0 + $1.errors } }

  fileprivate func overviewVerdict() {
    let top = conclusions.findings.first { $0.severity == .high || $0.severity == .medium }
    let window = conclusions.window
    verdict(
      verdictSentence(top),
      kicker: {
        if let top {
          severity(top.severity)
          text(" ")
        }
        text(stamps.longDate(window.start.rawValue) + ", ")
        text(
          stamps.time(window.start.rawValue) + " to " + stamps.time(window.end.rawValue) + " "
            + stamps.zoneName)
      },
      lead: {
        if let top {
          text(top.proof.prefix(2).joined(separator: " ") + " ")
          if let address = link(of: top) { anchor("See where and why", to: address) }
          if let evidence = top.evidence.first,
            let address = link(to: evidence.traceID, span: evidence.spanID)
          {
            text(" or ")
            anchor("open a trace that shows it", to: address)
          }
          text(".")
        } else {
          text(
            "\(NumberFormat.counted(conclusions.services.count, "service")) answered "
              + "\(NumberFormat.counted(requests, "request")). No rule that looks for trouble found anything that matters."
          )
        }
      }, numbers: overviewNumbers())
  }

  private func verdictSentence(_ top: Finding?) -> String {
    if conclusions.traceCount == 0 { return "No traces were found in these archives." }
    if let top { return top.title.hasSuffix(".") ? top.title : top.title + "." }
    if failures == 0 {
      return "Nothing stands out: \(NumberFormat.counted(requests, "request")), none failed."
    }
    let share = PercentFormat.share(UInt64(failures), of: UInt64(max(requests, 1)))
    return "Nothing stands out: \(NumberFormat.grouped(failures)) of "
      + "\(NumberFormat.counted(requests, "request")) failed, \(share)."
  }

  private func overviewNumbers() -> [KeyNumber] {
    let share = PercentFormat.share(UInt64(max(failures, 0)), of: UInt64(max(requests, 0)))
    var numbers = [
      KeyNumber(
        "Failed requests", NumberFormat.grouped(failures), strong: share,
        context: "of " + NumberFormat.counted(requests, "request"))
    ]
    if let slowest = conclusions.entryPoints.max(by: { $0.latency.p95 < $1.latency.p95 }) {
      numbers.append(
        KeyNumber(
          "Slowest entry point, p95: " + slowest.operation.cut(40),
          duration: UInt64(max(0, slowest.latency.p95.rawValue)),
          strong: "p50 " + DurationFormat.text(slowest.latency.p50),
          context: "n " + NumberFormat.grouped(slowest.latency.count)))
    }
    let seconds = Double(conclusions.window.end.rawValue &- conclusions.window.start.rawValue) / 1e9
    let rate = seconds > 0 ? Double(conclusions.traceCount) / seconds : 0
    numbers.append(
      KeyNumber(
        "Traces read", NumberFormat.grouped(conclusions.traceCount),
        strong: NumberFormat.thousandths(UInt64(min(max(rate, 0), 1e12) * 1000)) + " per second",
        context: "; " + NumberFormat.grouped(conclusions.input.spansAccepted) + " spans" + inAll))
    return numbers
  }

  /// How many requests the traces stand for, where archives were sampled and say how.
  private var inAll: String {
    guard conclusions.arrived.isWeighted, let overall = conclusions.arrived.overall else { return "" }
    return "; they stand for \(EstimateWords.count(overall.requests)) requests"
  }

  fileprivate func findingsLead(_ findings: [Finding]) -> String {
    let high = findings.filter { $0.severity == .high }.count
    let medium = findings.filter { $0.severity == .medium }.count
    if findings.isEmpty { return "Ranked by severity, then by how many requests they touch." }
    let start =
      high > 0
      ? "\(NumberFormat.counted(high, "finding")) of high severity."
      : medium > 0
        ? "None of high, \(NumberFormat.grouped(medium)) of medium severity."
        : "None of high or medium severity."
    return start + " Ranked by severity, then by how many requests they touch."
  }

  func suspects() {
    let suspects = conclusions.suspects.filter { $0.score > 0 }.prefix(5)
    guard !suspects.isEmpty else { return }
    section("suspects", "Suspects", "Services as the cause of what stands out, most suspect first.") {
      table(
        "Suspects",
        columns: [.text("Service"), .number("Score"), .text("Why"), .text("Traces", isSortable: false)],
        rows: suspects.count
      ) { row, index in
        let suspect = suspects[index]
        row.head { service(suspect.service) }
        row.number(NumberFormat.fixed(UInt64(min(max(suspect.score, 0), 1) * 100 + 0.5), decimals: 2))
        row.cell(suspect.reasons.joined(separator: "; "))
        row.cell(class: "nw") {
          for evidence in suspect.evidence.prefix(2) {
            trace(evidence)
            text(" ")
          }
        }
      }
    }
  }

  fileprivate var servicesLead: String {
    let count = conclusions.services.count
    return
      "\(NumberFormat.counted(count, "service")) that report spans. Most suspect first, then by failed requests."
  }

  fileprivate var trafficLead: String {
    let points = conclusions.timeline.points
    guard let worst = points.max(by: { $0.errors < $1.errors }), worst.errors > 0 else {
      return "Requests over the window; none failed."
    }
    return "Most failures from \(stamps.time(worst.start.rawValue)): "
      + "\(NumberFormat.grouped(worst.errors)) of \(NumberFormat.counted(worst.count, "request"))."
  }

  fileprivate var tracesLead: String {
    let shown = context.tracesWithPage.count
    let total = NumberFormat.counted(conclusions.traceCount, "trace")
    return "\(NumberFormat.grouped(shown)) of \(total) have a page: those the findings point to, "
      + "the slowest and the failing of each entry point, and a typical one."
  }

  fileprivate func traceTables() {
    let listed = conclusions.traces.filter { context.tracePath($0.id) != nil }
    let slowest = atMostTwoEach(listed.sorted { ($0.duration, $1.id) > ($1.duration, $0.id) }).prefix(12)
    heading("Slowest, at most two of an entry point")
    traceTable(Array(slowest), label: "Slowest traces")
    let failing = atMostTwoEach(
      listed.filter { $0.rootFailed || $0.errorCount > 0 }.sorted { left, right in
        if left.rootFailed != right.rootFailed { return left.rootFailed }
        return (left.start, left.id) > (right.start, right.id)
      }
    ).prefix(12)
    if !failing.isEmpty {
      heading("Failing, newest first, at most two of an entry point")
      traceTable(Array(failing), label: "Failing traces")
    }
    element(.p) { anchor("All listed traces, with search", to: link("search.html")) }
  }

  private func atMostTwoEach(_ traces: [TraceSummary]) -> [TraceSummary] {
    var seen: [String: Int] = [:]
    return traces.filter { trace in
      let count = seen[trace.rootService + "\u{0}" + trace.rootOperation, default: 0]
      seen[trace.rootService + "\u{0}" + trace.rootOperation] = count + 1
      return count < 2
    }
  }
}
