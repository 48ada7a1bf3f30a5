import TraceAnalysis

/// What the spans take, on `sampling.html`.
extension Page {
  func storage(_ storage: StorageMeasure) {
    section(
      "storage", "Storage",
      "Measured from these archives: bytes of a span by form, service, operation and attribute, before and after gzip.",
      isWide: true
    ) {
      forms(storage)
      byPart(storage)
      byService(storage)
      byOperation(storage)
      attributes(storage, isOfResource: false)
      attributes(storage, isOfResource: true)
      levers(storage)
      note(
        "Bytes of archives are not bytes of a store: indices and compaction differ. Decimal units: 1 GB is 10^9 bytes."
      )
    }
  }

  /// What other rates of requests would write and cost, by the sizes measured here.
  func growth(_ projection: StorageProjection) {
    guard projection.kept.traces > 0 else { return }
    let money = conclusions.costs.unit + " a month"
    section(
      "growth", "Growth",
      "What other rates of requests would write and cost in a month, by the bytes and the rate measured here.",
      isWide: true
    ) {
      table(
        "Growth",
        columns: [
          .text("Traffic"), .number("Requests", "a second"), .number("Spans", "a second"),
          .number("Bytes", "a day"), .number("packed", "a day"), .number("Index, 7 days", money),
          .number("14 days", money), .number("30 days", money),
          .number("Objects, 7 days", money), .number("14 days", money),
          .number("30 days", money),
        ], rows: projection.rows.count
      ) { row, index in
        let one = projection.rows[index]
        let cost = projection.cost(one)
        row.head(class: "nw") {
          text(one.name)
          leaf(.span, "mute", " " + one.formula)
        }
        row.number(EstimateWords.rate(cost.tracesPerSecond))
        row.number(EstimateWords.rate(cost.spansPerSecond))
        row.number(ByteCountFormat.text(Self.whole(cost.bytesPerDay)))
        row.number(ByteCountFormat.text(Self.whole(cost.bytesPerDay * projection.objectRatio)))
        let costs = StorageProjection.retentions.map { projection.cost(one, days: $0) }
        for cost in costs { row.number(one.isSpike ? "–" : EstimateWords.money(cost.indexMonthly)) }
        for cost in costs { row.number(one.isSpike ? "–" : EstimateWords.money(cost.objectMonthly)) }
      }
      busiest(projection)
      note(
        "An hour of such a spike each day adds 9 ÷ 24 = 37.5 % to the bytes of a day. tracebook plan works out shards, tiers, "
          + "collectors and their buffers step by step from such numbers.")
    }
  }

  /// The busiest stretch of the window against the mean.
  private func busiest(_ projection: StorageProjection) {
    let timeline = conclusions.timeline
    let step = Double(timeline.step.rawValue) / 1e9
    guard timeline.points.count >= 10, step > 0 else { return }
    let counts = timeline.points.map(\.count).sorted()
    let mean = Double(counts.reduce(0, +)) / Double(counts.count)
    guard let most = counts.last, mean > 0 else { return }
    let high = counts[min(counts.count - 1, Int((0.95 * Double(counts.count)).rounded(.up)) - 1)]
    note(
      "Requests a second in stretches of \(DurationFormat.text(UInt64(max(0, timeline.step.rawValue)))): mean "
        + "\(EstimateWords.rate(mean / step)), 95 of 100 up to \(EstimateWords.rate(Double(high) / step)), busiest "
        + "\(EstimateWords.rate(Double(most) / step)).")
  }

