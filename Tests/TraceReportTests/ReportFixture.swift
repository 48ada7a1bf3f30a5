import TraceAnalysis
import TraceModel

@testable import TraceReport

/// Conclusions made up by hand that fill every part of every page.
enum ReportFixture {
  static let services = [
    "cart", "catalog", "email", "frontend", "inventory", "order", "payment", "pricing", "recommendation",
    "shipping",
    "user", "warehouse",
  ]

  static let begin = TraceFixture.begin - 3_600_000_000_000

  static func conclusions() -> Conclusions {
    var all = Conclusions()
    all.window.start = UnixNanoseconds(begin)
    all.window.end = UnixNanoseconds(begin + 4 * 3_600_000_000_000)
    all.input = accounting()
    all.services = services.enumerated().map { service($1, number: $0) }
    all.entryPoints = [
      entry("frontend", "POST /api/orders", 82_840, p50: 498, errors: 3_922),
      entry("frontend", "GET /api/orders/{id}", 137_755, p50: 506, errors: 12),
      entry("frontend", "GET /api/cart", 245_522, p50: 13, errors: 0),
    ]
    all.findings = findings()
    all.suspects = suspects()
    all.links = links()
    all.nodes = nodes()
    all.callTrees = [tree()]
    all.errorGroups = [
      group("a1b2c3", "Payment gateway timeout", 3_987), group("d4e5f6", "unknown postcode ‹number›", 141),
    ]
    all.notReached = all.errorGroups[0].notReached
    all.timeline = timeline()
    all.heatMap = heatMap()
    all.quality.warnings = [
      .init(code: .parentMissing, service: "payment", count: 562, evidence: evidence()),
      .init(code: .clockSkewAdjusted, service: "warehouse", count: 78_853, evidence: nil),
    ]
    QualityFixture.fill(&all.quality, evidence())
    all.traceCount = 1_874_213
    all.traces = [summary()]
    all.comparison = ComparisonFixture.comparison()
    return all
  }

  private static func accounting() -> InputAccounting {
    var input = InputAccounting()
    var archive = ArchiveSummary(path: "archives/21.jsonl.gz")
    archive.format = "otlp-json"
    archive.compression = "gzip"
    archive.bytes = 1_730_000_000
    archive.inflatedBytes = 19_600_000_000
    archive.spansRead = 27_714_214
    input.archives = [archive]
    input.spansRead = 27_714_214
    input.spansAccepted = 27_712_098
    input.spansQuarantined = 212
    input.duplicateSpans = 1_904
    input.traces = 1_874_213
    input.completeTraces = 1_873_651
    return input
  }

  private static func service(_ name: String, number: Int) -> ServiceResult {
    var one = ServiceResult()
    one.name = name
    one.requestCount = 1_137_647 / (number + 1)
    one.requestErrors = name == "payment" ? 4_539 : name == "order" ? 3_987 : number % 3
    one.spanCount = one.requestCount * 4
    one.latency = latency(p50: Double(8 + number * 23), count: one.requestCount)
    one.criticalPathShare = name == "payment" ? 0.48 : 0.04
    one.series = series(peak: name == "payment", p95: Double(60 + number * 30))
    one.versions = [ValueCount(value: "3.18.0", count: 220_000), ValueCount(value: "3.17.2", count: 500)]
    one.instances = [ValueCount(value: name + "-6d8f9-x2kqp", count: 110_000)]
    one.examples = [ExampleTrace(reason: "slowest", evidence: evidence(), duration: .milliseconds(1_843))]
    return one
  }

  static func latency(p50: Double, count: Int) -> DurationSummary {
    var latency = DurationSummary()
    latency.count = count
    latency.sum = Nanoseconds(Int64(p50 * 1e6) * Int64(count))
    let length = { (factor: Double) in Nanoseconds(Int64(p50 * factor * 1e6)) }
    (latency.p50, latency.p90, latency.p95, latency.p99) = (length(1), length(1.2), length(1.5), length(2.8))
    (latency.least, latency.greatest) = (length(0.5), length(4.5))
    var lower = p50 / 2
    for step in 0..<60 {
      let upper = lower * 1.0353
      let distance = (Double(step) - 20) / 7
      let share = 1 / (1 + distance * distance * distance * distance) + (step == 48 ? 0.06 : 0)
      latency.buckets.append(
        DurationBucket(
          lower: Nanoseconds(Int64(lower * 1e6)), upper: Nanoseconds(Int64(upper * 1e6)),
          count: Int(share * Double(count) / 16)))
      lower = upper
    }
    return latency
  }

