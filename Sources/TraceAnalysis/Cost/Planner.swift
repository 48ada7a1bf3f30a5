/// Works out the steps of a plan, each from those before it.
struct Planner {
  let plan: PlanConfiguration
  private(set) var sections: [CapacityPlan.Section] = []
  private var values: [String: [Double]] = [:]

  init(_ plan: PlanConfiguration) { self.plan = plan }

  mutating func begin(_ title: String) { sections.append(CapacityPlan.Section(title: title)) }

  mutating func note(_ sentence: String) { sections[sections.count - 1].notes.append(sentence) }

  /// Adds a step; `value` is asked for each scenario by its number.
  mutating func step(
    _ key: String, _ name: String, _ formula: String, _ unit: CapacityPlan.Unit, _ value: (Int) -> Double
  ) {
    let values = plan.scenarios.indices.map { value($0) }
    self.values[key] = values
    sections[sections.count - 1].rows.append(
      CapacityPlan.Row(key: key, name: name, formula: formula, unit: unit, values: values))
  }

  /// The value of an earlier step.
  func value(_ key: String, _ scenario: Int) -> Double { values[key]?[scenario] ?? 0 }

  // MARK: Traffic and storage

  mutating func planTraffic() {
    let plan = plan
    begin("Spans and bytes a second")
    step("requestsPerSecond", "requests", "given", .perSecond) { _ in plan.requestsPerSecond }
    step(
      "producedSpansPerSecond", "produced spans",
      "requests × \(number(plan.spansPerRequest)) spans a request", .perSecond
    ) { _ in plan.requestsPerSecond * plan.spansPerRequest }
    let produced = values["producedSpansPerSecond"] ?? []
    step(
      "producedBytesPerSecond", "produced bytes", "produced spans × \(number(plan.bytesPerSpan)) B a span",
      .bytesPerSecond
    ) { produced[$0] * plan.bytesPerSpan }
    step("headRatio", "head ratio", "given", .share) { plan.scenarios[$0].head }
    step("tracesAfterHeadPerSecond", "traces after head", "requests × head ratio", .perSecond) {
      plan.requestsPerSecond * plan.scenarios[$0].head
    }
    step("spansAfterHeadPerSecond", "spans after head", "produced spans × head ratio", .perSecond) {
      produced[$0] * plan.scenarios[$0].head
    }
    step("tailShare", "tail keeps", "given, share of spans", .share) { plan.scenarios[$0].tail }
    let afterHead = values["spansAfterHeadPerSecond"] ?? []
    step("spansPerSecond", "spans after tail", "spans after head × tail keeps", .perSecond) {
      afterHead[$0] * plan.scenarios[$0].tail
    }
    step("tracesPerSecond", "traces after tail", "spans after tail ÷ spans a request", .perSecond) {
      plan.spansPerRequest > 0 ? afterHead[$0] * plan.scenarios[$0].tail / plan.spansPerRequest : 0
    }
    let kept = values["spansPerSecond"] ?? []
    step("bytesPerSecond", "ingest", "spans after tail × bytes a span", .bytesPerSecond) {
      kept[$0] * plan.bytesPerSpan
    }
    step("spikeBytesPerSecond", "ingest in a spike", "ingest × \(number(plan.spike))", .bytesPerSecond) {
      kept[$0] * plan.bytesPerSpan * plan.spike
    }
    step("bytesPerDay", "ingest a day", "ingest × 86,400 s", .bytes) {
      kept[$0] * plan.bytesPerSpan * CostUnits.day
    }
    if plan.growthPerYear > 0 {
      step(
        "bytesPerDayInAYear", "ingest a day in a year", "ingest a day × (1 + \(number(plan.growthPerYear)))",
        .bytes
      ) {
        kept[$0] * plan.bytesPerSpan * CostUnits.day * (1 + plan.growthPerYear)
      }
    }
  }