  /// What policies would write at a round rate of requests.
  func policyProjection(_ storage: StorageMeasure, _ simulation: SimulationResult) {
    guard simulation.total.traces > 0, !simulation.policies.isEmpty else { return }
    let money = conclusions.costs.unit + " a month"
    let rate = 1_000.0
    let factor = rate * simulation.seconds / Double(simulation.total.traces)
    var rows: [(name: String, kept: KeptAmount)] = [("Everything", simulation.total)]
    rows += simulation.policies.filter { !$0.isYardstick }.prefix(20).map { ($0.name, $0.kept) }
    section(
      "projection", "At 1,000 requests a second",
      "What each policy would write and cost there, and in a spike of ten times that.", isWide: true
    ) {
      table(
        "Projection to 1,000 requests a second",
        columns: [
          .text("Policy"), .number("Spans", "a second"), .number("in a spike", "a second"),
          .number("Bytes", "a day"), .number("in a spike", "a day"),
          .number("Held \(conclusions.costs.daysText) days", "uncompressed"),
          .number("In an index", money), .number("twice as much", money),
          .number("Objects", money),
        ], rows: rows.count
      ) { row, index in
        let cost = PolicyCost(
          rows[index].kept, seconds: simulation.seconds / factor, packedRatio: storage.packedRatio,
          basis: conclusions.costs)
        row.head(rows[index].name.cut(60))
        row.number(NumberFormat.compact(Self.whole(cost.spansPerSecond)))
        row.number(NumberFormat.compact(Self.whole(cost.spansPerSecond * 10)))
        row.number(ByteCountFormat.text(Self.whole(cost.bytesPerDay)))
        row.number(ByteCountFormat.text(Self.whole(cost.bytesPerDay * 10)))
        row.number(ByteCountFormat.text(Self.whole(cost.bytesPerDay * conclusions.costs.days)))
        row.number(EstimateWords.money(cost.indexMonthly))
        row.number(EstimateWords.money(cost.indexMonthly * 2))
        row.number(EstimateWords.money(cost.objectMonthly))
      }
      note("A request is a trace.")
    }
  }

  static func whole(_ value: Double) -> UInt64 { UInt64(min(max(0, value), 9e18).rounded()) }

  // MARK: Tables

  private func forms(_ storage: StorageMeasure) {
    heading("By form")
    table(
      "Bytes by form",
      columns: [
        .text("Form"), .text("Packed"), .number("Spans"), .number("Bytes"), .number("after inflation"),
        .number("bytes a span"), .number("after inflation"), .number("packed to", "%"),
      ], rows: storage.forms.count
    ) { row, index in
      let one = storage.forms[index]
      row.head(one.format)
      row.cell(one.compression)
      row.count(one.spans)
      row.number(ByteCountFormat.text(UInt64(max(0, one.bytes))), key: UInt64(max(0, one.bytes)))
      row.number(
        ByteCountFormat.text(UInt64(max(0, one.inflatedBytes))), key: UInt64(max(0, one.inflatedBytes)))
      row.number(NumberFormat.significant(UInt64(max(0, one.bytes)), per: UInt64(max(1, one.spans))))
      row.number(NumberFormat.significant(UInt64(max(0, one.inflatedBytes)), per: UInt64(max(1, one.spans))))
      row.number(PercentFormat.digits(UInt64(max(0, one.bytes)), of: UInt64(max(0, one.inflatedBytes))))
    }
    guard let packing = storage.packing, packing.spans > 0 else { return }
    let spans = UInt64(packing.spans)
    note(
      "A sample of \(NumberFormat.counted(packing.traces, "trace")) with \(NumberFormat.counted(packing.spans, "span")), "
        + "chosen by trace id and written as OTLP JSON, takes "
        + "\(NumberFormat.significant(UInt64(packing.whole.bytes), per: spans)) bytes a span, and "
        + "\(NumberFormat.significant(UInt64(packing.whole.packed), per: spans)) after gzip.")
  }

