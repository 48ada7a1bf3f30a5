import TraceAnalysis

/// What the spans take, on `sampling.html`.
extension Page {
  func storage(_ storage: StorageMeasure, _ simulation: SimulationResult) {
    section(
      "storage", "Storage",
      "Measured from these archives: bytes of a span by form, by service and by attribute.",
      isWide: true
    ) {
      projection(storage, simulation)
      forms(storage)
      byService(storage)
      attributes(storage, isOfResource: false)
      attributes(storage, isOfResource: true)
    }
  }

  /// What a rate of requests and a spike would write, by the sizes measured here.
  private func projection(_ storage: StorageMeasure, _ simulation: SimulationResult) {
    guard simulation.total.traces > 0 else { return }
    let rate = 1_000.0
    let factor = rate * simulation.seconds / Double(simulation.total.traces)
    var rows: [(name: String, kept: KeptAmount)] = [("Everything", simulation.total)]
    rows += simulation.policies.filter { !$0.isYardstick }.prefix(20).map { ($0.name, $0.kept) }
    heading("At 1,000 requests a second, and in a spike of ten times that")
    table(
      "Projection to 1,000 requests a second",
      columns: [
        .text("Policy"), .number("Spans", "a second"), .number("in a spike", "a second"),
        .number("Bytes", "a day"),
        .number("in a spike", "a day"), .number("Held 7 days", "uncompressed"),
        .number("In an index", "$ a month"),
        .number("half as much again", "$ a month"),
      ], rows: rows.count
    ) { row, index in
      let cost = PolicyCost(
        rows[index].kept, seconds: simulation.seconds / factor, packedRatio: storage.packedRatio)
      row.head(rows[index].name.cut(60))
      row.number(NumberFormat.compact(whole(cost.spansPerSecond)))
      row.number(NumberFormat.compact(whole(cost.spansPerSecond * 10)))
      row.number(ByteCountFormat.text(whole(cost.bytesPerDay)))
      row.number(ByteCountFormat.text(whole(cost.bytesPerDay * 10)))
      row.number(ByteCountFormat.text(whole(cost.bytesPerDay * PolicyCost.days)))
      row.number(EstimateWords.money(cost.indexMonthly))
      row.number(EstimateWords.money(cost.indexMonthly * 1.5))
    }
    note(
      "A request is a trace. tracebook plan works the rest out step by step: shards, tiers, collectors, growth, prices."
    )
  }

  private func whole(_ value: Double) -> UInt64 { UInt64(min(max(0, value), 9e18).rounded()) }

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
  }

  private func byService(_ storage: StorageMeasure) {
    let shown = storage.services.prefix(40)
    let most = UInt64(max(1, shown.first?.bytes ?? 1))
    heading("By service")
    table(
      "Bytes by service", id: "storage-services",
      columns: [
        .text("Service"), .number("Spans"), .number("Bytes", "of records"), .picture(""),
        .number("of all", "%"),
        .number("bytes a span"),
      ], rows: shown.count
    ) { row, index in
      let one = shown[index]
      row.head { service(one.service) }
      row.count(one.spans)
      row.number(ByteCountFormat.text(UInt64(one.bytes)), key: UInt64(one.bytes))
      row.cell { bar(UInt64(one.bytes), of: most) }
      row.number(PercentFormat.digits(UInt64(one.bytes), of: UInt64(max(0, storage.recordBytes))))
      row.number(NumberFormat.significant(UInt64(one.bytes), per: UInt64(max(1, one.spans))))
    }
  }

  private func attributes(_ storage: StorageMeasure, isOfResource: Bool) {
    let rows = storage.attributes.filter { $0.isOfResource == isOfResource }
    guard !rows.isEmpty else { return }
    let shown = rows.prefix(25)
    let most = UInt64(max(1, shown[0].bytes))
    let spans = UInt64(max(1, storage.spans))
    heading(
      isOfResource
        ? "By attribute of resources, as if repeated in each span" : "By attribute of spans and events")
    table(
      isOfResource ? "Bytes by attribute of resources" : "Bytes by attribute",
      id: isOfResource ? "storage-resources" : "storage-attributes",
      columns: [
        .text("Attribute"), .number("Values"), .number("Bytes", "as OTLP JSON"), .picture(""),
        .number("in a span", "bytes"), .number("of all records", "%"), .number("cut at 80 saves", "%"),
      ], rows: shown.count
    ) { row, index in
      let one = shown[index]
      row.head { leaf(.span, "mono", one.key.cut(80)) }
      row.count(one.count)
      row.number(ByteCountFormat.text(UInt64(one.bytes)), key: UInt64(one.bytes))
      row.cell { bar(UInt64(one.bytes), of: most) }
      row.number(NumberFormat.significant(UInt64(one.bytes), per: spans))
      row.number(
        isOfResource ? "–" : PercentFormat.digits(UInt64(one.bytes), of: UInt64(max(0, storage.recordBytes))))
      row.number(
        isOfResource
          ? "–" : PercentFormat.digits(UInt64(one.beyond80), of: UInt64(max(0, storage.recordBytes))))
    }
    if storage.attributeSample > 1 {
      note("Counted in one span of \(storage.attributeSample), chosen by span id, and scaled.")
    }
    if rows.count > 25 { note("25 of \(NumberFormat.grouped(rows.count)) attributes; all are in the JSON.") }
    if !isOfResource, let first = shown.first {
      note(
        "Dropping \(first.key.cut(80)) would save "
          + PercentFormat.share(UInt64(first.bytes), of: UInt64(max(1, storage.recordBytes)))
          + " of the bytes of records before packing. The share is of records as read, of whatever form.")
    }
  }
}