  private static func series(peak: Bool, p95: Double) -> [SeriesPoint] {
    (0..<48).map { step in
      var point = SeriesPoint()
      point.start = UnixNanoseconds(begin + Int64(step) * 300_000_000_000)
      point.count = 400 + (step * 37) % 90
      let isIncident = peak && (20..<30).contains(step)
      point.errors = isIncident ? 90 + step : step % 11 == 0 ? 1 : 0
      point.p95 = Nanoseconds(Int64((isIncident ? p95 * 2.6 : p95 + Double(step % 5)) * 1e6))
      return point
    }
  }

  private static func entry(
    _ service: String, _ operation: String, _ count: Int, p50: Double, errors: Int
  ) -> EntryPointResult {
    var one = EntryPointResult()
    one.service = service
    one.operation = operation
    one.slug = Slugs.word(service + " " + operation)
    one.errors = errors
    one.rate = 5.7
    one.latency = latency(p50: p50, count: count)
    one.series = series(peak: errors > 100, p95: p50 * 1.5)
    let parts: [(String, Double)] = [
      ("payment", 0.48), ("order", 0.31), ("user", 0.13), ("frontend", 0.05), ("inventory", 0.03),
    ]
    one.profileByService = parts.map { profile($0.0, "", $0.1, p50: p50, count: count) }
    one.profileByOperation = parts.map { profile($0.0, "POST /charge", $0.1, p50: p50, count: count) }
    one.callPaths = callPaths(p50: p50, count: count)
    one.typical = cohort(count / 5, p50)
    one.slow = cohort(count / 100, p50 * 3.2)
    one.cohortRows = parts.map { name, share in
      var row = CohortRow()
      row.service = name
      row.typical = Nanoseconds(Int64(share * p50 * 1e6))
      row.slow = Nanoseconds(
        Int64(share * p50 * (name == "payment" ? 5.5 : name == "user" ? 0.9 : 1.1) * 1e6))
      row.moreOften = Nanoseconds(name == "payment" ? Int64(share * p50 * 3e6) : 0)
      row.slowerPerCall = row.slow - row.typical - row.moreOften
      row.share = name == "payment" ? 0.95 : 0.0125
      return row
    }
    one.examples = [
      ExampleTrace(reason: "slowest", evidence: evidence(), duration: .milliseconds(1_843)),
      ExampleTrace(
        reason: "typical",
        evidence: Evidence(traceID: TraceID(high: 1, low: 2), spanID: SpanID(3)), duration: .milliseconds(506)
      ),
    ]
    return one
  }

  private static func profile(
    _ service: String, _ operation: String, _ share: Double, p50: Double, count: Int
  )
    -> ProfileRow
  {
    var row = ProfileRow()
    row.service = service
    row.operation = operation
    row.mean = Nanoseconds(Int64(share * p50 * 1e6))
    row.total = Nanoseconds(row.mean.rawValue * Int64(count))
    row.share = share
    row.occurrence = 1
    row.worst = ExampleTrace(reason: "slowest", evidence: evidence(), duration: .milliseconds(1_310))
    return row
  }

  private static func callPaths(p50: Double, count: Int) -> [CallPathRow] {
    let rows: [(Int, Int, String, String, Double, Double)] = [
      (0, -1, "frontend", "POST /api/orders", 0.05, 1), (1, 0, "order", "POST /orders", 0.31, 0.95),
      (2, 1, "payment", "POST /charge", 0.06, 0.48), (3, 2, "payment", "POST /v2/charges", 0.42, 0.42),
      (2, 1, "user", "GET /users/{id}", 0.13, 0.13), (2, 1, "inventory", "POST /reservations", 0.03, 0.03),
    ]
    return rows.map { depth, parent, service, operation, own, total in
      var row = CallPathRow()
      row.depth = depth
      row.parent = parent
      row.service = service
      row.operation = operation
      row.count = count
      row.own = Nanoseconds(Int64(own * p50 * 1e6) * Int64(count))
      row.total = Nanoseconds(Int64(total * p50 * 1e6) * Int64(count))
      row.typicalMean = Nanoseconds(Int64(total * p50 * 1e6))
      row.slowMean = Nanoseconds(Int64(total * p50 * (service == "payment" ? 5.5 : 1.1) * 1e6))
      return row
    }
  }

  private static func cohort(_ count: Int, _ mean: Double) -> CohortResult {
    var one = CohortResult()
    one.count = count
    one.from = Nanoseconds(Int64(mean * 0.9e6))
    one.to = Nanoseconds(Int64(mean * 1.1e6))
    one.mean = Nanoseconds(Int64(mean * 1e6))
    return one
  }

  static func evidence() -> Evidence {
    let trace = TraceFixture.failedOrder.trace
    return Evidence(traceID: trace.id, spanID: trace.spans[10].record.spanID)
  }