  /// What the parts of spans take of the sample; what no part holds is ids, times, names, kinds and status.
  private func byPart(_ storage: StorageMeasure) {
    guard let packing = storage.packing, packing.spans > 0, packing.whole.packed > 0 else { return }
    var rows = packing.parts.map { part in
      (
        name: part.part, bytes: max(0, packing.whole.bytes - part.omitted.bytes),
        packed: max(0, packing.whole.packed - part.omitted.packed)
      )
    }
    let bytes = rows.reduce(0) { $0 + $1.bytes }
    let packed = rows.reduce(0) { $0 + $1.packed }
    rows.append(
      (
        "ids, times, names, kind, status, links", max(0, packing.whole.bytes - bytes),
        max(0, packing.whole.packed - packed)
      ))
    heading("By part of a span, as OTLP JSON")
    table(
      "Bytes by part of a span",
      columns: [
        .text("Part"), .number("a span", "bytes"), .number("of all", "%"),
        .number("a span, after gzip", "bytes"), .number("of all", "%"),
      ], rows: rows.count
    ) { row, index in
      let one = rows[index]
      row.head(one.name)
      row.number(NumberFormat.significant(UInt64(one.bytes), per: UInt64(packing.spans)))
      row.number(PercentFormat.digits(UInt64(one.bytes), of: UInt64(packing.whole.bytes)))
      row.number(NumberFormat.significant(UInt64(one.packed), per: UInt64(packing.spans)))
      row.number(PercentFormat.digits(UInt64(one.packed), of: UInt64(packing.whole.packed)))
    }
    note(
      "In the sample: what is saved without the part. What parts share when packed counts with the last row.")
  }

  private func byService(_ storage: StorageMeasure) {
    let shown = storage.services.prefix(40)
    let most = UInt64(max(1, shown.first?.bytes ?? 1))
    let packed = Dictionary(
      (storage.packing?.services ?? []).map { ($0.service, $0) }, uniquingKeysWith: { first, _ in first })
    heading("By service")
    table(
      "Bytes by service", id: "storage-services",
      columns: [
        .text("Service"), .number("Spans"), .number("Bytes", "of records"), .picture(""),
        .number("of all", "%"), .number("a span", "bytes"), .number("after gzip", "bytes, sample"),
      ], rows: shown.count
    ) { row, index in
      let one = shown[index]
      row.head { service(one.service) }
      row.count(one.spans)
      row.number(ByteCountFormat.text(UInt64(one.bytes)), key: UInt64(one.bytes))
      row.cell { bar(UInt64(one.bytes), of: most) }
      row.number(PercentFormat.digits(UInt64(one.bytes), of: UInt64(max(0, storage.recordBytes))))
      row.number(NumberFormat.significant(UInt64(one.bytes), per: UInt64(max(1, one.spans))))
      if let sample = packed[one.service], sample.spans >= 20 {
        row.number(NumberFormat.significant(UInt64(sample.size.packed), per: UInt64(sample.spans)))
      } else {
        row.number("–")
      }
    }
  }

  private func byOperation(_ storage: StorageMeasure) {
    let shown = storage.operations.prefix(20)
    guard !shown.isEmpty else { return }
    let most = UInt64(max(1, shown[0].bytes))
    element(.details, "twin") {
      leaf(.summary, nil, "By operation, the \(shown.count) with most bytes")
      table(
        "Bytes by operation", id: "storage-operations",
        columns: [
          .text("Operation"), .number("Spans"), .number("Bytes", "of records"), .picture(""),
          .number("of all", "%"), .number("a span", "bytes"),
        ], rows: shown.count
      ) { row, index in
        let one = shown[index]
        row.head {
          service(one.service)
          text(" " + one.operation.cut(80))
        }
        row.count(one.spans)
        row.number(ByteCountFormat.text(UInt64(one.bytes)), key: UInt64(one.bytes))
        row.cell { bar(UInt64(one.bytes), of: most) }
        row.number(PercentFormat.digits(UInt64(one.bytes), of: UInt64(max(0, storage.recordBytes))))
        row.number(NumberFormat.significant(UInt64(one.bytes), per: UInt64(max(1, one.spans))))
      }
    }
  }

