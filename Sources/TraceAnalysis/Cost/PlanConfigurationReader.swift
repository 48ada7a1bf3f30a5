import TraceModel

/// Reads what to plan for: the section `plan` of a YAML file, or a file that holds nothing else.
///
/// Every field has a default, which is the design challenge's; sizes may have units (`50GB`, `1KiB`).
package enum PlanConfigurationReader {
  /// Reads the bytes of a YAML or JSON file.
  package static func read(_ bytes: [UInt8]) throws(ConfigurationError) -> PlanConfiguration {
    let start = ConfigurationPlace(line: 1, column: 1)
    guard let root = try YAMLReader.read(bytes) else { throw ConfigurationError(start, "the file is empty") }
    return try configuration(root["plan"] ?? root)
  }

  /// Reads a tree of configuration.
  package static func configuration(_ node: ConfigurationNode) throws(ConfigurationError) -> PlanConfiguration
  {
    var plan = PlanConfiguration()
    var fields = try ConfigurationFields(node, of: "plan")
    plan.title = try fields.text("title") ?? "Plan"
    try fields.section("traffic") { (traffic) throws(ConfigurationError) in
      try traffic.read("requests_per_second", into: &plan.requestsPerSecond)
      try traffic.read("spans_per_request", into: &plan.spansPerRequest)
      try traffic.readSize("bytes_per_span", into: &plan.bytesPerSpan)
      try traffic.read("services", into: &plan.services)
      try traffic.read("spike", into: &plan.spike)
      try traffic.read("growth_per_year", into: &plan.growthPerYear)
      try traffic.read("failures_per_day", into: &plan.failuresPerDay)
    }
    if let nodes = try fields.list("scenarios") { plan.scenarios = try scenarios(nodes) }
    try readRetention(&fields, &plan)
    try readIndex(&fields, &plan)
    try readCollectors(&fields, &plan)
    try readPrices(&fields, &plan.prices)
    try fields.refuseOthers()
    guard !plan.scenarios.isEmpty else { throw fields.missing("scenarios") }
    return plan
  }

  private static func scenarios(
    _ nodes: [ConfigurationNode]
  ) throws(ConfigurationError) -> [PlanConfiguration.Scenario] {
    guard nodes.count <= 12 else {
      throw ConfigurationError(nodes[12].place, "at most 12 scenarios are compared")
    }
    var scenarios: [PlanConfiguration.Scenario] = []
    for node in nodes {
      var fields = try ConfigurationFields(node, of: "a scenario")
      var scenario = PlanConfiguration.Scenario(name: try fields.requiredText("name"), head: 1, tail: 1)
      try fields.readShare("head", into: &scenario.head)
      try fields.readShare("tail", into: &scenario.tail)
      try fields.refuseOthers()
      scenarios.append(scenario)
    }
    return scenarios
  }

  private static func readRetention(
    _ fields: inout ConfigurationFields, _ plan: inout PlanConfiguration
  ) throws(ConfigurationError) {
    try fields.section("retention") { (retention) throws(ConfigurationError) in
      let given = try retention.number("days")
      try retention.read("days", into: &plan.days)
      guard let nodes = try retention.list("tiers") else {
        // Tiers must cover the days: without any, all days are hot.
        if given != nil {
          plan.tiers = [.init(name: "hot", days: plan.days, replicas: plan.replicas, price: 0.08)]
        }
        return
      }
      plan.tiers = []
      for node in nodes.prefix(12) {
        var tier = try ConfigurationFields(node, of: "a tier")
        var new = PlanConfiguration.Tier(name: try tier.requiredText("name"), days: 0, replicas: 0, price: 0)
        try tier.read("days", into: &new.days)
        try tier.read("replicas", into: &new.replicas)
        try tier.read("price", into: &new.price)
        try tier.refuseOthers()
        plan.tiers.append(new)
      }
      if given == nil { plan.days = plan.tiers.reduce(0) { $0 + $1.days } }
    }
  }

  private static func readIndex(
    _ fields: inout ConfigurationFields, _ plan: inout PlanConfiguration
  ) throws(ConfigurationError) {
    try fields.section("storage") { (storage) throws(ConfigurationError) in
      try storage.readShare("stored_ratio", into: &plan.storedRatio)
      try storage.read("replicas", into: &plan.replicas)
      try storage.readShare("fill_limit", into: &plan.fillLimit)
      try storage.readSize("object_bytes", into: &plan.objectBytes)
    }
    try fields.section("index") { (index) throws(ConfigurationError) in
      var bytes = -1.0
      try index.readSize("bytes_per_span", into: &bytes)
      if bytes >= 0 { plan.indexBytesPerSpan = bytes }
      try index.read("documents_per_span", into: &plan.documentsPerSpan)
      try index.readSize("largest_shard", into: &plan.shardBytes)
      try index.readSize("smallest_shard", into: &plan.leastShardBytes)
      try index.read("shards", into: &plan.configuredShards)
      try index.readSize("disk_per_node", into: &plan.diskPerNode)
    }
  }

  private static func readCollectors(
    _ fields: inout ConfigurationFields, _ plan: inout PlanConfiguration
  ) throws(ConfigurationError) {
    try fields.section("collector") { (collector) throws(ConfigurationError) in
      try collector.read("spans_per_second", into: &plan.spansPerCollector)
      if let wait = try collector.duration("decision_wait") { plan.decisionWait = max(0, wait.seconds) }
      try collector.read("memory_ratio", into: &plan.bufferRatio)
      try collector.readSize("memory", into: &plan.bufferPerCollector)
    }
    try fields.section("overhead") { (overhead) throws(ConfigurationError) in
      try overhead.read("span_us", into: &plan.spanMicroseconds)
      try overhead.read("propagation_us", into: &plan.propagationMicroseconds)
      try overhead.read("queue_us", into: &plan.queueMicroseconds)
      try overhead.read("export_us", into: &plan.exportMicroseconds)
      try overhead.read("batch_spans", into: &plan.batchSpans)
      try overhead.read("budget_us", into: &plan.budgetMicroseconds)
    }
  }

  /// Reads the section `prices`, whoever's it is; what it leaves out stays as it was.
  package static func readPrices(
    _ fields: inout ConfigurationFields, _ prices: inout Prices
  ) throws(ConfigurationError) {
    try fields.section("prices") { (section) throws(ConfigurationError) in
      if let date = try section.text("as_of") { prices.asOf = date }
      if let currency = try section.text("currency") { prices.currency = currency }
      if let nodes = try section.list("object_stores") { prices.objectStores = try storages(nodes) }
      if let nodes = try section.list("disks") { prices.disks = try storages(nodes) }
      try section.read("per_thousand_put", into: &prices.perThousandPut)
      try section.read("egress_per_gib", into: &prices.egressPerGiB)
    }
  }

  private static func storages(
    _ nodes: [ConfigurationNode]
  ) throws(ConfigurationError) -> [Prices.Storage] {
    var storages: [Prices.Storage] = []
    for node in nodes.prefix(12) {
      var fields = try ConfigurationFields(node, of: "a price")
      var storage = Prices.Storage(name: try fields.requiredText("name"), perGiBMonth: 0)
      try fields.read("per_gib_month", into: &storage.perGiBMonth)
      try fields.read("least_days", into: &storage.leastDays)
      try fields.refuseOthers()
      storages.append(storage)
    }
    return storages
  }
}

