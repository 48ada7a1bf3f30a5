package import TraceAnalysis
import TraceModel

/// `sampling.html`: what each policy keeps, loses and costs; what the spans take.
package enum SamplingPage {
  /// The page by itself, for `tracebook simulate`.
  package static func single(_ conclusions: Conclusions, options: ReportOptions) throws -> [UInt8] {
    var options = options
    options.isSinglePage = true
    let context = ReportContext(conclusions: conclusions, tracesWithPage: [], options: options)
    let shell = PageShell(version: options.version)
    return try render(context: context, shell: shell).bytes
  }

  static func render(context: ReportContext, shell: PageShell) throws -> ByteBuilder {
    let page = Page(.sampling, in: context)
    let conclusions = context.conclusions
    return try page.render(title: "Sampling and storage", crumbs: [Crumb("Sampling")], in: shell) {
      if let simulation = conclusions.simulation {
        page.samplingVerdict(simulation)
        if let recommendation = simulation.recommendation { page.recommendation(recommendation) }
        page.policies(simulation)
        page.samplingEstimates(simulation)
        for (number, policy) in simulation.policies.enumerated() where !policy.isYardstick {
          page.policy(policy, number, simulation)
        }
        page.decisions(simulation)
        page.samplingAdvice(simulation.advice)
      } else {
        page.storageVerdict()
      }
      page.arrivedSampling(conclusions.arrived)
      if let storage = conclusions.storage {
        page.storage(storage)
        if let simulation = conclusions.simulation { page.policyProjection(storage, simulation) }
        page.growth(conclusions.projection(storage))
      }
      page.samplingAssumptions()
    }
  }
}

extension Page {
  fileprivate func samplingVerdict(_ simulation: SimulationResult) {
    let total = simulation.total
    let policies = simulation.policies.filter { !$0.isYardstick }
    guard let first = policies.first else {
      return verdict(
        "No policy was replayed.", kicker: { text("Sampling and storage") }, lead: {}, numbers: [])
    }
    let spans = PercentFormat.share(UInt64(first.kept.spans), of: UInt64(total.spans))
    let errors = PercentFormat.share(
      UInt64(first.visible.errorTraces), of: UInt64(simulation.visible.errorTraces))
    let cost = PolicyCost(
      first.kept, seconds: simulation.seconds, packedRatio: conclusions.storage?.packedRatio)
    let all = PolicyCost(total, seconds: simulation.seconds, packedRatio: conclusions.storage?.packedRatio)
    let sentence =
      simulation.visible.errorTraces > 0
      ? "\(first.name) keeps \(spans) of all spans and \(errors) of the failing traces."
      : "\(first.name) keeps \(spans) of all spans; no trace failed."
    verdict(
      sentence, kicker: { text("Sampling and storage") },
      lead: {
        text(
          "\(NumberFormat.counted(policies.count, "policy", "policies")) replayed on all "
            + "\(NumberFormat.counted(total.traces, "trace")). ")
        text(estimateSentence(first))
      },
      numbers: [
        KeyNumber(
          "Failing traces kept", NumberFormat.grouped(first.visible.errorTraces),
          context: "of " + NumberFormat.grouped(simulation.visible.errorTraces)),
        KeyNumber(
          "Written in a day", ByteCountFormat.text(UInt64(clamping: Int64(min(cost.bytesPerDay, 9e18)))),
          context: "instead of " + ByteCountFormat.text(UInt64(clamping: Int64(min(all.bytesPerDay, 9e18))))),
        KeyNumber(
          "Cost in a month, in an index", "$" + EstimateWords.money(cost.indexMonthly),
          context: "instead of $" + EstimateWords.money(all.indexMonthly)),
      ])
  }

  private func estimateSentence(_ policy: PolicyOutcome) -> String {
    guard policy.isRepresentative else { return whyNoEstimate(policy) }
    return "From what it keeps the error rate is told as "
      + "\(EstimateWords.errorRate(policy.overall.errorRate)) (truth "
      + "\(PercentFormat.share(policy.overall.errorRate.truth))) and the p99 as "
      + "\(EstimateWords.duration(policy.overall.p99)) (truth "
      + "\(DurationFormat.text(EstimateWords.nanoseconds(policy.overall.p99.truth))))."
  }

  private func whyNoEstimate(_ policy: PolicyOutcome) -> String {
    if policy.kept.traces == 0 { return "It keeps nothing, so nothing can be estimated." }
    if policy.neverKept > 0 {
      return
        "\(NumberFormat.counted(policy.neverKept, "trace")) can never be kept, whatever their id, so no rate "
        + "and no percentile can be estimated from what is: add an unconditional probabilistic part."
    }
    if policy.unweighted * 20 <= policy.kept.traces {
      return
        "Only \(NumberFormat.counted(policy.keptByChance, "trace")) of those left to chance are kept: too few."
    }
    return
      "\(NumberFormat.counted(policy.unweighted, "kept trace")) stand for no known number of others, since a "
      + "budget decided over them: counts are lower bounds."
  }

