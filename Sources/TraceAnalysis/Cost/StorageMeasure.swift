package import TraceModel

/// What the spans of archives take, measured: by archive format, by service and by attribute.
package struct StorageMeasure: Sendable {
  /// Archives of one format and packing.
  package struct Form: Sendable {
    /// The format.
    package var format: String
    /// How the files are packed.
    package var compression: String
    /// Spans read.
    package var spans = 0
    /// Bytes on disk.
    package var bytes = 0
    /// Bytes after inflation.
    package var inflatedBytes = 0
  }

  /// The spans of one service.
  package struct Service: Sendable {
    /// Its name.
    package var service: String
    /// Its spans.
    package var spans = 0
    /// Bytes of their records.
    package var bytes = 0
  }

  /// All values of one attribute.
  package struct AttributeRow: Sendable {
    /// The key.
    package var key: String
    /// How many there are.
    package var count = 0
    /// Bytes as OTLP JSON, key and value with all that is around them.
    package var bytes = 0
    /// Bytes of values beyond the first 80: what shortening them would save.
    package var beyond80 = 0
    /// It belongs to resources, and is counted once for each span as stores that repeat it hold it.
    package var isOfResource = false
  }

  /// By format and packing.
  package var forms: [Form] = []
  /// Largest first.
  package var services: [Service] = []
  /// Largest first, spans' own before those of resources.
  package var attributes: [AttributeRow] = []
  /// One of so many spans was looked at for `attributes`, whose figures are scaled.
  package var attributeSample = 1
  /// Spans of the store.
  package var spans = 0
  /// Bytes of the records of all spans.
  package var recordBytes = 0

  /// Makes one of nothing.
  package init() {}

  /// Bytes on disk for a byte after inflation; nil when nothing is packed.
  package var packedRatio: Double? {
    let packed = forms.filter { $0.compression != "none" && $0.inflatedBytes > 0 }
    let inflated = packed.reduce(0) { $0 + $1.inflatedBytes }
    return inflated > 0 ? Double(packed.reduce(0) { $0 + $1.bytes }) / Double(inflated) : nil
  }

  /// Bytes of a span's record.
  package var bytesPerSpan: Double { spans > 0 ? Double(recordBytes) / Double(spans) : 0 }

  /// Measures the spans of the traces that take part.
  ///
  /// Attributes are looked at in every span of small stores, in one of sixteen, chosen by span id, of large ones.
  ///
  /// - Complexity: O(spans + attributes looked at).
  package init(_ walk: TraceWalk) {
    let store = walk.store
    forms = Self.forms(walk.archives)
    var counter = StorageCounter(store, sample: store.spanCount > 200_000 ? 16 : 1)
    for shard in store.shards {
      for span in shard.table.spans.elements where walk.takesPart(span) {
        counter.add(span)
        spans += 1
      }
    }
    attributeSample = counter.sample
    services = counter.serviceRows
    attributes = counter.attributeRows
    recordBytes = services.reduce(0) { $0 + $1.bytes }
  }

  private static func forms(_ archives: [ArchiveSummary]) -> [Form] {
    var forms: [Form] = []
    for archive in archives where archive.spansRead > 0 {
      let place =
        forms.firstIndex { $0.format == archive.format && $0.compression == archive.compression }
        ?? forms.count
      if place == forms.count { forms.append(Form(format: archive.format, compression: archive.compression)) }
      forms[place].spans += archive.spansRead
      // Of an archive of which a part lies outside the window, a like part of the bytes.
      let all = archive.spansRead + archive.spansOutsideWindow
      let share = Double(archive.spansRead) / Double(all)
      forms[place].bytes += Int(Double(archive.bytes) * share)
      forms[place].inflatedBytes += Int(Double(archive.inflatedBytes) * share)
    }
    return forms.sorted { ($0.format, $0.compression) < ($1.format, $1.compression) }
  }
}

/// Sums up bytes by service and attribute key.
private struct StorageCounter {
  let sample: Int
  private let store: SpanStore
  private var bytesOfResource: [Int]
  private var spansOfResource: [Int]
  private var sampledOfResource: [Int]
  /// By symbol of the key.
  private var rows: [UInt32: StorageMeasure.AttributeRow] = [:]
  private let averageBytes: [Int]