extension ConfigurationFields {
  /// The largest number that a plan may hold: products of a few stay finite.
  private static let largest = 1e18

  /// Reads the fields of a map below this one; its unknown fields are errors.
  mutating func section(
    _ key: String, _ body: (inout ConfigurationFields) throws(ConfigurationError) -> Void
  ) throws(ConfigurationError) {
    guard let node = node(key) else { return }
    var fields = try ConfigurationFields(node, of: key)
    try body(&fields)
    try fields.refuseOthers()
  }

  /// Reads a number from 0 up, if it is there.
  mutating func read(_ key: String, into value: inout Double) throws(ConfigurationError) {
    guard let number = try number(key) else { return }
    guard (0...Self.largest).contains(number) else {
      throw ConfigurationError(node(key)?.place ?? place, "\(name): \(key) is a number from 0 to 10^18")
    }
    value = number
  }

  /// Reads a share of 0 to 1, also written in per cent (`10%`).
  mutating func readShare(_ key: String, into value: inout Double) throws(ConfigurationError) {
    guard let text = try text(key) else { return }
    guard let share = ShareText.read(text), share <= 1 else {
      throw ConfigurationError(
        node(key)?.place ?? place, "\(name): \(key) is a share from 0 to 1, or 0% to 100%")
    }
    value = share
  }

  /// Reads a size in bytes, with a unit if need be.
  mutating func readSize(_ key: String, into value: inout Double) throws(ConfigurationError) {
    guard let text = try text(key) else { return }
    let digits = text.prefix { "0123456789._eE+".contains($0) }
    let unit = text.dropFirst(digits.count).filter { $0 != " " }
    let factors: [String: Double] = [
      "": 1, "B": 1, "kB": 1e3, "KB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12, "KiB": 0x1p10, "MiB": 0x1p20,
      "GiB": 0x1p30, "TiB": 0x1p40,
    ]
    guard let number = Self.number(String(digits)), let factor = factors[unit],
      (0...Self.largest).contains(number * factor)
    else {
      throw ConfigurationError(node(key)?.place ?? place, "\(name): \(key) is a size such as 500 or 50GB")
    }
    value = number * factor
  }
}
