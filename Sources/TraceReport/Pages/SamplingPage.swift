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
      if let simulation = conclusions.simulation { page.joinedNames(simulation) }
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
    let spans = PercentFormat.share(first.kept.inAll.spans / max(total.inAll.spans, 1))
    let errors = PercentFormat.share(
      UInt64(first.visible.errorTraces), of: UInt64(simulation.visible.errorTraces))
    let cost = PolicyCost(
      first.kept, seconds: simulation.seconds, packedRatio: conclusions.storage?.packedRatio,
      basis: conclusions.costs)
    let all = PolicyCost(
      total, seconds: simulation.seconds, packedRatio: conclusions.storage?.packedRatio,
      basis: conclusions.costs)
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
          "Cost in a month, in an index", conclusions.costs.sign + EstimateWords.money(cost.indexMonthly),
          context: "instead of \(conclusions.costs.sign)" + EstimateWords.money(all.indexMonthly)),
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

  func whyNoEstimate(_ policy: PolicyOutcome) -> String {
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
          .number("Services"), .number("Calls"), .number("In an index", conclusions.costs.unit + " a month"),
          .number("Objects", conclusions.costs.unit + " a month"),
        ], rows: rows.count
      ) { row, index in
        let one = rows[index]
        let cost = PolicyCost(
          one.kept, seconds: simulation.seconds, packedRatio: conclusions.storage?.packedRatio,
          basis: conclusions.costs)
        row.head {
          leaf(.b, nil, one.name.cut(60))
          if !one.meaning.isEmpty { leaf(.p, "mute", one.meaning) }
        }
        let (kept, all) = (one.kept.inAll, simulation.total.inAll)
        row.number(PercentFormat.digits(kept.traces / max(all.traces, 1)))
        row.number(PercentFormat.digits(kept.spans / max(all.spans, 1)))
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
      if simulation.isWeighted {
        note(
          "These archives were sampled themselves: traces, spans, bytes, money and estimates are of all that they stand for. "
            + "Failing, slow and rare ones, services and calls are the examples that are here.")
      }
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

  // MARK: Decisions and assumptions

  fileprivate func decisions(_ simulation: SimulationResult) {
    let policies = simulation.policies.filter { !$0.isYardstick }.prefix(6)
    guard !simulation.examples.isEmpty, !policies.isEmpty else { return }
    section(
      "decisions", "Decisions",
      "What became of some traces, by which rule and why: failing, slow, rare and ordinary ones, in the order in which they "
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
        row.cell(class: "nw") {
          if one.hasError {
            mark(.error, .bad)
            text(" failed")
          } else {
            leaf(.span, "mute", "no")
          }
        }
        for decision in one.decisions.prefix(policies.count) {
          row.cell(class: "msg") { self.decision(decision) }
        }
      }
    }
  }

  private func decision(_ decision: ExplainedTrace.Decision) {
    switch decision.decision {
    case .sampled:
      leaf(.b, nil, "kept")
      if !decision.rule.isEmpty { text(" by " + decision.rule.cut(60)) }
    case .notSampled: leaf(.span, "mute", "not kept")
    case .dropped:
      mark(.error, .bad)
      text(" dropped by " + decision.rule.cut(60))
    }
    if !decision.reason.isEmpty { leaf(.span, "mute", ": " + decision.reason.cut(160)) }
  }

  /// What was too much to be told apart by the simulation; not there when everything was.
  fileprivate func joinedNames(_ simulation: SimulationResult) {
    guard !simulation.joined.isEmpty else { return }
    section(
      "joined", "Too many to tell apart",
      "Figures of everything would not fit into memory. The most frequent have figures of their own, the rest is counted "
        + "together, and adaptive sampling takes it for one operation."
    ) { joinedTable(simulation.joined) }
  }

  fileprivate func samplingAssumptions() {
    let costs = conclusions.costs
    let prices = costs.prices
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
            "The archives are taken as complete, unless they say themselves how they were sampled: then amounts and estimates "
              + "are of all that they stand for."
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
          "In an index: bytes a day × \(costs.daysText) days × 50 % × 2 copies ÷ 0.85 full, on \(disk) at "
            + "\(costs.sign)\(prices.disks.first?.perGiBMonth ?? 0) per GiB and month. Objects: bytes a day × "
            + "\(costs.daysText) days × what packing leaves ("
            + PercentFormat.share(conclusions.storage?.packedRatio ?? PolicyCost.objectRatio)
            + (conclusions.storage?.packedRatio == nil ? ", assumed" : ", as these archives are")
            + "), in \(store) at "
            + "\(costs.sign)\(prices.objectStores.first?.perGiBMonth ?? 0). Prices of \(prices.asOf)"
            + (prices.asOf == Prices().asOf ? ", list, us-east-1" : "") + "; a GiB is 2^30 "
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