  private func attributes(_ storage: StorageMeasure, isOfResource: Bool) {
    let rows = storage.attributes.filter { $0.isOfResource == isOfResource }
    guard !rows.isEmpty else { return }
    let shown = rows.prefix(25)
    let most = UInt64(max(1, shown[0].bytes))
    let spans = UInt64(max(1, storage.spans))
    let tried = Dictionary(
      (storage.packing?.attributes ?? []).map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
    heading(
      isOfResource
        ? "By attribute of resources, as if repeated in each span" : "By attribute of spans and events")
    table(
      isOfResource ? "Bytes by attribute of resources" : "Bytes by attribute",
      id: isOfResource ? "storage-resources" : "storage-attributes",
      columns: [
        .text("Attribute"), .number("Values"), .number("Bytes", "as OTLP JSON"), .picture(""),
        .number("in a span", "bytes"), .number("dropping saves", "% of records"),
        .number("after gzip", "%"), .number("cut at 80 saves", "% of records"), .number("after gzip", "%"),
      ], rows: shown.count
    ) { row, index in
      let one = shown[index]
      let all = UInt64(max(0, storage.recordBytes))
      row.head { leaf(.span, "mono", one.key.cut(80)) }
      row.count(one.count)
      row.number(ByteCountFormat.text(UInt64(one.bytes)), key: UInt64(one.bytes))
      row.cell { bar(UInt64(one.bytes), of: most) }
      row.number(NumberFormat.significant(UInt64(one.bytes), per: spans))
      row.number(isOfResource ? "–" : PercentFormat.digits(UInt64(one.bytes), of: all))
      row.number(saving(tried[one.key]?.omitted, storage.packing))
      row.number(isOfResource ? "–" : PercentFormat.digits(UInt64(one.beyond80), of: all))
      row.number(saving(tried[one.key]?.shortened, storage.packing))
    }
    attributeNotes(storage, rows.count, isOfResource, tried)
  }

  private func attributeNotes(
    _ storage: StorageMeasure, _ count: Int, _ isOfResource: Bool,
    _ tried: [String: PackingMeasure.Attribute]
  ) {
    if count >= StorageMeasure.mostAttributes {
      note("The 25 largest; the \(NumberFormat.grouped(count)) largest are in the JSON.")
    } else if count > 25 {
      note("25 of \(NumberFormat.grouped(count)) attributes; all are in the JSON.")
    }
    guard !isOfResource else {
      return note(
        "OTLP writes a resource once for all its spans; stores that flatten spans repeat it in each.")
    }
    if storage.attributeSample > 1 {
      note("Counted in one span of \(storage.attributeSample), chosen by span id, and scaled.")
    }
    let best = tried.values.max { left, right in
      left.omitted.packed != right.omitted.packed
        ? left.omitted.packed > right.omitted.packed : left.key > right.key
    }
    if let best, let packing = storage.packing, packing.whole.packed > best.omitted.packed {
      note(
        "After gzip, the sample above packed once more without it: \(best.key.cut(80)) costs most there, "
          + "\(saving(best.omitted, packing)) % of the packed bytes.")
    }
  }

  /// The share of packed bytes that a reduction saves.
  private func saving(_ size: PackingMeasure.Size?, _ packing: PackingMeasure?) -> String {
    guard let size, let packing, packing.whole.packed > 0 else { return "–" }
    return PercentFormat.digits(
      UInt64(max(0, packing.whole.packed - size.packed)), of: UInt64(packing.whole.packed))
  }

  private func levers(_ storage: StorageMeasure) {
    let longest = storage.attributes.filter { !$0.isOfResource && $0.inLongValues > 0 }.prefix(5)
    guard !storage.levers.isEmpty || !longest.isEmpty else { return }
    heading("What could be left out")
    table(
      "What could be left out",
      columns: [
        .text("What"), .number("Spans"), .number("of them failed"), .number("saves", "bytes"),
        .number("of all records", "%"),
      ], rows: storage.levers.count + longest.count
    ) { row, index in
      let all = UInt64(max(0, storage.recordBytes))
      if index < storage.levers.count {
        let one = storage.levers[index]
        row.head(one.spans)
        row.count(one.count)
        row.count(one.failed)
        row.number(ByteCountFormat.text(UInt64(one.bytes)), key: UInt64(one.bytes))
        row.number(PercentFormat.digits(UInt64(one.bytes), of: all))
      } else {
        let one = longest[longest.startIndex + index - storage.levers.count]
        row.head {
          text("values of ")
          leaf(.span, "mono", one.key.cut(60))
          text(" over 1,000 bytes")
        }
        row.number("–")
        row.number("–")
        row.number(ByteCountFormat.text(UInt64(one.inLongValues)), key: UInt64(one.inLongValues))
        row.number(PercentFormat.digits(UInt64(one.inLongValues), of: all))
      }
    }
  }
}