  private static func findings() -> [Finding] {
    let rows: [(FindingSeverity, String, String, [String], String)] = [
      (
        .high, "error-origin", "payment fails POST /api/orders: “Payment gateway timeout”",
        [
          "3,987 orders lost. The error starts at the payment gateway, passes payment and order, and reaches the shopper as 502.",
          "inventory is not reached: 0 of 3,987 calls where 1 each is usual.",
        ],
        "errors.html#a1b2c3"
      ),
      (
        .high, "latency-bottleneck", "payment is the bottleneck of GET /api/orders/{id}",
        [
          "48 % of the critical path, 242 of 506 ms in a typical trace. Twice as fast, p99 falls from 1.40 to 0.84 s."
        ],
        "latency.html#frontend-get-api-orders-id"
      ),
      (
        .medium, "n-plus-one", "catalog asks postgres 24 times for one page of products",
        ["“SELECT price” runs once per product, one after the other."], "latency.html#nowhere"
      ),
      (
        .low, "clock-skew", "The clock of warehouse is 38 ms behind",
        ["Every warehouse span was moved by 38 ms."], ""
      ),
    ]
    return rows.map { severity, kind, title, proof, target in
      var one = Finding()
      one.id = kind + "/" + title
      one.kind = kind
      one.severity = severity
      one.title = title
      one.proof = proof
      one.nextStep = "look at the gateway’s status page"
      one.rule = "origin of the most failed roots"
      one.service = "payment"
      one.entryService = "frontend"
      one.entryOperation = "POST /api/orders"
      one.evidence = [evidence()]
      one.page = target
      return one
    }
  }

  private static func suspects() -> [Suspect] {
    [
      ("payment", 0.91, ["origin of 93 % of failed requests", "48 % of the critical path"]),
      ("order", 0.31, ["31 % of the critical path"]),
    ].map {
      var one = Suspect()
      (one.service, one.score, one.reasons) = $0
      one.evidence = [evidence()]
      return one
    }
  }

  static func links() -> [LinkResult] {
    let rows: [(String, String, ConnectionType, Int, Int, Double)] = [
      ("frontend", "order", .rpc, 220_595, 3_987, 495), ("frontend", "catalog", .rpc, 1_137_647, 192, 13),
      ("frontend", "recommendation", .rpc, 1_137_647, 176, 27), ("frontend", "cart", .rpc, 393_585, 65, 9),
      ("frontend", "user", .rpc, 102_145, 24, 62), ("order", "payment", .rpc, 220_595, 4_539, 256),
      ("order", "user", .rpc, 220_595, 0, 50), ("order", "inventory", .rpc, 216_608, 0, 60),
      ("order", "pricing", .rpc, 83_000, 0, 16), ("order", "cart", .rpc, 83_000, 0, 14),
      ("order", "kafka", .messagingSystem, 78_853, 0, 8),
      ("kafka", "shipping", .messagingSystem, 78_853, 141, 64),
      ("kafka", "email", .messagingSystem, 78_853, 22, 88),
      ("payment", "payment gateway", .virtualNode, 230_683, 14_627, 800),
      ("payment", "postgres", .database, 220_000, 0, 19), ("catalog", "postgres", .database, 6_061_224, 0, 4),
      ("catalog", "redis", .database, 1_137_647, 0, 1), ("catalog", "pricing", .rpc, 1_137_647, 0, 8),
      ("pricing", "redis", .database, 1_614_072, 0, 1),
      ("recommendation", "redis", .database, 1_100_000, 0, 1),
      ("cart", "redis", .database, 624_000, 0, 1), ("user", "postgres", .database, 277_000, 0, 25),
      ("user", "redis", .database, 240_000, 0, 1), ("inventory", "postgres", .database, 217_000, 0, 10),
      ("inventory", "warehouse", .rpc, 79_000, 0, 47), ("warehouse", "postgres", .database, 79_000, 0, 14),
      ("shipping", "postgres", .database, 99_000, 0, 14), ("order", "postgres", .database, 354_000, 0, 74),
      ("frontend", "shipping", .rpc, 20_241, 0, 24), ("warehouse", "inventory", .rpc, 20, 0, 2),
    ]
    return rows.map { parent, child, type, calls, errors, p95 in
      var link = LinkResult()
      (link.parent, link.child, link.connectionType, link.callCount) = (parent, child, type, calls)
      link.errorCount = errors
      link.latency = latency(p50: p95 / 1.5, count: calls)
      link.examples = [ExampleTrace(reason: "slowest", evidence: evidence(), duration: .milliseconds(1_310))]
      return link
    }.sorted { ($0.parent, $0.child) < ($1.parent, $1.child) }
  }

  static func nodes() -> [GraphNode] {
    let outside: [(String, GraphNodeKind)] = [
      ("postgres", .database), ("redis", .database), ("kafka", .messaging), ("payment gateway", .outside),
    ]
    return (services.map { ($0, GraphNodeKind.service) } + outside).map { name, kind in
      var node = GraphNode()
      (node.name, node.kind) = (name, kind)
      node.entryCount = name == "frontend" ? 1_874_213 : 0
      return node
    }.sorted { $0.name < $1.name }
  }

