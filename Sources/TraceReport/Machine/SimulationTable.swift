package import TraceAnalysis

/// What `tracebook simulate` prints for people: policies side by side, then the rules of each.
package enum SimulationTable {
  /// The whole text.
  package static func document(_ conclusions: Conclusions) -> [UInt8] {
    guard let simulation = conclusions.simulation else { return [] }
    let total = simulation.total
    var text = "\(NumberFormat.grouped(total.traces)) traces, \(NumberFormat.grouped(total.spans)) spans, "
    text += "\(plain(ByteCountFormat.text(UInt64(clamping: total.bytes)))) of span records; "
    text += "\(NumberFormat.grouped(simulation.visible.errorTraces)) traces with errors, "
    text += "\(NumberFormat.grouped(simulation.visible.slowTraces)) slow ones\n\n"
    for note in simulation.arrived.notes { text += "\(note.code): \(note.message)\n" }
    if simulation.arrived.isWeighted, let overall = simulation.arrived.overall {
      text +=
        "All traffic, by the weights of these archives: \(EstimateWords.count(overall.requests)) requests, "
      text +=
        "error rate \(EstimateWords.errorRate(overall.errorRate)), p99 \(EstimateWords.duration(overall.p99))\n"
    }
    if !simulation.arrived.notes.isEmpty || simulation.arrived.isWeighted { text += "\n" }
    for things in simulation.joined {
      text +=
        "At least \(NumberFormat.grouped(things.count)) \(things.words): all but the most frequent are counted as "
        + "\(things.rest).\n"
    }
    if !simulation.joined.isEmpty { text += "\n" }
    text += table(simulation, conclusions.storage, conclusions.costs)
    for policy in simulation.policies where !policy.isYardstick { text += details(policy) }
    if !simulation.advice.isEmpty { text += "\n" }
    for finding in simulation.advice {
      text +=
        "\(finding.severity.rawValue): \(finding.title). \(finding.proof.joined(separator: " ")) \(finding.nextStep)\n"
    }
    if let recommendation = simulation.recommendation {
      text += "\nRecommended for \(recommendation.budget.words):\n"
      for reason in recommendation.reasons { text += "  \(reason)\n" }
      text += "\n" + recommendation.yaml
    }
    text +=
      "\nSlow: at least the p99 of its entry point. Rare: an operation that fewer than 10 traces have.\n"
    text +=
      "Error rate and p99 of all requests, estimated from what is kept, with 95 % intervals; - where the\n"
    text +=
      "policy leaves no way to estimate them. Money a month: \(conclusions.costs.daysText) days at 50 % on disk with one copy; and packed\n"
    text +=
      "in an object store (prices of \(conclusions.costs.prices.asOf), \(conclusions.costs.prices.currency)). Assumes that every span arrived in time.\n"
    return Array(visible(text).utf8)
  }

  private static func table(_ simulation: SimulationResult, _ storage: StorageMeasure?, _ costs: CostBasis)
    -> String
  {
    var rows = [
      [
        "POLICY", "TRACES", "SPANS", "A DAY", "ERRORS", "SLOW", "RARE", "SERVICES", "LINKS", "ERROR RATE",
        "P99",
        "INDEX", "OBJECTS",
      ]
    ]
    var everything = PolicyOutcome()
    everything.name = "everything"
    everything.kept = simulation.total
    everything.visible = simulation.visible
    everything.chances.kept = simulation.total.traces
    if let first = simulation.policies.first { everything.overall = truth(first.overall) }
    for policy in [everything] + simulation.policies {
      let cost = PolicyCost(
        policy.kept, seconds: simulation.seconds, packedRatio: storage?.packedRatio, basis: costs)
      rows.append([
        policy.name, share(policy.kept.inAll.traces, simulation.total.inAll.traces),
        share(policy.kept.inAll.spans, simulation.total.inAll.spans),
        plain(ByteCountFormat.text(UInt64(clamping: Int64(min(cost.bytesPerDay, 9e18))))),
        share(policy.visible.errorTraces, simulation.visible.errorTraces),
        share(policy.visible.slowTraces, simulation.visible.slowTraces),
        "\(policy.visible.rareOperations)/\(simulation.visible.rareOperations)",
        "\(policy.visible.services)/\(simulation.visible.services)",
        "\(policy.visible.links)/\(simulation.visible.links)",
        policy.isRepresentative ? EstimateWords.errorRate(policy.overall.errorRate) : "-",
        policy.isRepresentative ? EstimateWords.duration(policy.overall.p99) : "-",
        EstimateWords.money(cost.indexMonthly), EstimateWords.money(cost.objectMonthly),
      ])
    }
    return aligned(rows.map { $0.map(plain) })
  }

  /// The figures of everything, which are exact.
  static func truth(_ population: PopulationEstimate) -> PopulationEstimate {
    var exact = population
    exact.keptTraces = population.traces
    for path in [
      \PopulationEstimate.requests, \.errorRate, \.p50, \.p95, \.p99,
    ] {
      let value = population[keyPath: path].truth
      exact[keyPath: path].value = value
      exact[keyPath: path].low = value
      exact[keyPath: path].high = value
    }
    return exact
  }

  private static func details(_ policy: PolicyOutcome) -> String {
    var text = "\n\(policy.name): \(policy.meaning)\n"
    if !policy.rules.isEmpty {
      var rows = [["  RULE", "TRACES", "ALONE", "ASKS"]]
      for rule in policy.rules {
        rows.append([
          "  " + rule.name, NumberFormat.grouped(rule.traces), NumberFormat.grouped(rule.alone),
          rule.meaning,
        ])
      }
      text += aligned(rows.map { $0.map(plain) })
    }
    if policy.dropped > 0 {
      text += "  thrown away by drop policies: \(NumberFormat.grouped(policy.dropped)) traces\n"
    }
    if policy.neverKept > 0 {
      text +=
        "  can never be kept: \(NumberFormat.grouped(policy.neverKept)) traces, so no rate can be estimated\n"
    }
    if policy.leftToChance > 0, policy.keptByChance < PolicyOutcome.fewest {
      text += "  kept by chance: \(policy.keptByChance) traces, too few to estimate anything\n"
    }
    if policy.unweighted > 0 {
      text += "  of no known weight (kept by budgets): \(NumberFormat.grouped(policy.unweighted)) traces\n"
    }
    if !policy.lostServices.isEmpty {
      text += "  services lost: \(policy.lostServices.prefix(10).joined(separator: ", "))\n"
    }
    if !policy.lostLinks.isEmpty {
      let links = policy.lostLinks.prefix(10).map { "\($0.parent) > \($0.child)" }
      text += "  links lost: \(links.joined(separator: ", "))\n"
    }
    return text
  }

  private static func share(_ part: Int, _ whole: Int) -> String {
    plain(PercentFormat.share(UInt64(max(0, part)), of: UInt64(max(0, whole))))
  }

  private static func share(_ part: Double, _ whole: Double) -> String {
    plain(PercentFormat.share(whole > 0 ? part / whole : 0))
  }

  /// Columns as wide as their longest cell; all but the first and a last one of words are right-aligned.
  private static func aligned(_ rows: [[String]]) -> String {
    let count = rows.first?.count ?? 0
    let widths = (0..<count).map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      var cells: [String] = []
      for (column, cell) in row.enumerated() {
        let blanks = String(repeating: " ", count: widths[column] - cell.count)
        let isWords = column == 0 || rows[0][column] == "ASKS"
        cells.append(isWords ? (column == count - 1 ? cell : cell + blanks) : blanks + cell)
      }
      return cells.joined(separator: "  ") + "\n"
    }.joined()
  }

  /// Without the spaces that keep numbers and units together on pages.
  private static func plain(_ text: String) -> String {
    String(text.map { $0 == "\u{a0}" ? " " : $0 })
  }

  /// Texts from archives and policies cannot steer the terminal.
  private static func visible(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      let out = ByteBuilder()
      var line = String(line)
      line.withUTF8 { VisibleText.append($0, to: out, in: .plain, limit: 2_000) }
      return String(decoding: out.bytes, as: UTF8.self)
    }.joined(separator: "\n")
  }
}

