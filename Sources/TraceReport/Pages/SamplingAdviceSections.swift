import TraceAnalysis

/// The recommended policy, advice, and what the archives say of their own sampling, on `sampling.html`.
extension Page {
  func recommendation(_ recommendation: PolicyRecommendation) {
    section(
      "recommended", "Recommended policy",
      "For \(recommendation.budget.words), ready to paste into the Collector.",
      isWide: true
    ) {
      for reason in recommendation.reasons { leaf(.p, nil, reason) }
      element(.div, "raw") { leaf(.pre, nil, recommendation.yaml) }
      heading("What was tried")
      table(
        "Sets of rules that were tried",
        columns: [
          .text("Always kept"), .number("Traces"), .number("of the budget", "%"),
          .number("left for a base", "%"),
          .text("Taken"),
        ], rows: recommendation.trials.count
      ) { row, index in
        let trial = recommendation.trials[index]
        row.head(trial.meaning)
        row.count(trial.traces)
        row.number(PercentFormat.digits(trial.budgetShare))
        row.number(PercentFormat.digits(trial.basePercent / 100))
        row.cell { if trial.isChosen { leaf(.b, nil, "this one") } }
      }
    }
  }

  func samplingAdvice(_ findings: [Finding]) {
    section("advice", "Advice", "What these numbers suggest, worst first.") {
      if findings.isEmpty { return note("Nothing stands out against these policies.") }
      table(
        "Advice", columns: [.text("Severity"), .text("What"), .text("Numbers"), .text("What to do")],
        rows: min(findings.count, 60)
      ) { row, index in
        let one = findings[index]
        row.head { severity(one.severity) }
        row.cell(one.title, class: "msg")
        row.cell(class: "msg") { for sentence in one.proof { leaf(.p, nil, sentence) } }
        row.cell(one.nextStep, class: "msg")
      }
    }
  }

  func arrivedSampling(_ arrived: ArrivedSampling) {
    section(
      "arrived", "How these archives were sampled",
      arrived.isWeighted
        ? "They say so themselves: figures of all traffic, scaled by their weights, with 95 % intervals."
        : arrived.isSilent
          ? "They do not say it: all figures are of what is here, whatever share of the traffic that is."
          : "Too few traces say it: all figures are of what is here.", isWide: true
    ) {
      table(
        "Traces by where their weight comes from",
        columns: [.text("Weight from"), .number("Traces"), .number("of all", "%")],
        rows: arrived.schemes.count
      ) { row, index in
        let one = arrived.schemes[index]
        row.head { leaf(.span, "mono", one.scheme.rawValue) }
        row.count(one.traces)
        row.number(PercentFormat.digits(UInt64(one.traces), of: UInt64(arrived.traces)))
      }
      for one in arrived.notes { note("\(one.code): \(one.message)") }
      if arrived.isSilent {
        note("If a head sampler kept a share of all requests, give it: --sampling-ratio 0.1.")
      }
      if arrived.isWeighted, let overall = arrived.overall {
        population(overall, arrived.entryPoints, arrived, isByService: false)
        population(nil, arrived.services, arrived, isByService: true)
        note(
          "Percentiles are those of all requests: each request here counts as often as it stands for. On the other pages they "
            + "are of what is here; the two differ where traces were kept at several rates.")
      }
      audit(arrived.audit)
    }
  }

  private func population(
    _ overall: PopulationEstimate?, _ estimates: [PopulationEstimate], _ arrived: ArrivedSampling,
    isByService: Bool
  ) {
    guard !estimates.isEmpty else { return }
    var rows = Array(estimates.prefix(40))
    if var overall {
      overall.operation = "all requests"
      rows.insert(overall, at: 0)
    }
    heading(isByService ? "By service" : "By entry point")
    table(
      isByService
        ? "Requests of each service in all, estimated from what is here"
        : "All traffic, estimated from what is here",
      columns: [
        .text(isByService ? "Service" : "Entry point"), .number("Here"), .number("Requests", "estimated"),
        .number("a second"), .number("Failed", "estimated"), .number("Error rate"), .number("p50"),
        .number("p95"), .number("p99"),
      ], rows: rows.count
    ) { row, index in
      let one = rows[index]
      row.head {
        if !one.service.isEmpty {
          service(one.service)
          text(" ")
        }
        text(one.operation.cut(80))
      }
      row.count(one.items)
      row.number(EstimateWords.count(one.requests))
      row.number(arrived.seconds > 0 ? EstimateWords.rate(one.requests.value / arrived.seconds) : "–")
      row.number(EstimateWords.count(one.errors))
      row.number(EstimateWords.errorRate(one.errorRate))
      row.number(EstimateWords.duration(one.p50))
      row.number(EstimateWords.duration(one.p95))
      row.number(EstimateWords.duration(one.p99))
    }
    if estimates.count > 40 {
      note("40 of \(NumberFormat.grouped(estimates.count)) rows are shown; all are in the JSON.")
    }
  }

  private func audit(_ rows: [(rule: String, share: Double)]) {
    guard !rows.isEmpty else { return }
    heading("Which client's rule kept these ids")
    table(
      "Share of the ids that are here that each rule would keep at the given ratio",
      columns: [.text("Rule"), .number("would keep", "%")], rows: rows.count
    ) { row, index in
      row.head { leaf(.span, "mono", rows[index].rule) }
      row.number(PercentFormat.digits(rows[index].share))
    }
    note("About 100 % for the rule that was used, about the ratio for all others.")
  }
}