  init(_ store: SpanStore, sample: Int) {
    self.store = store
    self.sample = sample
    bytesOfResource = Array(repeating: 0, count: store.resources.count)
    spansOfResource = bytesOfResource
    sampledOfResource = bytesOfResource
    averageBytes = store.archives.map { $0.inflatedBytes / max($0.spansRead, 1) }
  }

  mutating func add(_ span: SpanRecord) {
    let resource = Int(span.resource)
    spansOfResource[resource] += 1
    if span.byteCount > 0 {
      bytesOfResource[resource] += Int(span.byteCount)
    } else if averageBytes.indices.contains(Int(span.archive)) {
      bytesOfResource[resource] += averageBytes[Int(span.archive)]
    }
    // By a bit mixer's upper bits, so that ids that count up are spread, too.
    guard sample == 1 || (span.spanID.rawValue &* 0x9e37_79b9_7f4a_7c15) >> 60 == 0 else { return }
    sampledOfResource[resource] += 1
    for attribute in store.attributes(of: span) { count(attribute, times: 1, table: span.table, &rows) }
    for event in store.events(of: span) where event.attributeCount > 0 {
      let attributes = store.attributes(from: event.attributeStart, count: event.attributeCount, of: span)
      for attribute in attributes { count(attribute, times: 1, table: span.table, &rows) }
    }
  }

  private func count(
    _ attribute: Attribute, times: Int, table: UInt16, _ rows: inout [UInt32: StorageMeasure.AttributeRow]
  ) {
    let (length, around) = size(of: attribute, table)
    var row =
      rows[attribute.key.index] ?? StorageMeasure.AttributeRow(key: store.symbols.text(attribute.key))
    row.count += times
    row.bytes += times * (store.symbols.bytes(attribute.key).count + length + around)
    row.beyond80 += times * max(0, length - 80)
    rows[attribute.key.index] = row
  }

  /// Bytes of the value, and of `{"key":"","value":{"…Value":}},` around key and value.
  private func size(of attribute: Attribute, _ table: UInt16) -> (value: Int, around: Int) {
    switch attribute.type {
    case .empty: (0, 24)
    case .text: (store.symbols.bytes(Symbol(attribute.payload)).count, 40)
    case .bytes: (store.symbols.bytes(Symbol(attribute.payload)).count, 39)
    case .array, .map: (store.symbols.bytes(Symbol(attribute.payload)).count, 38)
    case .boolean: (attribute.payload != 0 ? 4 : 5, 36)
    case .smallInteger: (String(Int32(bitPattern: attribute.payload)).utf8.count, 37)
    case .integer, .double: (16, 38)
    }
  }

  var serviceRows: [StorageMeasure.Service] {
    var services: [String: StorageMeasure.Service] = [:]
    for (number, resource) in store.resources.enumerated() where spansOfResource[number] > 0 {
      let name = store.symbols.text(resource.serviceName)
      services[name, default: StorageMeasure.Service(service: name)].spans += spansOfResource[number]
      services[name, default: StorageMeasure.Service(service: name)].bytes += bytesOfResource[number]
    }
    return services.values.sorted { $0.bytes != $1.bytes ? $0.bytes > $1.bytes : $0.service < $1.service }
  }

  var attributeRows: [StorageMeasure.AttributeRow] {
    var resources: [UInt32: StorageMeasure.AttributeRow] = [:]
    for (number, resource) in store.resources.enumerated() where sampledOfResource[number] > 0 {
      for attribute in store.attributes(of: resource) {
        count(attribute, times: sampledOfResource[number], table: resource.table, &resources)
      }
    }
    func sorted(_ rows: [UInt32: StorageMeasure.AttributeRow], isOfResource: Bool) -> [StorageMeasure
      .AttributeRow]
    {
      rows.values.map { row in
        var row = row
        row.count *= sample
        row.bytes *= sample
        row.beyond80 *= sample
        row.isOfResource = isOfResource
        return row
      }.sorted { $0.bytes != $1.bytes ? $0.bytes > $1.bytes : $0.key < $1.key }
    }
    return sorted(rows, isOfResource: false) + sorted(resources, isOfResource: true)
  }
}
