extension Planner {
  // MARK: Elasticsearch and OpenSearch

  mutating func planIndex() {
    let plan = plan
    let bytes = plan.indexBytesPerSpan ?? plan.bytesPerSpan * plan.storedRatio
    begin("Elasticsearch or OpenSearch, daily indices")
    let kept = plan.scenarios.indices.map { value("spansPerSecond", $0) }
    step(
      "indexBytesPerDay", "primary bytes a day",
      "spans after tail × \(number(bytes)) B in the index × 86,400 s", .bytes
    ) {
      kept[$0] * bytes * CostUnits.day
    }
    let daily = plan.scenarios.indices.map { kept[$0] * bytes * CostUnits.day }
    step(
      "shardsBySize", "shards by size",
      "primary bytes a day ÷ \(number(plan.shardBytes / 1e9)) GB, rounded up", .count
    ) {
      Self.up(daily[$0], plan.shardBytes)
    }
    step(
      "shardsByDocuments", "shards by documents",
      "spans after tail × \(number(plan.documentsPerSpan)) documents × 86,400 s ÷ 2 × 10^9, rounded up",
      .count
    ) { Self.up(kept[$0] * plan.documentsPerSpan * CostUnits.day, 2e9) }
    let shards = plan.scenarios.indices.map {
      max(value("shardsBySize", $0), value("shardsByDocuments", $0), 1)
    }
    step("shardsPerIndex", "shards of a daily index", "the larger of both, at least 1", .count) { shards[$0] }
    step("shardSize", "size of a shard", "primary bytes a day ÷ shards of a daily index", .bytes) {
      daily[$0] / shards[$0]
    }
    step(
      "configuredShardSize", "size with \(number(plan.configuredShards)) shards",
      "primary bytes a day ÷ \(number(plan.configuredShards))", .bytes
    ) { plan.configuredShards > 0 ? daily[$0] / plan.configuredShards : 0 }
    step(
      "shardsInAll", "shards in all", "shards of a daily index × \(number(plan.days)) days × (1 + replicas)",
      .count
    ) {
      shards[$0] * plan.days * (1 + plan.replicas)
    }
    step(
      "indexDisk", "disk", "primary bytes a day × days × (1 + replicas) ÷ \(number(plan.fillLimit)) full",
      .bytes
    ) {
      daily[$0] * plan.days * (1 + plan.replicas) / max(plan.fillLimit, 0.01)
    }
    planNodes(shards)
    for (place, scenario) in plan.scenarios.enumerated() {
      noteShards(scenario.name, daily[place] / max(plan.configuredShards, 1), daily[place] / shards[place])
    }
    note("Disks: no new shards from 85 % on, shards moved away at 90 %, indices read-only at 95 %.")
  }

  private mutating func planNodes(_ shards: [Double]) {
    let plan = plan
    let disk = plan.scenarios.indices.map { value("indexDisk", $0) }
    let all = plan.scenarios.indices.map { value("shardsInAll", $0) }
    step(
      "dataNodes", "data nodes",
      "the largest of disk ÷ \(number(plan.diskPerNode / 1e12)) TB, shards in all ÷ 1,000, and 1 + replicas",
      .count
    ) { max(Self.up(disk[$0], plan.diskPerNode), Self.up(all[$0], 1_000), 1 + plan.replicas) }
    let nodes = plan.scenarios.indices.map { value("dataNodes", $0) }
    step("heapPerNode", "heap of a node, at least", "shards in all ÷ data nodes ÷ 25 a GiB", .bytes) {
      all[$0] / max(nodes[$0], 1) / 25 * 0x1p30
    }
  }

  private mutating func noteShards(_ name: String, _ configured: Double, _ size: Double) {
    let range = "the recommended \(number(plan.leastShardBytes / 1e9)) to \(number(plan.shardBytes / 1e9)) GB"
    if configured > plan.shardBytes {
      note(
        "\(name): \(number(plan.configuredShards)) shards a day would hold \(number((configured / 1e8).rounded() / 10)) GB "
          + "each, above \(range).")
    } else if size < plan.leastShardBytes {
      note(
        "\(name): even one shard a day holds \(number((size / 1e8).rounded() / 10)) GB, below \(range): roll over by size, "
          + "not by day.")
    }
  }

  /// How many of a size are needed, at least none.
  static func up(_ amount: Double, _ size: Double) -> Double {
    size > 0 ? (amount / size * (1 - 1e-12)).rounded(.up) : 0
  }