  fileprivate func policies(_ simulation: SimulationResult) {
    section(
      "policies", "Policies",
      "Side by side with everything, and with consistent head sampling of as many spans as each policy keeps.",
      isWide: true
    ) {
      keptChart(simulation)
      let all = KeptRow(simulation)
      let rows = [all] + simulation.policies.map { KeptRow($0, simulation) }
      table(
        "Policies: what is kept", id: "policy-table",
        columns: [
          .text("Policy"), .number("Traces", "%"), .number("Spans", "%"), .number("Bytes", "a day"),
          .number("Failing", "kept, %"), .number("Slow", "kept, %"), .number("Rare", "operations"),
          .number("Services"), .number("Calls"), .number("In an index", "$ a month"),
          .number("Objects", "$ a month"),
        ], rows: rows.count
      ) { row, index in
        let one = rows[index]
        let cost = PolicyCost(
          one.kept, seconds: simulation.seconds, packedRatio: conclusions.storage?.packedRatio)
        row.head {
          leaf(.b, nil, one.name.cut(60))
          if !one.meaning.isEmpty { leaf(.p, "mute", one.meaning) }
        }
        row.number(PercentFormat.digits(UInt64(one.kept.traces), of: UInt64(simulation.total.traces)))
        row.number(PercentFormat.digits(UInt64(one.kept.spans), of: UInt64(simulation.total.spans)))
        let bytes = UInt64(clamping: Int64(min(cost.bytesPerDay, 9e18)))
        row.number(ByteCountFormat.text(bytes), key: bytes)
        row.number(
          PercentFormat.digits(UInt64(one.visible.errorTraces), of: UInt64(simulation.visible.errorTraces)))
        row.number(
          PercentFormat.digits(UInt64(one.visible.slowTraces), of: UInt64(simulation.visible.slowTraces)))
        row.number("\(one.visible.rareOperations) of \(simulation.visible.rareOperations)")
        row.number("\(one.visible.services) of \(simulation.visible.services)")
        row.number("\(one.visible.links) of \(simulation.visible.links)")
        row.number(EstimateWords.money(cost.indexMonthly))
        row.number(EstimateWords.money(cost.objectMonthly))
      }
      note(
        "Slow: at least the p99 of its entry point. Rare: an operation that fewer than 10 traces have; kept means that "
          + "one example is left.")
    }
  }

  fileprivate func samplingEstimates(_ simulation: SimulationResult) {
    guard !simulation.policies.isEmpty else { return }
    section(
      "estimates", "Estimates",
      "What is told of all requests from the kept ones alone, weighted by the inverse of their probability, beside the "
        + "truth. Intervals of 95 %.", isWide: true
    ) {
      intervalChart(simulation)
      table(
        "Estimates of all requests",
        columns: [
          .text("Policy"), .number("Requests"), .number("Error rate"), .number("p50"), .number("p95"),
          .number("p99"), .number("p99 off by"),
        ], rows: simulation.policies.count + 1
      ) { row, index in
        guard index > 0 else {
          let truth = SimulationTable.truth(simulation.policies[0].overall)
          row.head("Truth")
          estimateCells(truth, isShown: true, row)
          return row.number("0")
        }
        let policy = simulation.policies[index - 1]
        row.head(policy.name.cut(60))
        estimateCells(policy.overall, isShown: policy.isRepresentative, row)
        row.number(policy.isRepresentative ? EstimateWords.error(policy.overall.p99) : "–")
      }
      for policy in simulation.policies where !policy.isRepresentative && !policy.isYardstick {
        note(policy.name + ": " + whyNoEstimate(policy))
      }
    }
  }

  private func estimateCells(_ population: PopulationEstimate, isShown: Bool, _ row: TableRow) {
    guard isShown, population.keptTraces > 0 || population.requests.isExact else {
      for _ in 0..<5 { row.number("–") }
      return
    }
    row.number(EstimateWords.count(population.requests))
    row.number(EstimateWords.errorRate(population.errorRate))
    row.number(EstimateWords.duration(population.p50))
    row.number(EstimateWords.duration(population.p95))
    row.number(EstimateWords.duration(population.p99))
  }

  // MARK: One policy