  private static func tree() -> CallTree {
    var tree = CallTree()
    tree.root = "frontend"
    let rows: [(Int, String, Int, Int, Bool)] = [
      (0, "frontend", 1_874_213, 4_268, false), (1, "order", 220_595, 3_987, false),
      (2, "payment", 220_595, 4_539, false),
      (3, "payment gateway", 230_683, 14_627, false), (3, "postgres", 220_000, 0, false),
      (2, "user", 220_595, 0, false),
      (3, "postgres", 277_000, 0, false), (1, "cart", 393_585, 65, false), (2, "redis", 624_000, 0, false),
      (1, "user", 102_145, 24, true),
    ]
    tree.rows = rows.map { depth, name, calls, errors, isRepeated in
      var row = CallTree.Row()
      (row.depth, row.name, row.callCount, row.errorCount, row.isRepeated) = (
        depth, name, calls, errors, isRepeated
      )
      return row
    }
    return tree
  }

  private static func group(_ id: String, _ message: String, _ count: Int) -> ErrorGroup {
    var group = ErrorGroup()
    group.id = id
    group.blamedService = "payment gateway"
    group.service = "payment"
    group.operation = "POST /charge"
    group.type = "GatewayTimeout"
    group.peer = "payment gateway"
    group.message = message
    group.exampleMessage = message
    group.count = count
    group.traceCount = count
    group.rootFailures = count - 65
    group.swallowed = 65
    group.firstSeen = UnixNanoseconds(begin + 1_800_000_000_000)
    group.lastSeen = UnixNanoseconds(begin + 9_000_000_000_000)
    group.series = series(peak: true, p95: 100)
    var affected = AffectedEntryPoint()
    (affected.service, affected.operation, affected.count, affected.total) = (
      "frontend", "POST /api/orders", count, 82_840
    )
    group.entryPoints = [affected]
    group.path = [
      PathStep(service: "payment", operation: "POST /charge", kind: .server),
      PathStep(service: "order", operation: "POST /orders", kind: .server),
      PathStep(service: "frontend", operation: "POST /api/orders", kind: .server),
    ]
    group.notReached = ["inventory", "warehouse"].map { name in
      var one = NotReached()
      (one.entryService, one.entryOperation, one.service) = ("frontend", "POST /api/orders", name)
      (one.usualShare, one.healthyCount, one.failingCount, one.seenCount, one.expectedCount) = (
        0.998, 78_853, count, 0, count
      )
      one.evidence = evidence()
      return one
    }
    group.shared = [("service.version", "3.18.0"), ("payment.method", "card_3ds")].map { key, value in
      var one = SharedValue()
      (one.key, one.value, one.count, one.total, one.otherCount, one.otherTotal) = (
        key, value, count * 98 / 100, count, 4_100, 12_319
      )
      return one
    }
    group.examples = [ExampleTrace(reason: "failing", evidence: evidence(), duration: .milliseconds(1_843))]
    return group
  }

  private static func timeline() -> Timeline {
    var timeline = Timeline()
    timeline.step = Nanoseconds(300_000_000_000)
    timeline.points = series(peak: true, p95: 400)
    return timeline
  }

  private static func heatMap() -> HeatMap {
    var map = HeatMap()
    map.step = Nanoseconds(300_000_000_000)
    map.columnStarts = (0..<48).map { UnixNanoseconds(begin + Int64($0) * 300_000_000_000) }
    var upper = 1.0
    for _ in 0..<36 {
      map.rowUppers.append(Nanoseconds(Int64(upper * 1e6)))
      upper *= 1.26
    }
    for column in 0..<48 {
      for row in 0..<36 {
        let distance = Double(row - 16)
        let base = 600 / (1 + distance * distance / 3)
        let incident = (20..<30).contains(column) && (31..<33).contains(row)
        map.counts.append(
          incident ? 180 : base > 15 ? Int(base) + (column * row) % 7 : (column * row) % 13 == 0 ? 1 : 0)
        map.errors.append(incident ? 90 : 0)
      }
    }
    return map
  }

  static func summary() -> TraceSummary {
    let trace = TraceFixture.failedOrder.trace
    var one = TraceSummary()
    one.id = trace.id
    (one.rootService, one.rootOperation) = ("frontend", "POST /api/orders")
    (one.start, one.duration) = (trace.start, trace.duration)
    (one.spanCount, one.errorCount, one.rootFailed) = (trace.spans.count, trace.errorCount, true)
    one.services = ["email", "frontend", "order", "payment", "user"]
    one.depth = trace.depth
    one.errorText = "Payment gateway timeout"
    one.pageReasons = ["finding", "failing"]
    return one
  }
}