  // MARK: Tiers

  mutating func planTiers() {
    let plan = plan
    guard !plan.tiers.isEmpty else { return }
    let daily = plan.scenarios.indices.map { value("indexBytesPerDay", $0) }
    begin("Tiers of the index")
    var total = [Double](repeating: 0, count: plan.scenarios.count)
    var keys: [String] = []
    for tier in plan.tiers {
      let key = "tier" + tier.name.prefix(1).uppercased() + tier.name.dropFirst()
      keys.append(tier.name)
      step(
        key + "Bytes", tier.name + ": held",
        "primary bytes a day × \(number(tier.days)) days × (1 + \(number(tier.replicas)) replicas)", .bytes
      ) { daily[$0] * tier.days * (1 + tier.replicas) }
      step(
        key + "Monthly", tier.name + ": money a month",
        "held ÷ \(number(plan.fillLimit)) ÷ 2^30 × \(number(tier.price))", .money
      ) { scenario in
        daily[scenario] * tier.days * (1 + tier.replicas) / max(plan.fillLimit, 0.01) / 0x1p30 * tier.price
      }
      for scenario in plan.scenarios.indices { total[scenario] += value(key + "Monthly", scenario) }
    }
    step("tiersMonthly", "money a month", keys.joined(separator: " + "), .money) { total[$0] }
    let days = plan.tiers.reduce(0) { $0 + $1.days }
    note(
      "Deleted after \(number(days)) days. An index ages from its rollover, not from the write: with a rollover a day "
        + "up to \(number(days + 1)) days are held.")
    if (days - plan.days).magnitude > 1e-9 {
      note("The tiers add up to \(number(days)) days, the retention is \(number(plan.days)).")
    }
  }

  // MARK: Collectors

  mutating func planCollectors() {
    let plan = plan
    let afterHead = plan.scenarios.indices.map { value("spansAfterHeadPerSecond", $0) }
    begin("Collectors and the buffer of tail sampling")
    step("collectorSpans", "spans into collectors", "spans after head", .perSecond) { afterHead[$0] }
    step("collectorSpansInSpike", "in a spike", "spans after head × \(number(plan.spike))", .perSecond) {
      afterHead[$0] * plan.spike
    }
    for (suffix, name, factor) in [("", "", 1.0), ("InSpike", " in a spike", plan.spike)] {
      let times = factor == 1 ? "" : " × \(number(factor))"
      step(
        "bufferedSpans" + suffix, "spans that wait" + name,
        "spans after head\(times) × \(number(plan.decisionWait)) s", .count
      ) { plan.scenarios[$0].tail < 1 ? afterHead[$0] * factor * plan.decisionWait : 0 }
      step(
        "bufferBytes" + suffix, "memory of the buffer" + name,
        "spans that wait × bytes a span × \(number(plan.bufferRatio))", .bytes
      ) {
        plan.scenarios[$0].tail < 1
          ? afterHead[$0] * factor * plan.decisionWait * plan.bytesPerSpan * plan.bufferRatio : 0
      }
      let buffer = plan.scenarios.indices.map { value("bufferBytes" + suffix, $0) }
      step(
        "collectors" + suffix, "collectors" + name,
        "the larger of spans ÷ \(number(plan.spansPerCollector)) and memory ÷ \(number(plan.bufferPerCollector / 1e9)) GB, "
          + "at least 2", .count
      ) {
        max(
          Self.up(afterHead[$0] * factor, plan.spansPerCollector),
          Self.up(buffer[$0], plan.bufferPerCollector), 2)
      }
    }
    note(
      "All spans of a trace must meet in one collector: put a load-balancing exporter by trace id before tail sampling."
    )
  }

  // MARK: Overhead

