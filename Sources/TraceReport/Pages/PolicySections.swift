import TraceAnalysis
import TraceModel

/// One policy on `sampling.html`: its rules, what it loses, and what is told from what it keeps.
extension Page {
  func policy(_ policy: PolicyOutcome, _ number: Int, _ simulation: SimulationResult) {
    section("policy-\(number + 1)", policy.name.cut(60), policy.meaning + ".", isWide: true) {
      rules(policy)
      losses(policy, simulation)
      ruleEstimates(policy)
      populations(policy, "By entry point", policy.entryPoints)
      populations(policy, "By service", policy.services)
    }
  }

  private func rules(_ policy: PolicyOutcome) {
    guard !policy.rules.isEmpty else { return }
    let most = UInt64(max(policy.rules.map(\.traces).max() ?? 0, 1))
    heading("Rules")
    table(
      "Rules of " + policy.name.cut(60),
      columns: [
        .text("Rule"), .text("Asks"), .number("Traces", "wanted and kept"), .picture(""),
        .number("by it alone"), .number("of those kept", "%"),
      ], rows: min(policy.rules.count, 200)
    ) { row, index in
      let rule = policy.rules[index]
      row.head { leaf(.span, "mono", rule.name.cut(60)) }
      row.cell(rule.meaning.cut(300), class: "msg")
      row.count(rule.traces)
      row.cell { bar(UInt64(rule.traces), of: most) }
      row.count(rule.alone)
      row.number(PercentFormat.digits(UInt64(rule.traces), of: UInt64(policy.kept.traces)))
    }
  }

  /// What is told of the requests that each rule is about.
  private func ruleEstimates(_ policy: PolicyOutcome) {
    let rules = policy.rules.filter { $0.population.requests.truth > 0 }
    guard !rules.isEmpty, policy.kept.traces > 0 else { return }
    element(.details, "twin") {
      leaf(.summary, nil, "By rule: estimates of the requests that each is about")
      table(
        "Estimates by rule of \(policy.name.cut(60))",
        columns: [
          .text("Rule"), .number("Kept"), .number("Requests", "truth"), .number("estimate"),
          .number("Error rate", "truth"), .number("estimate"), .number("p50", "off by"),
          .number("p99", "truth"), .number("estimate"), .text("What can be told"),
        ], rows: rules.count
      ) { row, index in
        let one = rules[index].population
        row.head { leaf(.span, "mono", rules[index].name.cut(60)) }
        figureCells(one, isShown: rules[index].chances.isRepresentative, row)
      }
      note(
        "A rule is about the traces that it would keep if chance and budgets allowed: a probabilistic one about all. They are "
          + "estimated from all that is kept of them, whichever rule kept them.")
    }
  }

  /// Truth and estimates of one population, after its name.
  private func figureCells(_ one: PopulationEstimate, isShown: Bool, _ row: TableRow) {
    let isShown = isShown && one.keptTraces > 0
    row.count(one.keptTraces)
    row.count(Int(min(one.requests.truth.rounded(), 9e15)))
    row.number(isShown ? EstimateWords.count(one.requests) : "–")
    row.number(PercentFormat.share(one.errorRate.truth))
    row.number(isShown ? EstimateWords.errorRate(one.errorRate) : "–")
    row.number(isShown ? EstimateWords.error(one.p50) : "–")
    row.number(DurationFormat.text(EstimateWords.nanoseconds(one.p99.truth)))
    row.number(isShown ? EstimateWords.duration(one.p99) : "–")
    row.cell(tellable(one))
  }

  private func losses(_ policy: PolicyOutcome, _ simulation: SimulationResult) {
    let rows: [(String, Int, [String])] = [
      ("Services", simulation.visible.services - policy.visible.services, policy.lostServices),
      (
        "Calls", simulation.visible.links - policy.visible.links,
        policy.lostLinks.map { $0.parent + " → " + $0.child }
      ),
      (
        "Operations", simulation.visible.operations - policy.visible.operations,
        policy.lostOperations.map { $0.service + ": " + $0.operation }
      ),
    ].filter { $0.1 > 0 }
    guard !rows.isEmpty else {
      return note("Of every service, call and operation at least one example is left.")
    }
    heading("Without any example")
    table(
      "What is lost by " + policy.name.cut(60), columns: [.text("What"), .number("lost"), .text("Which")],
      rows: rows.count
    ) { row, index in
      row.head(rows[index].0)
      row.count(rows[index].1)
      let shown = rows[index].2.prefix(12).map { $0.cut(80) }.joined(separator: ", ")
      row.cell(
        shown + (rows[index].1 > 12 ? " and \(NumberFormat.grouped(rows[index].1 - 12)) more" : ""),
        class: "msg")
    }
  }

  private func populations(_ policy: PolicyOutcome, _ title: String, _ rows: [PopulationEstimate]) {
    guard !rows.isEmpty, policy.kept.traces > 0 else { return }
    let isByService = rows[0].operation.isEmpty
    element(.details, "twin") {
      leaf(.summary, nil, title + ": estimates from what is kept")
      table(
        "\(title): estimates by \(policy.name.cut(60))", id: nil,
        columns: [
          .text(isByService ? "Service" : "Entry point"), .number("Kept"), .number("Requests", "truth"),
          .number("estimate"), .number("Error rate", "truth"), .number("estimate"), .number("p50", "off by"),
          .number("p99", "truth"), .number("estimate"), .text("What can be told"),
        ], rows: min(rows.count, 40)
      ) { row, index in
        let one = rows[index]
        row.head {
          service(one.service)
          if !isByService { text(" " + one.operation.cut(80)) }
        }
        figureCells(one, isShown: policy.isRepresentative, row)
      }
      if rows.count > 40 {
        note("40 of \(NumberFormat.grouped(rows.count)) rows are shown; all are in the JSON.")
      }
    }
  }

  /// What the number of kept traces is enough for (reference on sampling, section 7).
  private func tellable(_ population: PopulationEstimate) -> String {
    switch population.keptTraces {
    case 0: "nothing: no example is left"
    case ..<100: "single traces; a p99 needs 100"
    case ..<2_300: "a p99; to tell an error rate of 1 % from 2 % needs 2,300"
    default: "a p99, and an error rate of 1 % from 2 %"
    }
  }
}
