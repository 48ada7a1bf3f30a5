package import TraceAnalysis
import TraceModel

/// What `tracebook simulate --format json` prints, and `sampling` of `report.json`.
package enum SimulationJSON {
  /// The whole document, ended by a line feed.
  package static func document(_ conclusions: Conclusions) -> [UInt8] {
    var json = JSONWriter()
    json.object { json in
      json.object("window") { json in
        json.field("startUnixNano", conclusions.window.start)
        json.field("endUnixNano", conclusions.window.end)
      }
      json.object("sampling") { json in
        members(conclusions, &json)
      }
      json.object("storage") { json in
        if let storage = conclusions.storage {
          StorageJSON.members(storage, conclusions.projection(storage), &json)
        }
      }
    }
    json.endLine()
    return json.bytes
  }

  /// Fields of `sampling`: what was simulated, if anything, and what the archives say of their own sampling.
  static func members(_ conclusions: Conclusions, _ json: inout JSONWriter) {
    if let simulation = conclusions.simulation {
      json.field("seconds", simulation.seconds)
      json.field("weighted", simulation.isWeighted)
      json.object("total") { amount(simulation.total, &$0) }
      json.object("present") { visibility(simulation.visible, &$0) }
      if !simulation.joined.isEmpty { ReportJSON.joined(simulation.joined, &json) }
      json.array("policies", simulation.policies) { json, policy in
        json.object { outcome(policy, simulation, conclusions, &$0) }
      }
    }
    ArrivedSamplingJSON.member(conclusions.arrived, &json)
    if let simulation = conclusions.simulation { more(simulation, &json) }
  }

  private static func more(_ simulation: SimulationResult, _ json: inout JSONWriter) {
    if let recommendation = simulation.recommendation {
      json.object("recommended") { json in
        json.field("budget", recommendation.budget.words)
        json.field("yaml", recommendation.yaml)
        json.array("reasons", recommendation.reasons) { $0.string($1) }
        json.array("trials", recommendation.trials) { json, trial in
          json.object { json in
            json.field("keeps", trial.meaning)
            json.field("traces", trial.traces)
            json.field("budgetShare", trial.budgetShare)
            json.field("basePercent", trial.basePercent)
            json.key("chosen")
            json.boolean(trial.isChosen)
          }
        }
      }
    }
    json.array("advice", simulation.advice) { json, finding in
      json.object { json in
        json.field("kind", finding.kind)
        json.field("severity", finding.severity.rawValue)
        json.field("title", finding.title)
        json.array("proof", finding.proof) { $0.string($1) }
        json.field("nextStep", finding.nextStep)
      }
    }
  }

  private static func amount(_ amount: KeptAmount, _ json: inout JSONWriter) {
    json.field("traces", amount.traces)
    json.field("spans", amount.spans)
    json.field("bytes", Int(amount.bytes))
    json.object("inAll") { json in
      json.field("traces", amount.inAll.traces)
      json.field("spans", amount.inAll.spans)
      json.field("bytes", amount.inAll.bytes)
    }
  }

  private static func visibility(_ visible: Visibility, _ json: inout JSONWriter) {
    json.field("errorTraces", visible.errorTraces)
    json.field("slowTraces", visible.slowTraces)
    json.field("rareOperations", visible.rareOperations)
    json.field("services", visible.services)
    json.field("operations", visible.operations)
    json.field("links", visible.links)
  }

  private static func outcome(
    _ policy: PolicyOutcome, _ simulation: SimulationResult, _ conclusions: Conclusions,
    _ json: inout JSONWriter
  ) {
    json.field("name", policy.name)
    json.field("meaning", policy.meaning)
    json.key("yardstick")
    json.boolean(policy.isYardstick)
    json.object("kept") { amount(policy.kept, &$0) }
    json.field("droppedTraces", policy.dropped)
    json.object("visible") { visibility(policy.visible, &$0) }
    json.array("lostServices", policy.lostServices) { $0.string($1) }
    json.array("lostOperations", policy.lostOperations) { json, key in
      json.object { json in
        json.field("service", key.service)
        json.field("operation", key.operation)
      }
    }
    json.array("lostLinks", policy.lostLinks) { json, key in
      json.object { json in
        json.field("parent", key.parent)
        json.field("child", key.child)
      }
    }
    json.array("rules", policy.rules) { json, rule in
      json.object { json in
        json.field("name", rule.name)
        json.field("meaning", rule.meaning)
        json.field("traces", rule.traces)
        json.field("alone", rule.alone)
        json.field("spans", rule.spans)
        json.object("about") { estimates(rule.population, rule.chances.isRepresentative, &$0) }
      }
    }
    json.field("unweightedTraces", policy.unweighted)
    json.field("neverKeptTraces", policy.neverKept)
    json.key("representative")
    json.boolean(policy.isRepresentative)
    json.object("estimates") { estimates(policy.overall, policy.isRepresentative, &$0) }
    for (key, rows) in [("entryPoints", policy.entryPoints), ("services", policy.services)]
      as [(StaticString, [PopulationEstimate])]
    {
      json.array(key, rows) { json, row in
        json.object { json in
          json.field("service", row.service)
          if key.utf8CodeUnitCount == 11 { json.field("operation", row.operation) }
          estimates(row, policy.isRepresentative, &json)
        }
      }
    }
    let cost = PolicyCost(
      policy.kept, seconds: simulation.seconds, packedRatio: conclusions.storage?.packedRatio,
      basis: conclusions.costs)
    json.object("cost") { json in
      json.field("spansPerSecond", cost.spansPerSecond)
      json.field("bytesPerDay", cost.bytesPerDay)
      json.field("indexMonthly", cost.indexMonthly)
      json.field("objectMonthly", cost.objectMonthly)
    }
  }

  private static func estimates(
    _ population: PopulationEstimate, _ isRepresentative: Bool, _ json: inout JSONWriter
  ) {
    json.field("keptTraces", population.keptTraces)
    for (key, estimate) in [
      ("requests", population.requests), ("errors", population.errors), ("errorRate", population.errorRate),
      ("p50Nano", population.p50), ("p95Nano", population.p95), ("p99Nano", population.p99),
    ] as [(StaticString, Estimate)] {
      json.object(key) { json in
        json.field("truth", estimate.truth)
        guard population.keptTraces > 0 else { return }
        json.field("estimate", estimate.value)
        guard isRepresentative else { return }
        json.field("low", estimate.low)
        json.field("high", estimate.high)
      }
    }
  }
}