  mutating func planOverhead() {
    let plan = plan
    let spans = number(plan.spansPerRequest)
    begin("Overhead on a request (assumed costs of an SDK; measure your own)")
    step(
      "overheadNotSampled", "not sampled",
      "\(spans) spans × \(number(plan.propagationMicroseconds)) µs propagation", .microseconds
    ) { _ in plan.spansPerRequest * plan.propagationMicroseconds }
    let made = plan.spansPerRequest * (plan.propagationMicroseconds + plan.spanMicroseconds)
    step(
      "overheadAsynchronous", "sampled, exported asynchronously",
      "\(spans) × (\(number(plan.propagationMicroseconds)) propagation + \(number(plan.spanMicroseconds)) span + "
        + "\(number(plan.queueMicroseconds)) queue) µs", .microseconds
    ) { _ in made + plan.spansPerRequest * plan.queueMicroseconds }
    step(
      "overheadBlocking", "sampled, blocking, a span an export",
      "\(spans) × (propagation + span + \(number(plan.exportMicroseconds)) export) µs", .microseconds
    ) { _ in made + plan.spansPerRequest * plan.exportMicroseconds }
    step(
      "overheadBlockingBatched", "sampled, blocking, batches of \(number(plan.batchSpans))",
      "\(spans) × (propagation + span) + \(spans) ÷ \(number(plan.batchSpans)) × export µs on average",
      .microseconds
    ) { _ in made + plan.spansPerRequest / max(plan.batchSpans, 1) * plan.exportMicroseconds }
    step(
      "overheadMean", "mean, exported asynchronously",
      "head ratio × sampled + (1 − head ratio) × not sampled", .microseconds
    ) {
      let head = plan.scenarios[$0].head
      return head * (made + plan.spansPerRequest * plan.queueMicroseconds)
        + (1 - head) * plan.spansPerRequest * plan.propagationMicroseconds
    }
    planExporters()
    for (key, name) in [
      ("overheadAsynchronous", "Exported asynchronously"), ("overheadBlocking", "Blocking, a span an export"),
      ("overheadBlockingBatched", "Blocking in batches"),
    ] {
      let cost = value(key, 0)
      let isWithin = cost <= plan.budgetMicroseconds
      note(
        "\(name): \(number((cost * 10).rounded() / 10)) µs, \(isWithin ? "within" : "above") the budget of "
          + "\(number(plan.budgetMicroseconds)) µs\(key == "overheadBlockingBatched" ? " on average; the request that sends a batch waits \(number(plan.exportMicroseconds)) µs" : "")."
      )
    }
  }

  /// What asynchronous export takes beside the requests: threads that are busy with it.
  private mutating func planExporters() {
    let plan = plan
    let spans = plan.scenarios.indices.map { value("spansAfterHeadPerSecond", $0) }
    let formula =
      "spans after head ÷ \(number(plan.services)) services × \(number(plan.exportMicroseconds)) µs export ÷ 10^6"
    func threads(_ scenario: Int, _ batch: Double) -> Double {
      plan.services > 0 ? spans[scenario] / plan.services / max(batch, 1) * plan.exportMicroseconds / 1e6 : 0
    }
    step("exportThreads", "export threads of a service, a span an export", formula, .count) { threads($0, 1) }
    step(
      "exportThreadsBatched", "in batches of \(number(plan.batchSpans))",
      formula + " ÷ \(number(plan.batchSpans))", .count
    ) { threads($0, plan.batchSpans) }
  }

  // MARK: Losses and sensitivity

  mutating func planLosses() {
    let plan = plan
    begin("What is lost")
    let traces = plan.scenarios.indices.map { value("tracesPerSecond", $0) }
    step(
      "chanceToKeepNone", "a failure seen \(number(plan.failuresPerDay)) times a day leaves no trace",
      "(1 − head ratio)^\(number(plan.failuresPerDay))", .share
    ) { scenario in
      var chance = 1.0
      // By squaring, so that no mathematics library is needed.
      var base = 1 - plan.scenarios[scenario].head
      var power = UInt64(min(plan.failuresPerDay.rounded(), 1e15))
      while power > 0 {
        if power & 1 == 1 { chance *= base }
        base *= base
        power >>= 1
      }
      return chance
    }
    step(
      "failuresKept", "of them kept by the head, expected", "\(number(plan.failuresPerDay)) × head ratio",
      .count
    ) {
      plan.failuresPerDay * plan.scenarios[$0].head
    }
    step(
      "tracesByService", "traces a day for each service",
      "traces after tail × 86,400 s ÷ \(number(plan.services))", .count
    ) {
      plan.services > 0 ? traces[$0] * CostUnits.day / plan.services : 0
    }
    note(
      "Sensitivity: the bill is proportional to requests, spans a request, bytes a span, head ratio, tail share, days and "
        + "1 + replicas alike. Twice any of the first six is twice the bill; the ones people do not know are spans a "
        + "request and bytes a span, and archives tell them (tracebook simulate).")
  }
}