  mutating func planStorage() {
    let plan = plan
    let daily = values["bytesPerDay"] ?? []
    begin("Storage for \(number(plan.days)) days")
    step("rawRetained", "raw", "ingest a day × \(number(plan.days)) days", .bytes) { daily[$0] * plan.days }
    step("storedPerDay", "stored a day", "ingest a day × \(number(plan.storedRatio)) stored ratio", .bytes) {
      daily[$0] * plan.storedRatio
    }
    step("storedRetained", "stored", "raw × \(number(plan.storedRatio))", .bytes) {
      daily[$0] * plan.days * plan.storedRatio
    }
    step("rawWithCopies", "raw with copies", "raw × (1 + \(number(plan.replicas)) replicas)", .bytes) {
      daily[$0] * plan.days * (1 + plan.replicas)
    }
    step("storedWithCopies", "stored with copies", "stored × (1 + \(number(plan.replicas)) replicas)", .bytes)
    {
      daily[$0] * plan.days * plan.storedRatio * (1 + plan.replicas)
    }
    let copies = values["storedWithCopies"] ?? []
    step("provisionedDisk", "disk to provide", "stored with copies ÷ \(number(plan.fillLimit)) full", .bytes)
    {
      plan.fillLimit > 0 ? copies[$0] / plan.fillLimit : copies[$0]
    }
    note(
      "No single number without its assumptions: copies and compression pull in opposite ways, and one replica at 50 % "
        + "gives the raw figure again.")
  }

  mutating func planMoney() {
    let plan = plan
    let stored = values["storedRetained"] ?? []
    let disk = values["provisionedDisk"] ?? []
    let ingest = values["bytesPerSecond"] ?? []
    begin("Money a month (\(plan.prices.currency), prices of \(plan.prices.asOf), per GiB of 2^30 bytes)")
    for (place, storage) in plan.prices.objectStores.enumerated() {
      let stay =
        storage.leastDays > plan.days
        ? " × \(number(storage.leastDays)) ÷ \(number(plan.days)) days (least stay)" : ""
      step(
        "objectStore\(place + 1)", storage.name, "stored ÷ 2^30 × \(number(storage.perGiBMonth))\(stay)",
        .money
      ) { storage.monthly(bytes: stored[$0], days: plan.days) }
    }
    for (place, storage) in plan.prices.disks.enumerated() {
      step(
        "disk\(place + 1)", storage.name, "disk to provide ÷ 2^30 × \(number(storage.perGiBMonth))", .money
      ) {
        storage.monthly(bytes: disk[$0], days: plan.days)
      }
    }
    step(
      "putRequests", "writing objects",
      "ingest × \(number(plan.storedRatio)) ÷ \(number(plan.objectBytes)) B × 730 h ÷ 1,000 × \(number(plan.prices.perThousandPut))",
      .money
    ) {
      let objects = plan.objectBytes > 0 ? ingest[$0] * plan.storedRatio / plan.objectBytes : 0
      return objects * CostUnits.monthHours * 3_600 / 1_000 * plan.prices.perThousandPut
    }
    step(
      "egress", "reading all of it once",
      "stored ÷ 2^30 × \(number(plan.prices.egressPerGiB)) out of the cloud", .money
    ) {
      stored[$0] / 0x1p30 * plan.prices.egressPerGiB
    }
    if plan.prices.objectStores.contains(where: { $0.leastDays > plan.days }) {
      note(
        "Classes with a least stay bill it in full: for \(number(plan.days)) days they may cost more than the first."
      )
    }
  }

  /// A number as formulas show it.
  func number(_ value: Double) -> String { PlanNumbers.text(value) }
}

/// Numbers in formulas: at most six decimals, thousands grouped.
enum PlanNumbers {
  static func text(_ value: Double) -> String {
    guard value.magnitude < 1e15 else { return value.description }
    let text = RatioText.text(value)
    let parts = text.split(separator: ".", maxSplits: 1)
    var whole = ""
    let digits = Array(parts[0].utf8)
    for (place, digit) in digits.enumerated() {
      if place > 0, (digits.count - place) % 3 == 0 { whole += "," }
      whole.unicodeScalars.append(Unicode.Scalar(digit))
    }
    return parts.count > 1 ? whole + "." + parts[1] : whole
  }
}