  fileprivate func policy(_ policy: PolicyOutcome, _ number: Int, _ simulation: SimulationResult) {
    section("policy-\(number + 1)", policy.name.cut(60), policy.meaning + ".", isWide: true) {
      rules(policy)
      losses(policy, simulation)
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
        row.count(one.keptTraces)
        row.count(Int(one.requests.truth))
        let isShown = policy.isRepresentative && one.keptTraces > 0
        row.number(isShown ? EstimateWords.count(one.requests) : "–")
        row.number(PercentFormat.share(one.errorRate.truth))
        row.number(isShown ? EstimateWords.errorRate(one.errorRate) : "–")
        row.number(isShown ? EstimateWords.error(one.p50) : "–")
        row.number(DurationFormat.text(EstimateWords.nanoseconds(one.p99.truth)))
        row.number(isShown ? EstimateWords.duration(one.p99) : "–")
        row.cell(tellable(one))
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

  // MARK: Decisions and assumptions

  fileprivate func decisions(_ simulation: SimulationResult) {
    let policies = simulation.policies.filter { !$0.isYardstick }.prefix(6)
    guard !simulation.examples.isEmpty, !policies.isEmpty else { return }
    section(
      "decisions", "Decisions",
      "What became of some traces, and by which rule: failing, slow, rare and ordinary ones, in the order in which they "
        + "are decided.", isWide: true
    ) {
      table(
        "Decisions over example traces",
        columns: [
          .text("Trace"), .text("Entry point"), .number("Duration"), .number("Spans"), .text("Failed"),
        ]
          + policies.map { .text($0.name.cut(40)) }, rows: simulation.examples.count
      ) { row, index in
        let one = simulation.examples[index]
        row.head { trace(Evidence(traceID: one.id, spanID: .absent)) }
        row.cell((one.entryPoint.service + ": " + one.entryPoint.operation).cut(70))
        row.number(DurationFormat.text(UInt64(max(0, one.duration.rawValue))))
        row.count(one.spanCount)
        row.cell {
          if one.hasError {
            mark(.error, .bad)
            text(" failed")
          } else {
            leaf(.span, "mute", "no")
          }
        }
        for decision in one.decisions.prefix(policies.count) { row.cell { self.decision(decision) } }
      }
    }
  }

  private func decision(_ decision: (decision: SamplingDecision, rule: String)) {
    switch decision.decision {
    case .sampled:
      leaf(.b, nil, "kept")
      if !decision.rule.isEmpty { text(" by " + decision.rule.cut(60)) }
    case .notSampled: leaf(.span, "mute", "not kept")
    case .dropped:
      mark(.error, .bad)
      text(" dropped by " + decision.rule.cut(60))
    }
  }

  fileprivate func samplingAssumptions() {
    let prices = Prices()
    let seconds = conclusions.measuredSeconds
    section("assumptions", "Assumptions", "What these numbers rest on.") {
      element(.ul) {
        if conclusions.simulation != nil {
          leaf(
            .li, nil,
            "Every span arrived in time: waiting times, caches and late spans of a collector are not replayed. Traces are "
              + "decided in order of their latest end; budgets go by the second of it, in UTC.")
          leaf(
            .li, nil,
            "The archives are taken as complete. Where they were sampled themselves, shares are of what is here."
          )
        }
        leaf(
          .li, nil,
          "A day is what the archives hold, scaled from \(DurationFormat.text(UInt64(min(seconds * 1e9, 9e18))))"
            + " to 24 hours.")
        let disk = prices.disks.first?.name ?? ""
        let store = prices.objectStores.first?.name ?? ""
        leaf(
          .li, nil,
          "In an index: bytes a day × \(Int(PolicyCost.days)) days × 50 % × 2 copies ÷ 0.85 full, on \(disk) at "
            + "$\(prices.disks.first?.perGiBMonth ?? 0) per GiB and month. Objects: bytes a day × "
            + "\(Int(PolicyCost.days)) days × what packing leaves ("
            + PercentFormat.share(conclusions.storage?.packedRatio ?? PolicyCost.objectRatio)
            + (conclusions.storage?.packedRatio == nil ? ", assumed" : ", as these archives are")
            + "), in \(store) at "
            + "$\(prices.objectStores.first?.perGiBMonth ?? 0). Prices of \(prices.asOf), list, us-east-1; a GiB is 2^30 "
            + "bytes. Bytes of archives are not bytes of a store: indices and compaction differ.")
      }
    }
  }
}

/// A row of the table of policies; everything is one, too.
struct KeptRow {
  var name: String
  var meaning: String
  var kept: KeptAmount
  var visible: Visibility

  init(_ simulation: SimulationResult) {
    name = "Everything"
    meaning = "what the archives hold"
    kept = simulation.total
    visible = simulation.visible
  }

  init(_ policy: PolicyOutcome, _ simulation: SimulationResult) {
    name = policy.name
    meaning = policy.meaning
    kept = policy.kept
    visible = policy.visible
  }
}