/// Estimates with their intervals as readers see them.
enum EstimateWords {
  static func errorRate(_ estimate: Estimate) -> String {
    let value = PercentFormat.digits(estimate.value)
    if estimate.isExact { return value + NumberFormat.space + "%" }
    return "\(value) (\(PercentFormat.digits(estimate.low)) to \(PercentFormat.digits(estimate.high)))"
      + NumberFormat.space + "%"
  }

  static func duration(_ estimate: Estimate) -> String {
    let value = DurationFormat.text(nanoseconds(estimate.value))
    if estimate.isExact { return value }
    if estimate.high == .infinity {
      return "\(value) (from \(DurationFormat.text(nanoseconds(estimate.low))))"
    }
    return "\(value) (\(DurationFormat.text(nanoseconds(estimate.low))) to "
      + "\(DurationFormat.text(nanoseconds(estimate.high))))"
  }

  /// A number for each second: three digits that count.
  static func rate(_ value: Double) -> String {
    let value = min(max(0, value), 9e12)
    if value >= 99.95 { return NumberFormat.grouped(UInt64(value.rounded())) }
    let decimals = value >= 9.995 ? 1 : 2
    return NumberFormat.fixed(UInt64((value * (decimals == 1 ? 10 : 100)).rounded()), decimals: decimals)
  }

  static func count(_ estimate: Estimate) -> String {
    let value = NumberFormat.grouped(Int64(min(estimate.value.rounded(), 9e18)))
    if estimate.isExact { return value }
    return "\(value) (\(NumberFormat.grouped(Int64(min(estimate.low.rounded(), 9e18)))) to "
      + "\(NumberFormat.grouped(Int64(min(estimate.high.rounded(), 9e18)))))"
  }

  /// `+3.1 %`, or a dash where there is nothing to compare.
  static func error(_ estimate: Estimate) -> String {
    guard let error = estimate.relativeError else { return "–" }
    if error.magnitude < 0.000_5 { return "0" + NumberFormat.space + "%" }
    return (error < 0 ? NumberFormat.minus : "+") + PercentFormat.digits(error.magnitude) + NumberFormat.space
      + "%"
  }

  static func money(_ amount: Double) -> String {
    let cents = UInt64(min(max(0, amount), 1e15) * 100 + 0.5)
    if cents >= 100_00 { return NumberFormat.grouped((cents + 50) / 100) }
    return NumberFormat.fixed(cents, decimals: 2)
  }

  static func nanoseconds(_ value: Double) -> UInt64 { UInt64(min(max(0, value), 9e18)) }
}
