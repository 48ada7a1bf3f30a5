import TraceAnalysis

/// What the spans take, on `sampling.html`.
extension Page {
  func storage(_ storage: StorageMeasure) {
    section(
      "storage", "Storage",
      "Measured from these archives: bytes of a span by form, by service and by attribute.",
      isWide: true
    ) {
      forms(storage)
      byService(storage)
      attributes(storage, isOfResource: false)
      attributes(storage, isOfResource: true)
    }
  }

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
